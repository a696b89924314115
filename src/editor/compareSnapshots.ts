/** A job's snapshot beside the workspace view or another job's snapshot, in the editor for several files: only what differs. */
import { isUtf8 } from "node:buffer";
import * as vscode from "vscode";
import type { ContentStore } from "../bundle/contentStore.js";
import type { JobRecord } from "../jobs/job.js";
import type { JobStore } from "../jobs/jobStore.js";
import { snapshotUriAt } from "../platform/snapshotFiles.js";
import { differences } from "../snapshot/differences.js";
import type { ManifestFile } from "../snapshot/manifest.js";
import { placesOf, presentDifferences, type PresentDifference } from "../snapshot/presentFiles.js";
import { editorView, type EditorView } from "./editorView.js";
import { startedAt } from "./pickJob.js";

/** What is compared; a side is absent where the file is only on the other one. */
interface Row {
  label: vscode.Uri;
  before?: vscode.Uri;
  after?: vscode.Uri;
}

export interface SnapshotParts {
  jobs: JobStore;
  contents: ContentStore;
}

/** Files that are shown at once; more is said. */
const shownFiles = 500;

/** Compares with what stands on the screen: the documents themselves are the right side, unsaved edits and all. */
export async function compareWithWorkspace(parts: SnapshotParts, record: JobRecord, signal: AbortSignal): Promise<void> {
  const manifest = parts.jobs.manifest(record.id);
  const view = await editorView();
  const place = placesOf(manifest.workspace, view.folders);
  const found = await presentDifferences(manifest.files, place, view.overlays, signal);
  if (found.length === 0) {
    void vscode.window.showInformationMessage(`The workspace still holds what ${record.title} ran: ${filesText(manifest.files.length)}, all as they were.`);
    return;
  }
  const rows = await Promise.all(found.map((difference) => workspaceRow(difference, view, parts.contents)));
  await show(`${nameOf(record)} ↔ Workspace`, rows);
}

/** Compares two jobs, the older one on the left. */
export async function compareJobs(parts: SnapshotParts, one: JobRecord, other: JobRecord): Promise<void> {
  const [older, newer] = one.id < other.id ? [one, other] : [other, one];
  const [before, after] = [parts.jobs.manifest(older.id), parts.jobs.manifest(newer.id)];
  const found = differences(before, after).filter((difference) => difference.before?.sha256 !== difference.after?.sha256);
  if (found.length === 0) {
    void vscode.window.showInformationMessage(`${older.title} and ${newer.title} were given the same files.`);
    return;
  }
  const rows = found.map(({ path, before: old, after: fresh }): Row => {
    const label = vscode.Uri.joinPath(vscode.Uri.file(newer.workspace), path);
    return {
      label,
      ...(old === undefined ? {} : { before: snapshotUriAt(label, old.sha256) }),
      ...(fresh === undefined ? {} : { after: snapshotUriAt(label, fresh.sha256) }),
    };
  });
  await show(`${nameOf(older)} ↔ ${nameOf(newer)}`, rows);
}

async function workspaceRow({ file, path, kind }: PresentDifference, view: EditorView, contents: ContentStore): Promise<Row> {
  const now = view.uriOf(path);
  const before = snapshotUriAt(now, file.sha256);
  if (kind === "gone") return { label: now, before };
  await readAlike(before, now, file, contents);
  return { label: now, before, after: now };
}

/** Opens the left side in the right side's encoding, where UTF-8 would not do: the editor knows it only of the workspace's file. */
async function readAlike(before: vscode.Uri, now: vscode.Uri, file: ManifestFile, contents: ContentStore): Promise<void> {
  try {
    if (file.size > 10_000_000 || isUtf8(contents.read(file.sha256))) return;
    const { encoding } = await vscode.workspace.openTextDocument(now);
    if (encoding !== "utf8") await vscode.workspace.openTextDocument(before, { encoding });
  } catch {
    // No text, or no longer there: the editor says so in its place.
  }
}

async function show(title: string, rows: readonly Row[]): Promise<void> {
  if (rows.length > shownFiles) void vscode.window.showWarningMessage(`${filesText(rows.length)} differ; the first ${String(shownFiles)} are shown.`);
  const resources = rows.slice(0, shownFiles).map(({ label, before, after }) => [label, before, after]);
  await vscode.commands.executeCommand("vscode.changes", title, resources);
}

function nameOf(record: JobRecord): string {
  return `${record.title} (${startedAt(record)})`;
}

function filesText(count: number): string {
  return count === 1 ? "1 file" : `${count.toLocaleString("en")} files`;
}
