/** What people do with a job: cancel it, forget it. */
import { errorText, SlingshotError } from "../base/errors.js";
import type { CancelOutcome } from "../backends/backend.js";
import type { Backends } from "./follower.js";
import { isFinal } from "./job.js";
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

/** Removes a job that has ended: what it left on the engine, then its folder here. */
export async function forgetJob(store: JobStore, backends: Backends, id: string): Promise<void> {
  const job = store.get(id);
  if (job === undefined) throw unknownJob(id);
  if (!isFinal(job.status.state)) throw jobRunning(id);
  if (job.status.ref !== null) await (await backends.get(job.record.target.backend)).remove(job.record, job.status.ref);
  store.remove(id);
}

export function jobRunning(id: string): SlingshotError {
  return new SlingshotError("usage", "job-running", `Job ${id} has not ended.`, "Cancel it first.");
}

export function unknownJob(id: string): SlingshotError {
  return new SlingshotError("usage", "unknown-job", `"${id}" names no job, or more than one.`, "`slingshot jobs` lists them.");
}
