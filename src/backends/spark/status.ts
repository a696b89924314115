/** Pure: from the words of Spark's REST interfaces to ours. */
import type { ExitStatus } from "../backend.js";
import type { Progress } from "../../jobs/job.js";

/** Part of `JobData` (org.apache.spark.status.api.v1). */
export interface JobData {
  jobId: number;
  description?: string;
  stageIds: number[];
  numTasks: number;
  numActiveTasks: number;
  numCompletedIndices: number;
  numSkippedTasks: number;
  numFailedTasks: number;
  numCompletedStages: number;
  numSkippedStages: number;
}

/**
 * Progress of the jobs that run now, or undefined where none does. Partitions (`numCompletedIndices`) are counted, not
 * tasks: a task that is tried again would overshoot.
 */
export function progressOf(jobs: readonly JobData[]): Progress | undefined {
  const last = [...jobs].sort((a, b) => a.jobId - b.jobId).at(-1);
  if (last === undefined) return undefined;
  const sum = (field: "numTasks" | "numActiveTasks" | "numCompletedIndices" | "numSkippedTasks" | "numFailedTasks"): number =>
    jobs.reduce((total, job) => total + job[field], 0);
  const total = sum("numTasks") - sum("numSkippedTasks");
  const done = Math.min(sum("numCompletedIndices"), total);
  const stages = last.stageIds.length;
  const stage = Math.min(last.numCompletedStages + last.numSkippedStages + 1, stages);
  const which = jobs.length === 1 ? `job ${String(last.jobId)}` : `${String(jobs.length)} jobs`;
  return {
    done,
    total,
    active: sum("numActiveTasks"),
    failed: sum("numFailedTasks"),
    unit: "tasks",
    text: `${which} · stage ${String(stage)} of ${String(stages)} · ${String(done)} of ${String(total)} tasks`,
  };
}

/** States of a driver (org.apache.spark.deploy.master.DriverState). */
export type DriverState = "SUBMITTED" | "RUNNING" | "FINISHED" | "RELAUNCHING" | "UNKNOWN" | "KILLED" | "FAILED" | "ERROR" | "NOT_FOUND";

export function isFinal(state: DriverState): boolean {
  return state === "FINISHED" || state === "KILLED" || state === "FAILED" || state === "ERROR";
}

/** How a driver on the cluster ended. `exit` is the program's own report, where the stage could be read. */
export function exitOf(state: DriverState, exit: ExitStatus | undefined, message: string | undefined): ExitStatus {
  if (state === "KILLED") return { outcome: "cancelled", code: null, signal: null };
  if (exit !== undefined) return exit;
  if (state === "FINISHED") return { outcome: "succeeded", code: 0, signal: null };
  const words = message ?? "The driver ended on its worker without a report; the engine's log says more.";
  return { outcome: "failed", code: null, signal: null, message: words };
}

/** The first line of a worker's log page: `==== Bytes A-B of TOTAL of <file> ====`. */
export interface LogWindow {
  start: number;
  end: number;
  total: number;
  /** The text after that line. */
  body: Buffer;
}

/** Undefined where the page is no log. */
export function logWindow(page: Buffer): LogWindow | undefined {
  const newline = page.indexOf(0x0a);
  if (newline === -1) return undefined;
  const match = /^==== Bytes (\d+)-(\d+) of (\d+) of .* ====$/.exec(page.subarray(0, newline).toString("utf8"));
  if (match === null) return undefined;
  return { start: Number(match[1]), end: Number(match[2]), total: Number(match[3]), body: page.subarray(newline + 1) };
}

const replacement = Buffer.from("\ufffd");

/**
 * The bytes of a window. Workers decode their log as UTF-8 before they send it, so a character that the window cuts
 * arrives as U+FFFD: it is left for the next window, unless the log is `whole`. Bytes that are no UTF-8 at all can't be
 * told from each other: as many `?` stand for them, so that offsets stay true.
 */
export function exactBytes(window: LogWindow, whole: boolean): Buffer {
  const { body } = window;
  const length = window.end - window.start;
  if (body.length === length && !body.includes(replacement)) return body;
  let end = body.length;
  while (end >= 3 && body.subarray(end - 3, end).equals(replacement)) end -= 3;
  const cut = body.subarray(0, end);
  // At most three bytes of a character can be missing.
  if (!whole && end < body.length && length - cut.length <= 3 && !cut.includes(replacement)) return cut;
  if (body.length === length) return body;
  return filled(body, length);
}

function filled(body: Buffer, length: number): Buffer {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let at = body.indexOf(replacement); at !== -1; at = body.indexOf(replacement, start)) {
    pieces.push(body.subarray(start, at));
    start = at + replacement.length;
  }
  const known = pieces.reduce((sum, piece) => sum + piece.length, 0) + body.length - start;
  let missing = Math.max(length - known, 0);
  const parts = pieces.flatMap((piece, i) => {
    const count = i === pieces.length - 1 ? missing : Math.min(1, missing);
    missing -= count;
    return [piece, Buffer.alloc(count, "?")];
  });
  return Buffer.concat([...parts, body.subarray(start)]).subarray(0, length);
}
