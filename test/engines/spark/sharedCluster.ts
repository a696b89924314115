/** One standalone cluster for all suites of a run: starting one takes long. Stopped after the last suite. */
import { StandaloneCluster } from "./standaloneCluster.js";
import type { SparkPython } from "./sparkPython.js";

let started: Promise<StandaloneCluster> | undefined;

export function sharedCluster(python: SparkPython): Promise<StandaloneCluster> {
  started ??= StandaloneCluster.start(python);
  return started;
}

after(async function () {
  this.timeout(60_000);
  await (await started?.catch(() => undefined))?.stop();
});
