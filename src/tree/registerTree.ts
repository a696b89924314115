/** Registers the tree of jobs: refreshed when jobs change, with the number of running jobs as its badge. */
import * as vscode from "vscode";
import { isFinal } from "../jobs/job.js";
import { views } from "../platform/ids.js";
import { JobsTree, type JobList, type ListedJob } from "./jobsTree.js";

/** Milliseconds in which changes are gathered into one refresh. */
const gather = 150;

export function registerTree({ jobs }: { jobs: JobList }): vscode.Disposable {
  const tree = new JobsTree(jobs);
  const view = vscode.window.createTreeView(views.jobs, { treeDataProvider: tree, showCollapseAll: true });
  const running = new Set<string>();
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const note = (id: string, job: ListedJob | undefined): void => {
    if (job === undefined || isFinal(job.status.state)) running.delete(id);
    else running.add(id);
  };
  const showBadge = (): void => {
    const count = running.size;
    view.badge = count === 0 ? undefined : { value: count, tooltip: count === 1 ? "1 job is running" : `${String(count)} jobs are running` };
  };
  const refresh = (): void => {
    timer = undefined;
    const ids = [...pending];
    pending.clear();
    for (const id of ids) note(id, jobs.get(id));
    tree.refresh(ids);
    showBadge();
  };
  const subscription = jobs.onDidChange((ids) => {
    for (const id of ids) pending.add(id);
    timer ??= setTimeout(refresh, gather);
  });
  // Not while the extension is activated: the badge can wait for a moment.
  const first = setTimeout(() => {
    for (const job of jobs.list()) note(job.record.id, job);
    showBadge();
  }, gather);
  return vscode.Disposable.from(view, tree, {
    dispose: () => {
      subscription.dispose();
      clearTimeout(timer);
      clearTimeout(first);
    },
  });
}
