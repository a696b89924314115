/** `local`: the bundle runs as a process of this machine. Needs nothing but Python. */
import { errorText } from "../../base/errors.js";
import { JobPaths } from "../../jobs/jobPaths.js";
import type { Backend, BackendContext } from "../backend.js";
import { cancelSupervised, findSupervised, startSupervised, watchSupervised } from "../shared/supervised.js";
import { localSettings } from "./settings.js";

export function localBackend(context: BackendContext): Backend {
  const pathsOf = (id: string): JobPaths => new JobPaths(context.stateDir, id);
  return {
    id: "local",
    settings: localSettings,
    async check(target) {
      try {
        const python = await context.interpreter(target);
        return { ready: true, details: [`Python ${python.version.join(".")} at ${python.executable}`] };
      } catch (error) {
        return { ready: false, problems: [errorText(error)], details: [] };
      }
    },
    async submit(job, bundle) {
      const python = await context.interpreter(job.target);
      const workdir = job.target.settings["workdir"];
      return startSupervised(job, bundle, context, {
        python: python.executable,
        spark: null,
        workdir: typeof workdir === "string" ? workdir : null,
      });
    },
    find: (job) => findSupervised(pathsOf(job.id)),
    watch: (job, ref, _cursor, signal) => watchSupervised(pathsOf(job.id), ref, signal),
    cancel: (job, ref) => cancelSupervised(pathsOf(job.id), ref),
    // Everything that a local job leaves lies in its own folder, which the job store removes.
    remove: () => Promise.resolve(),
  };
}
