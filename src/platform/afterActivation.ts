/** Work that may wait until the activation, which must be short, is over. */
import * as vscode from "vscode";

export function afterActivation(work: () => void): vscode.Disposable {
  const soon = setTimeout(work);
  return new vscode.Disposable(() => {
    clearTimeout(soon);
  });
}
