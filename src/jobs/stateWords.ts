/** The state of a job in words for people; every view says it the same way. */
import { isFinal, type JobState, type JobStatus } from "./job.js";

const words: Record<JobState, string> = {
  preparing: "Preparing",
  submitting: "Submitting",
  queued: "Queued",
  running: "Running",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
  lost: "Lost",
};

/** E.g. `Running`, `Cancelling`, `Failed (exit code 3)`, `Failed (SIGKILL)`. */
export function stateWords(status: JobStatus): string {
  if (!isFinal(status.state) && status.cancelRequestedAt !== null) return "Cancelling";
  const { exit } = status;
  if (status.state !== "failed" || exit === null) return words[status.state];
  if (exit.signal !== null) return `Failed (${exit.signal})`;
  return exit.code === null ? "Failed" : `Failed (exit code ${String(exit.code)})`;
}
