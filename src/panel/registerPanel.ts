/** Registers the job panel and the commands that show a job's content. */
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import { JobPaths } from "../jobs/jobPaths.js";
import { jobIdOf, registerCommands } from "../platform/commandTable.js";
import { commands, views } from "../platform/ids.js";
import { LogDocuments, logScheme } from "./logDocuments.js";
import { openLog, openOutput } from "./openFiles.js";
import type { ContentSource, ShownJob } from "./panelHost.js";
import { PanelView, type PanelDeps } from "./panelView.js";
import { SnapshotDocuments, snapshotScheme } from "./snapshotDocuments.js";

export interface PanelController extends vscode.Disposable {
  /** Brings the panel into sight with a job. */
  show(job: string, options?: { preserveFocus?: boolean }): Promise<void>;
}

export function registerPanel(deps: PanelDeps & { contents: ContentSource }): PanelController {
  const panel = new PanelView(deps);
  const logs = new LogDocuments(deps.jobs.stateDir);
  const job = (argument: unknown): ShownJob => {
    const id = jobIdOf(argument) ?? panel.shownJob ?? deps.jobs.list()[0]?.record.id;
    const found = id === undefined ? undefined : deps.jobs.get(id);
    if (found === undefined) throw new SlingshotError("usage", "no-job", "There is no such job.", "Run a Python file first.");
    return found;
  };
  const pathsOf = ({ record }: ShownJob): JobPaths => new JobPaths(deps.jobs.stateDir, record.id);
  const registered = [
    panel,
    logs,
    vscode.workspace.registerTextDocumentContentProvider(logScheme, logs),
    vscode.window.registerWebviewViewProvider(views.job, panel),
    vscode.workspace.registerTextDocumentContentProvider(snapshotScheme, new SnapshotDocuments(deps.contents)),
    registerCommands(
      {
        [commands.showJob]: (argument) => panel.show(job(argument).record.id),
        [commands.openJobLog]: (argument) => {
          const shown = job(argument);
          return openLog(pathsOf(shown), shown, logs);
        },
        [commands.openOutput]: (argument, path) => {
          if (typeof path !== "string") throw new SlingshotError("usage", "no-output", "No output was named.", "Choose one in the job's Outputs.");
          return openOutput(pathsOf(job(argument)), path);
        },
        [commands.openOutputs]: async (argument) => {
          await panel.show(job(argument).record.id);
          panel.tell({ type: "tab", tab: "outputs" });
        },
        [commands.findInLog]: async (argument) => {
          await panel.show(job(argument).record.id);
          panel.tell({ type: "find" });
        },
      },
      deps.log,
    ),
  ];
  return {
    show: (id, options) => panel.show(id, options),
    dispose: () => {
      for (const part of registered) part.dispose();
    },
  };
}
