/** Opens VS Code's diff of a snapshot's files and those of the last run. */
import * as vscode from "vscode";
import { snapshotUri, snapshotUriAt } from "../platform/snapshotFiles.js";
import { differences } from "../snapshot/differences.js";
import type { Manifest, ManifestFile } from "../snapshot/manifest.js";
import { SlingshotError } from "../base/errors.js";
import type { PreviousRun } from "./snapshotModel.js";

/** Files that the editor for many diffs shows at once. */
const many = 500;

/** Where the later side of a diff is opened from: the snapshot's own bytes, or what stands on the screen. */
export type UriOf = (file: ManifestFile) => vscode.Uri;

/** One file beside that of the last run; a file that came or went is opened alone. `names` of both sides, e.g. `last run ↔ now`. */
export async function comparePrevious(previous: PreviousRun, manifest: Manifest, path: string, uriOf: UriOf, names: string): Promise<void> {
  const before = previous.manifest.files.find((file) => file.path === path);
  const after = manifest.files.find((file) => file.path === path);
  if (before === undefined && after === undefined) throw new SlingshotError("usage", "file-unknown", `${path} is in neither snapshot.`, "Refresh and try again.");
  const left = before === undefined ? undefined : snapshotUri(previous.manifest.id, before);
  if (left === undefined || after === undefined) {
    await vscode.commands.executeCommand("vscode.open", left ?? (after === undefined ? undefined : uriOf(after)), { preview: true });
    return;
  }
  await vscode.commands.executeCommand("vscode.diff", left, uriOf(after), `${path} (${names})`, { preview: true });
}

/** All files that differ, in the editor for many diffs. */
export async function compareAllPrevious(previous: PreviousRun, manifest: Manifest, uriOf: UriOf, title: string): Promise<void> {
  const changed = differences(previous.manifest, manifest).slice(0, many);
  const resources = changed.map(({ before, after }) => {
    const right = after === undefined ? undefined : uriOf(after);
    const left = before === undefined ? undefined : right === undefined ? snapshotUri(previous.manifest.id, before) : snapshotUriAt(right, before.sha256);
    return [right ?? left, left, right];
  });
  await vscode.commands.executeCommand("vscode.changes", title, resources);
}
