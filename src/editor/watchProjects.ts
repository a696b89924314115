/** Tells the target choice when a project file or the user's targets change, on the screen or on disk. */
import * as vscode from "vscode";
import { settings } from "../platform/ids.js";
import { projectFileName } from "../project/projectFile.js";
import type { TargetChoice } from "./targetChoice.js";

/** Typing in a project file is answered after a pause of this many milliseconds. */
const pause = 300;

export function watchProjects(targets: TargetChoice): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const refresh = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      targets.refresh();
    }, pause);
  };
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${projectFileName}`);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(refresh),
    watcher.onDidCreate(refresh),
    watcher.onDidDelete(refresh),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.path.endsWith(`/${projectFileName}`)) refresh();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.targets) || event.affectsConfiguration(settings.codeLens)) refresh();
    }),
    { dispose: () => { clearTimeout(timer); } },
  );
}
