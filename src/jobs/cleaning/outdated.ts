/** Which jobs of the history go: those beyond the age, then the oldest until everything fits into the size. A pure decision. */
import type { History, PastJob } from "./history.js";
import type { HistoryLimits } from "./limits.js";

/** The newest jobs stay, however old and large they are. */
export const alwaysKept = 20;

/**
 * Ids, oldest first. Jobs that have not ended never go; the size takes none that ended since `spared`.
 * @param others bytes of what is kept beside jobs and their content
 */
export function outdatedJobs(history: History, limits: HistoryLimits, now: number, spared: number, others: number, kept = alwaysKept): Set<string> {
  const gone = new Set<string>();
  const candidates = history.jobs.slice(0, Math.max(0, history.jobs.length - kept)).filter((job) => job.endedAt !== null);
  const { maxAge, maxSize } = limits;
  if (maxAge !== null) for (const job of candidates) if ((job.endedAt ?? now) < now - maxAge) gone.add(job.id);
  if (maxSize === null) return gone;
  const uses = new Uint32Array(history.contents.length);
  const stay = history.jobs.filter((job) => !gone.has(job.id));
  for (const job of stay) for (const index of new Set(job.contents)) uses[index] = (uses[index] ?? 0) + 1;
  let total = others + stay.reduce((sum, job) => sum + job.bytes, 0) + history.contents.reduce((sum, { size }, index) => sum + (uses[index] === 0 ? 0 : size), 0);
  for (const job of candidates) {
    if (total <= maxSize) break;
    if (gone.has(job.id) || (job.endedAt ?? now) >= spared) continue;
    gone.add(job.id);
    total -= job.bytes + release(job, uses, history);
  }
  return gone;
}

/** Bytes of the content that nobody needs once the job has gone. */
function release(job: PastJob, uses: Uint32Array, history: History): number {
  let bytes = 0;
  for (const index of new Set(job.contents)) {
    const left = (uses[index] ?? 1) - 1;
    uses[index] = left;
    if (left === 0) bytes += history.contents[index]?.size ?? 0;
  }
  return bytes;
}
