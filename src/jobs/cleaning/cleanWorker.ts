/** Cleans in a worker thread: reading the whole history must not hold up the extension host. */
import { parentPort, workerData } from "node:worker_threads";
import { errorText } from "../../base/errors.js";
import { clean, type CleanReport } from "./clean.js";
import type { HistoryLimits } from "./limits.js";

export interface CleanRequest {
  stateDir: string;
  limits: HistoryLimits;
}

/** Null where another process is cleaning. */
export type CleanAnswer = { report: CleanReport | null } | { failure: string };

const { stateDir, limits } = workerData as CleanRequest;
const answer = (message: CleanAnswer): void => {
  parentPort?.postMessage(message);
};
clean(stateDir, { limits }).then(
  (report) => { answer({ report: report ?? null }); },
  (error: unknown) => { answer({ failure: errorText(error) }); },
);
