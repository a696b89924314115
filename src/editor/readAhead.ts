/** Lets the language server read ahead for the Python file in front, so that the first click on it is as fast as later ones. */
import * as vscode from "vscode";
import type { LanguageService } from "../language/client.js";
import type { Folders } from "./folders.js";

/** Milliseconds that a file must stay in front. */
const pause = 500;

export function readAhead(language: LanguageService, folders: Folders): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.languageId !== "python" || document.uri.scheme !== "file" || vscode.workspace.getWorkspaceFolder(document.uri) === undefined) return;
      language.warm({ workspace: folders.of(document.uri), file: document.uri.fsPath });
    }, pause);
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(later),
    language.onDidStart(later),
    { dispose: () => { clearTimeout(timer); } },
  );
}
