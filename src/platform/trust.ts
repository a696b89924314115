/** Workspace Trust: in a restricted workspace nothing is started, whichever way the command was reached. */
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";

/** @throws SlingshotError `untrusted` */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new SlingshotError("refused", "untrusted", "Slingshot starts nothing in a restricted workspace.", "Trust the workspace first.");
}

/** Calls `work` now where the workspace is trusted, else once it is. */
export function whenTrusted(work: () => void): vscode.Disposable {
  if (!vscode.workspace.isTrusted) return vscode.workspace.onDidGrantWorkspaceTrust(work);
  work();
  return { dispose: () => undefined };
}
