/** A manifest as the Snapshot tab shows it. */
import type { EntryPoint, Manifest, ManifestFile, Reason } from "../snapshot/manifest.js";
import type { SnapshotView } from "./messages.js";

/** Files that the tab lists. */
const shownFiles = 5000;

export function snapshotView(manifest: Manifest): SnapshotView {
  const { files, fallbackRoots } = manifest;
  return {
    id: manifest.id,
    entry: entryText(manifest.entry),
    importRoots: manifest.importRoots.slice(0, 1000),
    fallbackRoots: [...fallbackRoots.declared, ...fallbackRoots.guessed.map((root) => `${root} (guessed)`)].slice(0, 1000),
    external: manifest.external.slice(0, 5000),
    files: [...files].sort(unsavedFirst).slice(0, shownFiles).map((file) => ({
      path: file.path,
      size: file.size,
      unsaved: file.origin === "buffer",
      reason: reasonText(file.reason),
      by: file.reason.by === undefined ? null : { path: file.reason.by, line: file.reason.line ?? 0 },
    })),
    total: files.length,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    unsaved: files.filter((file) => file.origin === "buffer").length,
    notes: manifest.notes.slice(0, 2000).map((note) => ({
      severity: note.severity,
      text: note.text.slice(0, 4000),
      path: note.file ?? null,
      line: note.line ?? null,
    })),
    excluded: manifest.excluded.slice(0, 2000).map(({ path, rule }) => ({ path, rule })),
  };
}

function unsavedFirst(a: ManifestFile, b: ManifestFile): number {
  return Number(b.origin === "buffer") - Number(a.origin === "buffer") || Number(b.reason.kind === "entry") - Number(a.reason.kind === "entry");
}

function entryText(entry: EntryPoint): string {
  const place = entry.module === null ? (entry.file ?? "") : `-m ${entry.module}`;
  return entry.function === null ? place : `${place}::${entry.function}`;
}

const reasons: Record<Reason["kind"], string> = {
  entry: "the entry",
  import: "imported by",
  "parent-package": "package of a module that is imported by",
  "dynamic-import": "imported dynamically by",
  include: "included by rule",
  "data-reference": "read by",
  "shadows-stdlib": "stands before the standard library for",
  conftest: "test configuration",
  "native-extension": "compiled module imported by",
};

function reasonText(reason: Reason): string {
  const text = reason.by === undefined ? reasons[reason.kind].replace(/ (that is )?\w* ?by$/, "") : reasons[reason.kind];
  return (reason.detail === undefined || reason.by !== undefined ? text : `${text} ${reason.detail}`).slice(0, 1500);
}
