/** Registers the tree of jobs: refreshed when jobs change, with the number of running jobs as its badge. */
import * as vscode from "vscode";
import { isFinal } from "../jobs/job.js";
import { views } from "../platform/ids.js";
import { JobsTree, type JobList } from "./jobsTree.js";

/** Milliseconds in which changes are gathered into one refresh. */
const gather = 150;

export function registerTree({ jobs }: { jobs: JobList }): vscode.Disposable {
  const tree = new JobsTree(jobs);
  const view = vscode.window.createTreeView(views.jobs, { treeDataProvider: tree, showCollapseAll: true });
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const refresh = (): void => {
    timer = undefined;
    tree.refresh([...pending]);
    pending.clear();
    const running = jobs.list().filter(({ status }) => !isFinal(status.state)).length;
    view.badge = running === 0 ? undefined : { value: running, tooltip: running === 1 ? "1 job is running" : `${String(running)} jobs are running` };
  };
  const subscription = jobs.onDidChange((ids) => {
    for (const id of ids) pending.add(id);
    timer ??= setTimeout(refresh, gather);
  });
  timer = setTimeout(refresh, gather);
  return vscode.Disposable.from(view, tree, {
    dispose: () => {
      subscription.dispose();
      clearTimeout(timer);
    },
  });
}
