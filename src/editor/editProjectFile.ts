/** Makes a change to a folder's project file, over its text on the screen, so that it can be undone there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { isErrno, SlingshotError } from "../base/errors.js";
import { projectFileName } from "../project/projectFile.js";
import { applyReplacements, editProject, type ProjectChange } from "../project/projectEdits.js";

/**
 * Creates the file where there is none. It is saved unless it held other unsaved edits, which stay the user's to save.
 * @throws SlingshotError where the file is malformed or can't be edited
 */
export async function editProjectFile(folder: string, change: ProjectChange): Promise<void> {
  const uri = vscode.Uri.file(join(folder, projectFileName));
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const text = open?.getText() ?? savedText(uri.fsPath);
  const replacements = editProject(text ?? "", change);
  if (replacements.length === 0) return;
  const edit = new vscode.WorkspaceEdit();
  if (text === undefined) edit.createFile(uri, { ignoreIfExists: true, contents: Buffer.from(applyReplacements("", replacements)) });
  else {
    const document = open ?? (await vscode.workspace.openTextDocument(uri));
    for (const { offset, length, text: inserted } of replacements) {
      edit.replace(uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), inserted);
    }
  }
  const untouched = open?.isDirty !== true;
  if (!(await vscode.workspace.applyEdit(edit))) throw new SlingshotError("usage", "project-file", `${projectFileName} could not be edited.`, "Open it and make the change there.", { file: uri.fsPath });
  if (untouched) await (await vscode.workspace.openTextDocument(uri)).save();
  vscode.window.setStatusBarMessage(`$(check) ${projectFileName}: ${summary(change)}`, 5000);
}

/** The change that a command was called with; anyone may call a command. */
export function asChange(value: unknown): ProjectChange | undefined {
  if (typeof value !== "object" || value === null || !("add" in value) || !("value" in value) || typeof value.value !== "string") return undefined;
  const { add } = value;
  return add === "roots" || add === "include" || add === "exclude" ? { add, value: value.value } : undefined;
}

function summary(change: ProjectChange): string {
  return "add" in change ? `"${change.value}" added to bundle.${change.add}` : `${change.set.join(".")} set`;
}

function savedText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw new SlingshotError("usage", "project-file-unreadable", `Failed to read ${path}.`, "Mend its permissions.", { cause: error, file: path });
  }
}
