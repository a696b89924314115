/** Cleans what Slingshot keeps, once a day at most, long after the window has opened, in a thread of its own. */
import { Worker } from "node:worker_threads";
import type * as vscode from "vscode";
import type { CleanAnswer, CleanRequest } from "../jobs/cleaning/cleanWorker.js";
import { isDue, noteLimits, type HistoryLimits } from "../jobs/cleaning/limits.js";
import { reportText } from "../jobs/cleaning/reportText.js";

const firstAfter = 5 * 60 * 1000;
const askEvery = 60 * 60 * 1000;

export interface CleaningParts {
  stateDir: string;
  /** The built worker's path. */
  module: string;
  limits(): HistoryLimits;
  log: vscode.LogOutputChannel;
}

export function cleanDaily(parts: CleaningParts): { dispose(): void } {
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout;
  const look = (): void => {
    timer = setTimeout(look, askEvery);
    try {
      const limits = parts.limits();
      noteLimits(parts.stateDir, limits);
      if (worker === undefined && isDue(parts.stateDir)) worker = start(parts, limits, () => { worker = undefined; });
    } catch (error) {
      parts.log.warn(`The history could not be cleaned: ${String(error)}`);
    }
  };
  timer = setTimeout(look, firstAfter);
  return {
    dispose: () => {
      clearTimeout(timer);
      void worker?.terminate();
    },
  };
}

function start({ stateDir, module, log }: CleaningParts, limits: HistoryLimits, ended: () => void): Worker {
  const request: CleanRequest = { stateDir, limits };
  const worker = new Worker(module, { workerData: request });
  worker.once("message", (answer: CleanAnswer) => {
    if ("failure" in answer) log.warn(`The history could not be cleaned: ${answer.failure}`);
    else if (answer.report !== null) log.info(`Cleaned the history: ${reportText(answer.report)}`);
    void worker.terminate();
  });
  worker.once("error", (error) => { log.warn(`The history could not be cleaned: ${String(error)}`); });
  worker.once("exit", ended);
  return worker;
}
