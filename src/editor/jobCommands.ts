/** The commands on a job: cancel, run again with present code or the same snapshot, forget. */
import * as vscode from "vscode";
import type { Registry } from "../backends/registry.js";
import { abortable } from "../base/abortable.js";
import { SlingshotError } from "../base/errors.js";
import { isFinal } from "../jobs/job.js";
import { canForget, cancelJob, forgetJob, jobRunning } from "../jobs/jobActions.js";
import type { JobStore, JobSummary } from "../jobs/jobStore.js";
import { registerCommands } from "../platform/commandTable.js";
import { commands } from "../platform/ids.js";
import { withProgress } from "../platform/progress.js";
import { requireTrust } from "../platform/trust.js";
import { entryOf } from "./entryOf.js";
import type { Launcher } from "./launcher.js";
import { pickJob } from "./pickJob.js";

export interface JobCommandParts {
  jobs: JobStore;
  backends: Registry;
  launcher: Launcher;
}

export function registerJobCommands(parts: JobCommandParts, log: vscode.LogOutputChannel): vscode.Disposable {
  const { jobs, launcher } = parts;
  const running = ({ status }: JobSummary): boolean => !isFinal(status.state);
  return registerCommands(
    {
      [commands.cancelJob]: async (argument) => cancel(parts, await pickJob(jobs, argument, "Cancel Which Job?", running)),
      [commands.rerunJob]: async (argument) => {
        requireTrust();
        const { record } = await pickJob(jobs, argument, "Run Which Job Again?");
        return launcher.launch([entryOf(record)], { given: { argv: record.argv, arguments: record.arguments }, target: record.target.name, envNames: record.envNames });
      },
      [commands.rerunSnapshot]: async (argument) => launcher.launchSnapshot((await pickJob(jobs, argument, "Run Which Snapshot Again?")).record.id),
      [commands.forgetJob]: async (argument) => forget(parts, await pickJob(jobs, argument, "Forget Which Job?", ({ status }) => canForget(status))),
    },
    log,
  );
}

async function cancel(parts: JobCommandParts, { record }: JobSummary): Promise<void> {
  requireTrust();
  const outcome = await withProgress(`Cancelling ${record.title}`, (_report, signal) => abortable(cancelJob(parts.jobs, parts.backends, record.id), signal));
  if (!outcome.confirmed) void vscode.window.showWarningMessage(outcome.message ?? `${record.target.name} has not confirmed the cancellation of ${record.title} yet. It is asked again.`);
}

async function forget(parts: JobCommandParts, { record, status }: JobSummary): Promise<void> {
  requireTrust();
  if (!canForget(status)) throw jobRunning(record.id);
  if (!isFinal(status.state)) {
    const why = `${record.target.name} can't be reached, and the job may still run there: nobody here will hear of it again. Its log, results and outputs are deleted on this machine.`;
    await forgetHere(parts, record, why);
    return;
  }
  const button = "Forget";
  const detail = "Its log, results and outputs are deleted on this machine, and what it left on the engine.";
  if ((await vscode.window.showWarningMessage(`Forget ${record.title}?`, { modal: true, detail }, button)) !== button) return;
  try {
    await withProgress(`Forgetting ${record.title}`, (_report, signal) => abortable(forgetJob(parts.jobs, parts.backends, record.id), signal));
  } catch (error) {
    if (!(error instanceof SlingshotError && error.code === "engine-not-cleared")) throw error;
    await forgetHere(parts, record, `${error.message} What is there stays there.`);
  }
}

async function forgetHere(parts: JobCommandParts, record: JobSummary["record"], detail: string): Promise<void> {
  const button = "Forget Here Only";
  if ((await vscode.window.showWarningMessage(`Forget ${record.title} on this machine only?`, { modal: true, detail }, button)) !== button) return;
  await forgetJob(parts.jobs, parts.backends, record.id, true);
}
