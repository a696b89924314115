/** Registers the job panel and the commands that show a job's content. */
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import { once } from "../base/once.js";
import { JobPaths } from "../jobs/jobPaths.js";
import { jobIdOf, registerCommands } from "../platform/commandTable.js";
import { commands, views } from "../platform/ids.js";
import { registerSnapshotFiles, type StoredContent } from "../platform/snapshotFiles.js";
import { LogDocuments, logScheme } from "./logDocuments.js";
import type { SentSubject, ShownJob } from "./panelHost.js";
import type { PanelDeps, PanelView } from "./panelView.js";
import type { SentPanel } from "./sentPanel.js";

export interface PanelController extends vscode.Disposable {
  /** Shows what would be sent of an entry, in an editor tab. */
  showSent(subject: SentSubject): Promise<void>;
  /** Brings the panel into sight with a job. */
  show(job: string, options?: { preserveFocus?: boolean }): Promise<void>;
}

export function registerPanel(deps: PanelDeps & { contents: StoredContent }): PanelController {
  // The panel is a good part of the extension's code: loaded when it is first seen.
  let loaded: PanelView | undefined;
  const panel = once(async () => {
    const { PanelView } = await import("./panelView.js");
    return (loaded = new PanelView(deps));
  });
  const logs = new LogDocuments(deps.jobs.stateDir);
  let sent: SentPanel | undefined;
  const job = (argument: unknown): ShownJob => {
    const id = jobIdOf(argument) ?? loaded?.shownJob ?? deps.jobs.list()[0]?.record.id;
    const found = id === undefined ? undefined : deps.jobs.get(id);
    if (found === undefined) throw new SlingshotError("usage", "no-job", "There is no such job.", "Run a Python file first.");
    return found;
  };
  const pathsOf = ({ record }: ShownJob): JobPaths => new JobPaths(deps.jobs.stateDir, record.id);
  const registered = [
    logs,
    vscode.workspace.registerTextDocumentContentProvider(logScheme, logs),
    vscode.window.registerWebviewViewProvider(views.job, { resolveWebviewView: async (view) => { (await panel()).resolveWebviewView(view); } }),
    registerSnapshotFiles(deps.contents),
    registerCommands(
      {
        [commands.showJob]: async (argument) => (await panel()).show(job(argument).record.id),
        [commands.openJobLog]: async (argument) => {
          const shown = job(argument);
          const { openLog } = await import("./openFiles.js");
          return openLog(pathsOf(shown), shown, loaded?.attemptOf(shown.record.id) ?? shown.status.attempt, logs);
        },
        [commands.openOutput]: async (argument, path) => {
          if (typeof path !== "string") throw new SlingshotError("usage", "no-output", "No output was named.", "Choose one in the job's Outputs.");
          const { openOutput } = await import("./openFiles.js");
          return openOutput(pathsOf(job(argument)), path);
        },
        [commands.openOutputs]: async (argument) => {
          const view = await panel();
          await view.show(job(argument).record.id);
          view.tell({ type: "tab", tab: "outputs" });
        },
        [commands.findInLog]: async (argument) => {
          const view = await panel();
          await view.show(job(argument).record.id);
          view.tell({ type: "find" });
        },
      },
      deps.log,
    ),
  ];
  return {
    show: async (id, options) => (await panel()).show(id, options),
    showSent: async (subject) => {
      const { SentPanel } = await import("./sentPanel.js");
      if (sent === undefined) sent = new SentPanel(deps, subject, () => (sent = undefined));
      else sent.show(subject);
    },
    dispose: () => {
      loaded?.dispose();
      sent?.dispose();
      for (const part of registered) part.dispose();
    },
  };
}
