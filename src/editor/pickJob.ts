/** Which job a command speaks of: its argument, or the user's choice. */
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import { stateWords } from "../jobs/stateWords.js";
import type { JobStore, JobSummary } from "../jobs/jobStore.js";
import { jobIdOf } from "../platform/commandTable.js";

/** Jobs that are offered, newest first. */
const offered = 200;

/** A job id, `{ jobId }`, or a question to the user. Throws a cancellation where they choose none. */
export async function pickJob(jobs: JobStore, argument: unknown, title: string, accepts: (job: JobSummary) => boolean = () => true): Promise<JobSummary> {
  const id = jobIdOf(argument);
  if (id !== undefined) {
    const job = jobs.get(id);
    if (job === undefined) throw new SlingshotError("usage", "unknown-job", "This job is no longer there.", "Choose another one.");
    return job;
  }
  const candidates = jobs.list().filter(accepts).slice(0, offered);
  if (candidates.length === 0) throw new SlingshotError("usage", "no-job", "There is no such job.", "Run a Python file first.");
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const picked = await vscode.window.showQuickPick(
    candidates.map((job) => ({ label: job.record.title, description: `${job.record.target.name} · ${stateWords(job.status)}`, detail: startedAt(job.record), job })),
    { title, matchOnDescription: true, matchOnDetail: true },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.job;
}

/** When a job was launched, for people. */
export function startedAt(record: JobSummary["record"]): string {
  return new Date(record.createdAt).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}
