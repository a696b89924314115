/** A job's snapshot beside the workspace view or another job's snapshot, in the editor for several files: only what differs. */
import { isUtf8 } from "node:buffer";
import * as vscode from "vscode";
import { errorText, SlingshotError } from "../base/errors.js";
import type { ContentStore } from "../bundle/contentStore.js";
import type { JobRecord } from "../jobs/job.js";
import type { JobStore } from "../jobs/jobStore.js";
import { snapshotUriAt } from "../platform/snapshotFiles.js";
import { differences } from "../snapshot/differences.js";
import type { Manifest, ManifestFile } from "../snapshot/manifest.js";
import { closureDifferences, type ClosureDifference } from "../snapshot/presentClosure.js";
import { placesOf, presentDifferences } from "../snapshot/presentFiles.js";
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
  /** The snapshot of the job's entry as it would be now; it freezes the screen at once and starts nothing. */
  preview(record: JobRecord, signal: AbortSignal): Promise<Manifest>;
}

/** Files that are shown at once; more is said. */
const shownFiles = 500;

/**
 * Compares with what stands on the screen: the documents themselves are the right side, unsaved edits and all. Files that the
 * entry would bring along now are there too, and those that it no longer would; where that can't be found out, the files
 * that were sent are compared, and the user is told.
 */
export async function compareWithWorkspace(parts: SnapshotParts, record: JobRecord, signal: AbortSignal): Promise<void> {
  const manifest = parts.jobs.manifest(record.id);
  // Both freeze the screen in this turn.
  const previewed = present(parts, record, signal);
  const view = await editorView();
  const { now, why } = await previewed;
  const place = placesOf(manifest.workspace, view.folders);
  const found = closureDifferences(manifest, await presentDifferences(manifest.files, place, view.overlays, signal), now, place);
  if (why !== null) void vscode.window.showWarningMessage(`Only the files that ${record.title} was given are compared. What it would import now can't be said: ${why}`);
  if (found.length === 0) {
    if (why === null) void vscode.window.showInformationMessage(`The workspace still holds what ${record.title} ran: ${filesText(manifest.files.length)}, all as they were.`);
    else void vscode.window.showInformationMessage(`The workspace still holds the ${filesText(manifest.files.length)} that ${record.title} was given, all as they were.`);
    return;
  }
  const rows = await Promise.all(found.map((difference) => workspaceRow(difference, manifest.workspace, view, parts.contents)));
  await show(`${nameOf(record)} ↔ Workspace${why === null ? "" : " (files that were sent)"}`, rows);
}

async function present(parts: SnapshotParts, record: JobRecord, signal: AbortSignal): Promise<{ now: Manifest | null; why: string | null }> {
  try {
    const now = await parts.preview(record, signal);
    if (now.workspace === record.workspace) return { now, why: null };
    return { now: null, why: `the job was launched from ${record.workspace}, and this window has ${now.workspace} open.` };
  } catch (error) {
    signal.throwIfAborted();
    return { now: null, why: error instanceof SlingshotError ? error.message : errorText(error) };
  }
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

async function workspaceRow({ kind, path, place, before: old, after: fresh }: ClosureDifference, workspace: string, view: EditorView, contents: ContentStore): Promise<Row> {
  const now = place === null ? vscode.Uri.joinPath(vscode.Uri.file(workspace), path) : view.uriOf(place);
  const before = old === null ? undefined : snapshotUriAt(now, old.sha256);
  // Of a file outside the workspace folders only the content is known.
  const after = kind === "removed" ? undefined : place !== null ? now : fresh === null ? undefined : snapshotUriAt(now, fresh.sha256);
  if (old !== null && before !== undefined && after === now) await readAlike(before, now, old, contents);
  return { label: now, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
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
