/** Starts the snapshot worker for one request. */
import { Worker } from "node:worker_threads";
import type { WireAnswer, WireRequest } from "./snapshotWire.js";

/** Rejects where the worker fails or ends without an answer. `module` is the built worker's path. */
export async function askWorker(module: string, wire: WireRequest): Promise<WireAnswer> {
  const worker = new Worker(module, { workerData: wire });
  try {
    return await new Promise<WireAnswer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", (code) => {
        reject(new Error(`the snapshot worker ended with code ${String(code)} and gave no answer`));
      });
    });
  } finally {
    await worker.terminate();
  }
}
