/** Workspace Trust: in a restricted workspace nothing is started, whichever way the command was reached. */
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import { afterActivation } from "./afterActivation.js";

/** @throws SlingshotError `untrusted` */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new SlingshotError("refused", "untrusted", "Slingshot starts nothing in a restricted workspace.", "Trust the workspace first.");
}

/** Calls `work` after the activation where the workspace is trusted, else once it is; disposes what it returns. */
export function whenTrusted(work: () => { dispose(): void }): vscode.Disposable {
  let started: { dispose(): void } | undefined;
  const start = (): void => {
    started ??= work();
  };
  const waiting = vscode.workspace.isTrusted ? afterActivation(start) : vscode.workspace.onDidGrantWorkspaceTrust(start);
  return new vscode.Disposable(() => {
    waiting.dispose();
    started?.dispose();
  });
}
