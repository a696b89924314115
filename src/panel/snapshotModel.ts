/** A manifest as the Snapshot tab and "What Will Be Sent" show it. */
import { stateWords } from "../jobs/stateWords.js";
import { differences, type Difference } from "../snapshot/differences.js";
import type { EntryPoint, Manifest, ManifestFile } from "../snapshot/manifest.js";
import { ReasonChains, reasonWords, stepWords } from "../snapshot/reasonChain.js";
import type { Change, ChainStepView, SnapshotView } from "./messages.js";
import type { ShownJob } from "./panelHost.js";

/** Files that are listed. */
export const shownFiles = 50_000;
const shownOthers = 20_000;
const shownSteps = 2000;

/** The last run of the entry, with what it sent. */
export interface PreviousRun {
  job: ShownJob;
  manifest: Manifest;
}

export function snapshotView(manifest: Manifest, previous: PreviousRun | null = null): SnapshotView {
  const { files, fallbackRoots } = manifest;
  const changed = previous === null ? [] : differences(previous.manifest, manifest);
  const changeOfPath = new Map(changed.map((one) => [one.path, changeOf(one)]));
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
      reason: reasonWords(file.reason).slice(0, 1500),
      by: file.reason.by === undefined ? null : { path: file.reason.by, line: file.reason.line ?? 0 },
      change: changeOfPath.get(file.path) ?? null,
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
    excluded: manifest.excluded.slice(0, shownOthers).map(({ path, rule }) => ({ path, rule: rule.slice(0, 4000), place: placeOfRule(rule) })),
    excludedTotal: manifest.excluded.length,
    changes:
      previous === null
        ? null
        : {
            job: previous.job.record.id,
            at: previous.job.record.createdAt,
            state: stateWords(previous.job.status).slice(0, 1000),
            files: changed.slice(0, shownOthers).map((one) => ({ path: one.path, change: changeOf(one), detail: modeChange(one) })),
            total: changed.length,
          },
  };
}

/** The way from the entry to a file. `lineOf`: the text of a line of a file of the snapshot, or null. */
export function chainView(manifest: Manifest, path: string, lineOf: (file: ManifestFile, line: number) => string | null): ChainStepView[] {
  const chain = new ReasonChains(manifest.files).of(path);
  if (chain === undefined) return [];
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  const steps = chain.steps.slice(0, shownSteps).map((step): ChainStepView => {
    const file = files.get(step.path);
    const code = file === undefined || step.line === null ? null : lineOf(file, step.line);
    return { path: step.path, line: step.line ?? 0, words: stepWords(step), code: code === null ? null : code.trim().slice(0, 300) };
  });
  // A chain that begins at the entry needs no word about it; any other says what brought its first file in.
  if (chain.start.reason.kind === "entry" && steps.length > 0) return steps;
  return [{ path: chain.start.path, line: 0, words: reasonWords(chain.start.reason).slice(0, 4000), code: null }, ...steps];
}

function changeOf({ before, after }: Difference): Change {
  return before === undefined ? "added" : after === undefined ? "removed" : "changed";
}

function modeChange({ before, after }: Difference): string | null {
  if (before === undefined || after === undefined || before.mode === after.mode) return null;
  return after.mode === "755" ? "now executable" : "no longer executable";
}

/** `.gitignore:3` is a line of a file; other rules are words. */
function placeOfRule(rule: string): { path: string; line: number } | null {
  const match = /^(.{1,4000}):(\d{1,8})$/.exec(rule);
  return match === null ? null : { path: match[1] ?? "", line: Number(match[2]) };
}

function unsavedFirst(a: ManifestFile, b: ManifestFile): number {
  return Number(b.reason.kind === "entry") - Number(a.reason.kind === "entry") || Number(b.origin === "buffer") - Number(a.origin === "buffer");
}

function entryText(entry: EntryPoint): string {
  const place = entry.module === null ? (entry.file ?? "") : `-m ${entry.module}`;
  return entry.function === null ? place : `${place}::${entry.function}`;
}
