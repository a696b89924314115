/** Lets the language server read ahead for the Python document in front, so that the first click on it is as fast as later ones. */
import * as vscode from "vscode";
import type { LanguageService } from "../language/client.js";
import type { ReadingAhead } from "../language/protocol.js";
import { privateCommands } from "../platform/ids.js";

/** Milliseconds that a file must stay in front. */
const pause = 500;

export function readAhead(language: LanguageService): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let status: vscode.LanguageStatusItem | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.languageId === "python" && (document.uri.scheme === "file" || document.isUntitled)) language.warm({ uri: document.uri.toString() });
    }, pause);
  };
  const show = (progress: ReadingAhead | null): void => {
    if (progress === null) {
      status?.dispose();
      status = undefined;
      return;
    }
    status ??= vscode.languages.createLanguageStatusItem("slingshot.readAhead", { language: "python" });
    status.name = "Slingshot";
    status.busy = true;
    status.text = `Reading imports: ${progress.modules.toLocaleString()} modules`;
    status.detail = progress.file;
    status.command = { title: "Stop", command: privateCommands.stopReadingAhead, tooltip: "The next launch reads what is left" };
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(later),
    language.onDidStart(later),
    language.onDidReadAhead(show),
    vscode.commands.registerCommand(privateCommands.stopReadingAhead, () => {
      language.stopReadingAhead();
    }),
    { dispose: () => { clearTimeout(timer); status?.dispose(); } },
  );
}
