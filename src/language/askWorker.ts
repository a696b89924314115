/** Starts a worker for one request: the way out when the language server is dead or late. */
import { Worker } from "node:worker_threads";

/** Rejects where the worker fails or ends without an answer. `module` is the built worker's path. */
export async function askWorker<Answer>(module: string, request: object): Promise<Answer> {
  const worker = new Worker(module, { workerData: request });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", (code) => {
        reject(new Error(`the worker ended with code ${String(code)} and gave no answer`));
      });
    });
  } finally {
    await worker.terminate();
  }
}
