/** Tells people of failures: the sentence, one button that remedies it, and "Show Log". */
import * as vscode from "vscode";
import { errorText, explain, SlingshotError } from "../base/errors.js";
import { commands } from "./ids.js";

const showLog = "Show Log";

interface Remedy {
  label: string;
  apply(): PromiseLike<unknown>;
}

/** Whether the user gave up what failed. */
export function isCancellation(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof SlingshotError && error.kind === "cancelled");
}

/** Cancellation is silent. Resolves once the message is gone and its button, if one was pressed, has done its work. */
export async function showError(thrown: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (isCancellation(thrown)) return;
  const error = explain(thrown);
  log.error(error instanceof SlingshotError ? `${error.code}: ${errorText(error)}` : error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (error instanceof SlingshotError && error.cause !== undefined) log.error(`  because: ${errorText(error.cause)}`);
  const remedy = remedyFor(error);
  // The question of trust is a dialog wherever the editor asks it.
  const modal = error instanceof SlingshotError && error.code === "untrusted";
  const chosen = await vscode.window.showErrorMessage(errorText(error), { modal }, ...(remedy === undefined ? [] : [remedy.label]), showLog);
  if (chosen === showLog) log.show();
  else if (chosen !== undefined) await remedy?.apply();
}

function remedyFor(error: unknown): Remedy | undefined {
  if (!(error instanceof SlingshotError)) return undefined;
  const command = (label: string, id: string, ...rest: unknown[]): Remedy => ({ label, apply: () => vscode.commands.executeCommand(id, ...rest) });
  switch (error.code) {
    case "untrusted":
      return command("Manage Workspace Trust", "workbench.trust.manage");
    case "unknown-target":
      return command("Choose Target", commands.chooseTarget);
    case "missing-reference":
      return error.message.includes("the secret ") ? command("Set Secret", commands.setSecret) : undefined;
    case "target-settings":
      return command("Open Settings", "workbench.action.openSettings", "slingshot.targets");
    case "no-interpreter":
      return vscode.extensions.getExtension("ms-python.python") === undefined ? undefined : command("Select Interpreter", "python.setInterpreter");
  }
  const { file, line } = error;
  return file === undefined ? undefined : { label: "Open File", apply: () => openAt(file, line ?? 1) };
}

/** @param line 1-based */
async function openAt(file: string, line: number): Promise<void> {
  const at = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}
