/** Restores files of a snapshot into the workspace, as one edit that undo takes back. Dirty documents keep their undo history. */
import { lstatSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import type { ContentStore } from "../bundle/contentStore.js";
import { pathParts } from "../bundle/restoreFiles.js";
import type { ManifestFile } from "../snapshot/manifest.js";
import { isInside } from "../snapshot/paths.js";
import type { PresentDifference } from "../snapshot/presentFiles.js";
import type { EditorView } from "./editorView.js";
import { smallestChange } from "./smallestChange.js";

/** One file to restore: an edit of its document, or bytes that replace it or make it anew. */
export interface RestoreStep {
  file: ManifestFile;
  uri: vscode.Uri;
  /** True where the document has edits that no disk holds. */
  unsaved: boolean;
  change: { text: string; document: vscode.TextDocument; eol: vscode.EndOfLine } | { bytes: Uint8Array; replace: boolean };
}

/**
 * What restoring the differing files means, before anything is changed.
 * @throws SlingshotError where a file would be written outside the workspace folders, or unsaved edits would be lost
 */
export async function planRestore(found: readonly PresentDifference[], view: EditorView, contents: ContentStore): Promise<RestoreStep[]> {
  const steps: RestoreStep[] = [];
  for (const { file, path, kind } of found) {
    const uri = view.uriOf(path);
    const unsaved = view.overlays.has(path);
    if (uri.scheme === "file") requireInside(file.path, path, view.folders);
    const bytes = await readFile(contents.path(file.sha256));
    const change = kind === "gone" ? { bytes, replace: false } : ((await textChange(uri, bytes)) ?? { bytes, replace: true });
    if ("bytes" in change && unsaved) {
      throw new SlingshotError("refused", "unsaved", `${file.path} has unsaved edits, and what ran does not fit into its editor: it has other line ends, another encoding, or is no text.`, "Save or revert it first.");
    }
    steps.push({ file, uri, unsaved, change });
  }
  return steps;
}

/** Makes the edit; false where the editor refused it. Changed texts stay unsaved, new and binary files are on the disk. */
export async function applyRestore(steps: readonly RestoreStep[]): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, change } of steps) {
    if ("bytes" in change) {
      // Taken apart in two, undo brings the old bytes back.
      if (change.replace) edit.deleteFile(uri);
      edit.createFile(uri, { contents: change.bytes });
      continue;
    }
    const { document, text, eol } = change;
    const { start, end, insert } = smallestChange(document.getText(), text);
    const edits = [vscode.TextEdit.replace(new vscode.Range(document.positionAt(start), document.positionAt(end)), insert)];
    if (document.eol !== eol) edits.push(vscode.TextEdit.setEndOfLine(eol));
    edit.set(uri, edits);
  }
  return vscode.workspace.applyEdit(edit);
}

/** The document and the text that it must get, in its own line ends; undefined where a save of it would not write these bytes. */
async function textChange(uri: vscode.Uri, bytes: Uint8Array): Promise<{ text: string; document: vscode.TextDocument; eol: vscode.EndOfLine } | undefined> {
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch {
    // Binary, or too large for a document.
    return undefined;
  }
  const { encoding } = document;
  const text = await vscode.workspace.decode(bytes, { encoding });
  if (!Buffer.from(bytes).equals(await vscode.workspace.encode(text, { encoding }))) return undefined;
  const windows = text.includes("\r\n");
  if (windows ? /(^|[^\r])\n/.test(text) || /\r(?!\n)/.test(text) : text.includes("\r")) return undefined;
  const eol = windows ? vscode.EndOfLine.CRLF : text.includes("\n") ? vscode.EndOfLine.LF : document.eol;
  const own = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  return { document, text: text.replace(/\r?\n/g, own), eol };
}

/** Follows what links there are: a path that looks as if it lay in the folder may lead out of it. */
function requireInside(name: string, path: string, folders: readonly string[]): void {
  pathParts(name);
  const folder = folders.find((one) => isInside(path, one));
  let at = path;
  while (lstatSync(at, { throwIfNoEntry: false }) === undefined && dirname(at) !== at) at = dirname(at);
  let real: string | undefined;
  try {
    real = realpathSync(at);
  } catch {
    // A link that leads nowhere.
  }
  if (folder !== undefined && real !== undefined && isInside(real, realpathSync(folder))) return;
  throw new SlingshotError("refused", "outside", `${name} would be written outside the workspace folder, through a link.`, "Restore into a new folder instead.");
}
