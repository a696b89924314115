/** "Restore Snapshot…": one file or all, into a new folder or into the workspace; the user is asked first. */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { isErrno } from "../base/errors.js";
import { presentBelow, requireContent, restoreFiles } from "../bundle/restoreFiles.js";
import type { JobRecord } from "../jobs/job.js";
import { withProgress } from "../platform/progress.js";
import type { Manifest, ManifestFile } from "../snapshot/manifest.js";
import { isInside } from "../snapshot/paths.js";
import { placesOf, presentDifferences, type PresentDifference } from "../snapshot/presentFiles.js";
import type { SnapshotParts } from "./compareSnapshots.js";
import { editorView } from "./editorView.js";
import { folderNameProblem, proposedFolderName } from "./newFolderName.js";
import { applyRestore, planRestore, type RestoreStep } from "./workspaceRestore.js";

/** Names that a question lists. */
const named = 15;

export async function restoreSnapshot(parts: SnapshotParts, record: JobRecord): Promise<void> {
  const manifest = parts.jobs.manifest(record.id);
  if ((await askPlace(manifest, record)) === "workspace") await intoWorkspace(parts, record, manifest);
  else await intoFolder(parts, record, manifest);
}

async function askPlace(manifest: Manifest, record: JobRecord): Promise<"folder" | "workspace"> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  if (!folders.some((folder) => isInside(manifest.workspace, folder))) return "folder";
  const picked = await vscode.window.showQuickPick(
    [
      { label: "$(new-folder) Into a New Folder…", detail: "All files or some, as the job had them", place: "folder" as const },
      { label: "$(root-folder) Into the Workspace…", detail: "Those that differ there; undo takes it back", place: "workspace" as const },
    ],
    { title: `Restore the Snapshot of ${record.title}` },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.place;
}

async function intoWorkspace(parts: SnapshotParts, record: JobRecord, manifest: Manifest): Promise<void> {
  const view = await editorView();
  const place = placesOf(manifest.workspace, view.folders);
  const found = await withProgress(`Comparing ${record.title} with the workspace`, (_report, signal) => presentDifferences(manifest.files, place, view.overlays, signal));
  if (found.length === 0) {
    void vscode.window.showInformationMessage(`The workspace still holds what ${record.title} ran: there is nothing to restore.`);
    return;
  }
  const words: Record<PresentDifference["kind"], string> = { changed: "differs", gone: "is not in the workspace" };
  const chosen = await askFiles(found, ({ file, kind }) => ({ path: file.path, description: words[kind] }), `Restore Which Files of ${record.title} into the Workspace?`);
  requireContent(chosen.map(({ file }) => file), parts.contents);
  const steps = await planRestore(chosen, view, parts.contents);
  const restore = "Restore";
  const question = `Restore ${countText(steps.length)} of ${record.title} into the workspace?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail: stepsText(steps) }, restore)) !== restore) throw new vscode.CancellationError();
  if (!(await applyRestore(steps))) {
    void vscode.window.showErrorMessage(`VS Code did not apply the edit: a file was changed or locked meanwhile. Nothing was lost; restore ${record.title} again.`);
    return;
  }
  const edited = steps.filter(({ change }) => "text" in change).length;
  void vscode.window.showInformationMessage(`${countText(steps.length)} restored.${edited === 0 ? "" : " Changed texts are not saved yet."} Undo takes it back.`);
}

function stepsText(steps: readonly RestoreStep[]): string {
  const edited = steps.filter(({ change }) => "text" in change);
  const replaced = steps.filter(({ change }) => "bytes" in change && change.replace);
  const made = steps.filter(({ change }) => "bytes" in change && !change.replace);
  const part = (title: string, some: readonly RestoreStep[]): string[] => (some.length === 0 ? [] : [title, ...namesText(some.map(({ file, unsaved }) => `${file.path}${unsaved ? " (has unsaved edits)" : ""}`)), ""]);
  return [...part("Overwritten in the editor, not saved yet:", edited), ...part("Overwritten on the disk:", replaced), ...part("Created:", made), "Undo takes all of it back."].join("\n");
}

async function intoFolder(parts: SnapshotParts, record: JobRecord, manifest: Manifest): Promise<void> {
  const chosen = await askFiles(manifest.files, (file) => ({ path: file.path, description: file.origin === "buffer" ? "was unsaved" : "" }), `Restore Which Files of ${record.title}?`);
  requireContent(chosen, parts.contents);
  const folder = await askNewFolder(manifest.workspace, record);
  await confirmFolder(folder.fsPath, chosen);
  await withProgress(`Restoring ${record.title}`, (report, signal) =>
    restoreFiles(chosen, folder.fsPath, parts.contents, { signal, progress: (done) => { report(`${String(done)} of ${countText(chosen.length)}`); } }),
  );
  const open = "Open Folder";
  void vscode.window.showInformationMessage(`${countText(chosen.length)} restored into ${folder.fsPath}.`, open).then((answer) => {
    if (answer === open) void vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: true });
  });
}

/** Where the new folder comes into, then its name; the folder may be there already. */
async function askNewFolder(workspace: string, record: JobRecord): Promise<vscode.Uri> {
  const title = "Restore the Snapshot into a New Folder in";
  const [parent] = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, title, openLabel: "Choose", defaultUri: vscode.Uri.file(dirname(workspace)) })) ?? [];
  if (parent === undefined) throw new vscode.CancellationError();
  const within = parent.fsPath;
  const name = await vscode.window.showInputBox({
    title: `Restore the Snapshot of ${record.title}`,
    prompt: `Name of the new folder in ${within}`,
    value: proposedFolderName(workspace, record.createdAt, (taken) => existsSync(join(within, taken))),
    ignoreFocusOut: true,
    validateInput: (typed) => folderNameProblem(typed) ?? presentFolder(join(within, typed)),
  });
  if (name === undefined) throw new vscode.CancellationError();
  return vscode.Uri.joinPath(parent, name);
}

/** What the user should know of a place that is taken; null where it is free. */
function presentFolder(path: string): string | vscode.InputBoxValidationMessage | null {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    if (!stat.isDirectory() && !stat.isSymbolicLink()) return "There is a file of this name. Type another one.";
    if (readdirSync(path).length > 0) return { message: "This folder is there and not empty. You will be asked before anything in it is overwritten.", severity: vscode.InputBoxValidationSeverity.Warning };
    return { message: "This folder is there and empty: it will be used.", severity: vscode.InputBoxValidationSeverity.Info };
  } catch (error) {
    if (isErrno(error)) return `This can't be used: ${error.message}`;
    throw error;
  }
}

/** A folder that holds something is used only where the user says so, having read what is overwritten. */
async function confirmFolder(folder: string, files: readonly ManifestFile[]): Promise<void> {
  let empty = true;
  try {
    empty = readdirSync(folder).length === 0;
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
  if (empty) return;
  const present = await presentBelow(folder, files);
  const detail = present.length === 0 ? "No file in it is overwritten." : ["Overwritten, and no undo brings them back:", ...namesText(present)].join("\n");
  const restore = "Restore There";
  if ((await vscode.window.showWarningMessage(`${folder} is not empty. Restore ${countText(files.length)} there?`, { modal: true, detail }, restore)) !== restore) throw new vscode.CancellationError();
}

/** All are chosen until the user unchecks some. */
async function askFiles<T>(files: readonly T[], describe: (file: T) => { path: string; description: string }, title: string): Promise<readonly T[]> {
  if (files.length === 1) return files;
  const items = files.map((file) => {
    const { path, description } = describe(file);
    return { label: path, description, picked: true, file };
  });
  const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true, matchOnDescription: true, placeHolder: "Uncheck what is to stay away" });
  if (picked === undefined || picked.length === 0) throw new vscode.CancellationError();
  return picked.map(({ file }) => file);
}

function namesText(names: readonly string[]): string[] {
  const shown = names.slice(0, named).map((name) => `  ${name}`);
  return names.length > named ? [...shown, `  … and ${String(names.length - named)} more`] : shown;
}

function countText(count: number): string {
  return count === 1 ? "1 file" : `${count.toLocaleString("en")} files`;
}
