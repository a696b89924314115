/** Tells the language server what its reports on imports depend on: files that come, go or are written, and launch settings. Forwards only. */
import * as vscode from "vscode";
import type { LanguageService } from "../language/client.js";
import { onDidChangeInterpreter } from "../platform/python.js";
import { settings } from "../platform/ids.js";
import type { TargetChoice } from "./targetChoice.js";

/** Milliseconds that events are gathered. */
const pause = 250;
/** More events than this at once are told as one: a checkout of another branch brings thousands. */
const most = 1000;

const roots = /(\.py|\.pth|[/\\](pyproject\.toml|setup\.cfg))$/;

/** Listens from the server's first start on: without a server there is nobody to tell. */
export function tellImportNews(language: LanguageService, targets: TargetChoice): vscode.Disposable {
  let news: vscode.Disposable | undefined;
  return vscode.Disposable.from(
    language.onDidStart(() => {
      news ??= listen(language, targets);
    }),
    { dispose: () => { news?.dispose(); } },
  );
}

function listen(language: LanguageService, targets: TargetChoice): vscode.Disposable {
  let moved = new Set<string>();
  let changed = new Set<string>();
  let missed = false;
  let timer: NodeJS.Timeout | undefined;
  const send = (): void => {
    timer = undefined;
    language.filesChanged({ moved: missed ? [] : [...moved], changed: missed ? [] : [...changed], missed });
    moved = new Set();
    changed = new Set();
    missed = false;
  };
  const gather = (into: () => Set<string>) => (uri: vscode.Uri): void => {
    if (uri.scheme !== "file") return;
    if (moved.size + changed.size >= most) missed = true;
    else into().add(uri.fsPath);
    timer ??= setTimeout(send, pause);
  };
  const context = (): void => {
    language.contextChanged();
  };
  const watcher = vscode.workspace.createFileSystemWatcher("**/*");
  const written = gather(() => changed);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(gather(() => moved)),
    watcher.onDidDelete(gather(() => moved)),
    watcher.onDidChange((uri) => {
      if (roots.test(uri.path)) written(uri);
    }),
    targets.onDidChange(context),
    onDidChangeInterpreter(context),
    vscode.workspace.onDidChangeWorkspaceFolders(context),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.imports)) context();
    }),
    { dispose: () => { clearTimeout(timer); } },
  );
}
