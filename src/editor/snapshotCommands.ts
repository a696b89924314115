/** The commands that look at or bring back what a job was given: compare with the workspace or another job, restore. */
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import { registerCommands } from "../platform/commandTable.js";
import { commands } from "../platform/ids.js";
import { withProgress } from "../platform/progress.js";
import type { SnapshotParts } from "./compareSnapshots.js";
import { pickJob } from "./pickJob.js";

// Comparing and restoring read what the start does not need: they are loaded with the first use.
const comparing = () => import("./compareSnapshots.js");

/** Set while a job is chosen for "Compare with Selected". */
const chosenContext = "slingshot.jobSelectedForCompare";

export function registerSnapshotCommands(parts: SnapshotParts, log: vscode.LogOutputChannel): vscode.Disposable {
  const { jobs } = parts;
  let chosen: string | undefined;
  const choose = async (id: string | undefined): Promise<void> => {
    chosen = id;
    await vscode.commands.executeCommand("setContext", chosenContext, id !== undefined);
  };
  return registerCommands(
    {
      [commands.compareWorkspace]: async (argument) => {
        const { record } = await pickJob(jobs, argument, "Compare Which Job's Snapshot with the Workspace?");
        await withProgress(`Comparing ${record.title} with the workspace`, async (_report, signal) => (await comparing()).compareWithWorkspace(parts, record, signal));
      },
      [commands.compareJob]: async (argument) => {
        const { record } = await pickJob(jobs, argument, "Compare Which Job's Snapshot?");
        const other = await pickJob(jobs, undefined, `Compare ${record.title} with Which Job?`, (job) => job.record.id !== record.id);
        await (await comparing()).compareJobs(parts, record, other.record);
      },
      [commands.selectForCompare]: async (argument) => choose((await pickJob(jobs, argument, "Select Which Job for Compare?")).record.id),
      [commands.compareSelected]: async (argument) => {
        const first = chosen === undefined ? undefined : jobs.get(chosen);
        if (first === undefined) {
          await choose(undefined);
          throw new SlingshotError("usage", "no-job", "The job that was selected for compare is no longer there.", "Select another one.");
        }
        const { record } = await pickJob(jobs, argument, `Compare ${first.record.title} with Which Job?`, (job) => job.record.id !== chosen);
        await (await comparing()).compareJobs(parts, first.record, record);
      },
      [commands.restoreSnapshot]: async (argument) => {
        const { record } = await pickJob(jobs, argument, "Restore Which Job's Snapshot?");
        const { restoreSnapshot } = await import("./restoreSnapshot.js");
        await restoreSnapshot(parts, record);
      },
    },
    log,
  );
}
