/** What people do with a job: cancel it, forget it. */
import { errorText, SlingshotError } from "../base/errors.js";
import type { CancelOutcome } from "../backends/backend.js";
import type { Backends } from "./follower.js";
import { isFinal, type JobStatus } from "./job.js";
import type { JobStore } from "./jobStore.js";

/** Asks the engine to end the job. Idempotent: a job that has ended is confirmed at once. */
export async function cancelJob(store: JobStore, backends: Backends, id: string): Promise<CancelOutcome> {
  const job = store.get(id);
  if (job === undefined) throw unknownJob(id);
  if (isFinal(job.status.state)) return { confirmed: true };
  if (job.status.cancelRequestedAt === null) store.append(id, { type: "cancel-requested" });
  const backend = await backends.get(job.record.target.backend);
  const ref = job.status.ref ?? (await backend.find(job.record, undefined));
  if (ref === undefined) return { confirmed: false, message: "The job is not submitted yet; it will be cancelled then." };
  const outcome = await backend.cancel(job.record, ref).catch((error: unknown): CancelOutcome => ({ confirmed: false, message: errorText(error) }));
  if (!outcome.confirmed) {
    store.append(id, { type: "cancel-unconfirmed", message: outcome.message ?? "The engine has not confirmed the cancellation yet." });
  }
  return outcome;
}

/** Whether a job can be forgotten: it has ended, or its engine can't be reached. */
export function canForget(status: JobStatus): boolean {
  return isFinal(status.state) || status.unreachableSince !== null;
}

/**
 * Removes a job: what it left on the engine, then its folder here. With `hereOnly` the engine is not asked, and what is there stays.
 * @throws SlingshotError `engine-not-cleared` where the engine did not answer; the job is as it was
 */
export async function forgetJob(store: JobStore, backends: Backends, id: string, hereOnly = false): Promise<void> {
  const job = store.get(id);
  if (job === undefined) throw unknownJob(id);
  const { state, ref } = job.status;
  if (!(hereOnly ? canForget(job.status) : isFinal(state))) throw jobRunning(id);
  if (!hereOnly && ref !== null) {
    try {
      await (await backends.get(job.record.target.backend)).remove(job.record, ref);
    } catch (error) {
      throw new SlingshotError("unavailable", "engine-not-cleared", `What ${job.record.title} left on ${job.record.target.name} could not be removed: ${errorText(error)}.`.replace(/\.+$/, "."), "Try again later, or forget the job here only.", { cause: error });
    }
  }
  store.remove(id);
}

export function jobRunning(id: string): SlingshotError {
  return new SlingshotError("usage", "job-running", `Job ${id} has not ended.`, "Cancel it first.");
}

export function unknownJob(id: string): SlingshotError {
  return new SlingshotError("usage", "unknown-job", `"${id}" names no job, or more than one.`, "`slingshot jobs` lists them.");
}
