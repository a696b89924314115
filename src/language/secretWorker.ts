/** Looks for secrets in a worker thread of the extension host: the way out when the language server is dead. */
import { parentPort, workerData } from "node:worker_threads";
import { SecretAnswers } from "./secretAnswers.js";
import type { SecretsParams } from "./secretSearches.js";

// A failure ends the worker with its error, which the other side gets.
void new SecretAnswers().answer(workerData as SecretsParams).then((answer) => {
  parentPort?.postMessage(answer);
});
