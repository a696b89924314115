/** Opens what ran: the workspace file where it still is what ran, else the snapshot's version. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import { snapshotUri } from "../platform/snapshotFiles.js";
import type { Manifest, ManifestFile } from "../snapshot/manifest.js";
import { frameFile } from "./frameFile.js";

export interface OpenedJob {
  id: string;
  tree: string;
  manifest: Manifest;
}

/** Opens the source line that a traceback names. */
export async function openFrame(job: OpenedJob, path: string, line: number): Promise<void> {
  const file = frameFile(path, job.manifest, job);
  if (file === null) {
    throw new SlingshotError("usage", "frame-unknown", `${path} is not part of this job's snapshot.`, "It lies where the job ran.");
  }
  const uri = workspaceUri(job.manifest, file);
  if (uri !== null && (await digestOf(uri)) === file.sha256) return showAt(uri, line);
  await showAt(snapshotUri(job.manifest.id, file), line);
  if (uri === null || !(await exists(uri))) return;
  const message = `${file.path} has changed since this job ran. This is the version that ran.`;
  if ((await vscode.window.showInformationMessage(message, "Compare")) === "Compare") await compareFile(job.manifest, file);
}

/** Opens the version of a file that was sent. */
export async function openSnapshotFile(manifest: Manifest, path: string, line: number): Promise<void> {
  await showAt(snapshotUri(manifest.id, knownFile(manifest, path)), line);
}

/** Opens a file of the workspace that the snapshot names: one that a rule left out, or that the rule stands in. */
export async function openNamedFile(manifest: Manifest, path: string, line: number): Promise<void> {
  const named = manifest.excluded.some(({ path: excluded, rule }) => excluded === path || rule === `${path}:${String(line)}`);
  const uri = vscode.Uri.file(join(manifest.workspace, path));
  if (!named || path.startsWith(".slingshot/") || !(await exists(uri))) {
    throw new SlingshotError("usage", "file-unknown", `${path} can't be opened.`, "It may have been removed since.");
  }
  await showAt(uri, line);
}

/** The document that is sent of a file, saved or not; where the file is not the workspace's, its bytes in the snapshot. */
export function presentUri(manifest: Manifest, file: ManifestFile): vscode.Uri {
  const untitled = /^\.slingshot\/untitled\/(.*)\.py$/.exec(file.path)?.[1];
  if (untitled !== undefined) {
    const document = vscode.workspace.textDocuments.find((open) => open.isUntitled && open.uri.path.replace(/\.py$/, "").replace(/[^\p{L}\p{N}._-]/gu, "_") === untitled);
    if (document !== undefined) return document.uri;
  }
  return workspaceUri(manifest, file) ?? snapshotUri(manifest.id, file);
}

/** Opens what stands on the screen of a file that would be sent. */
export async function openPresentFile(manifest: Manifest, path: string, line: number): Promise<void> {
  await showAt(presentUri(manifest, knownFile(manifest, path)), line);
}

/** Shows what was sent beside what is in the workspace now. */
export async function compareSnapshotFile(manifest: Manifest, path: string): Promise<void> {
  await compareFile(manifest, knownFile(manifest, path));
}

async function compareFile(manifest: Manifest, file: ManifestFile): Promise<void> {
  const uri = workspaceUri(manifest, file);
  const sent = snapshotUri(manifest.id, file);
  if (uri === null || !(await exists(uri))) {
    void vscode.window.showInformationMessage(`${file.path} is no longer in the workspace. This is the version that was sent.`);
    return showAt(sent, 0);
  }
  await vscode.commands.executeCommand("vscode.diff", sent, uri, `${file.path} (sent ↔ workspace)`);
}

function knownFile(manifest: Manifest, path: string): ManifestFile {
  const file = manifest.files.find((known) => known.path === path);
  if (file === undefined) throw new SlingshotError("usage", "file-unknown", `${path} is not part of this snapshot.`, "");
  return file;
}

/** Null for files that the snapshot took from elsewhere. */
function workspaceUri(manifest: Manifest, file: ManifestFile): vscode.Uri | null {
  return file.path.startsWith(".slingshot/") ? null : vscode.Uri.file(join(manifest.workspace, file.path));
}

/** SHA-256 of the bytes that a launch would send now: those on the screen where the document is dirty. */
async function digestOf(uri: vscode.Uri): Promise<string | null> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  try {
    const bytes =
      document?.isDirty === true
        ? await vscode.workspace.encode(document.getText(), { encoding: document.encoding })
        : await vscode.workspace.fs.readFile(uri);
    return createHash("sha256").update(bytes).digest("hex");
  } catch {
    return null;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

async function showAt(uri: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const options = line > 0 ? { preview: true, selection: new vscode.Range(at, at) } : { preview: true };
  await vscode.commands.executeCommand("vscode.open", uri, options);
}
