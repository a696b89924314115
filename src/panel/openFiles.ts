/** Opens files of a job's folder in the editor: the log as text, results, outputs. None of them can be edited there. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import type { JobPaths } from "../jobs/jobPaths.js";
import { hasControls } from "./hasControls.js";
import { fileBelow, outputFile, sizeOf } from "./jobFolder.js";
import type { LogDocuments } from "./logDocuments.js";
import type { ShownJob } from "./panelHost.js";

/** A log with colours that is larger than this opens as it is, escape sequences and all. */
const plainLimit = 20_000_000;

/**
 * Opens the log of a job's attempt as text, read only. A log of plain text is the spool itself, which VS Code follows;
 * of one with colours and progress bars, the text as the panel shows it.
 */
export async function openLog(paths: JobPaths, job: ShownJob, attempt: number, documents: LogDocuments): Promise<void> {
  const path = paths.log(attempt);
  const size = await sizeOf(path);
  if (size === 0) {
    if (attempt < job.status.attempt) throw new SlingshotError("usage", "log-empty", `Attempt ${String(attempt)} of this job has printed nothing.`, "Choose another attempt in the panel.");
    throw new SlingshotError("usage", "log-empty", "This job has printed nothing yet.", "Its log can be opened once there is a line.");
  }
  if (size > plainLimit || !(await hasControls(path, size))) return openReadOnly(path);
  await vscode.commands.executeCommand("vscode.open", documents.uriOf(job, attempt), { preview: true });
}

export async function openResult(paths: JobPaths, name: string): Promise<void> {
  const path = await fileBelow(paths.results, name);
  if (path === null) throw new SlingshotError("usage", "file-missing", `${name} is not in the job's folder.`, "It was removed.");
  await openReadOnly(path);
}

/** `path` is relative to the job's working directory. */
export async function openOutput(paths: JobPaths, path: string): Promise<void> {
  await openReadOnly(await outputAt(paths, path));
}

/** Copies an output to where the person says. */
export async function saveOutput(paths: JobPaths, path: string): Promise<void> {
  const source = await outputAt(paths, path);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = basename(path);
  const target = await vscode.window.showSaveDialog({
    title: `Save ${name}`,
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.copy(vscode.Uri.file(source), target, { overwrite: true });
}

async function outputAt(paths: JobPaths, path: string): Promise<string> {
  const found = await outputFile(paths, path);
  if (found !== null) return found;
  throw new SlingshotError("usage", "file-missing", `${path} is not on this machine.`, "It was too large to be fetched, or it was removed.");
}

async function openReadOnly(path: string): Promise<void> {
  await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path), { preview: true });
  if (vscode.window.activeTextEditor?.document.uri.fsPath !== path) return;
  await vscode.commands.executeCommand("workbench.action.files.setActiveEditorReadonlyInSession");
}
