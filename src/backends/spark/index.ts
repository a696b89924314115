/** `spark`: the driver on this machine, or on a worker of a standalone cluster; the bundle on every executor. */
import type { Backend, BackendContext } from "../backend.js";
import { checkSpark } from "./check.js";
import { cancelClient, findClient, submitClient, watchClient } from "./client.js";
import { cancelCluster, findCluster, removeCluster, submitCluster, watchCluster } from "./cluster.js";
import { sparkSettings, sparkTarget } from "./settings.js";

export function sparkBackend(context: BackendContext): Backend {
  return {
    id: "spark",
    settings: sparkSettings,
    check: (target, signal) => checkSpark(target, context, signal),
    async submit(job, bundle, progress, signal) {
      const target = sparkTarget(job.target);
      return target.cluster ? submitCluster(job, bundle, target, context, progress, signal) : submitClient(job, bundle, target, context);
    },
    find: (job) => (job.target.settings["deployMode"] === "cluster" ? findCluster(job, context) : findClient(job, context)),
    watch: (job, ref, cursor, signal) => (ref["mode"] === "cluster" ? watchCluster(job, ref, cursor, context, signal) : watchClient(job, ref, context, signal)),
    cancel: (job, ref) => (ref["mode"] === "cluster" ? cancelCluster(job, ref, context) : cancelClient(job, ref, context)),
    remove: (job, ref) => (ref["mode"] === "cluster" ? removeCluster(job, ref) : Promise.resolve()),
    merges: (target) => target.settings["deployMode"] === "cluster",
  };
}
