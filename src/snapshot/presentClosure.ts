/** A past snapshot beside the one that would be taken of the same entry now: also what came in, and what nothing imports any more. */
import { differences } from "./differences.js";
import type { Manifest, ManifestFile } from "./manifest.js";
import type { PresentDifference } from "./presentFiles.js";

/**
 * `changed`: other bytes; `added`: it would be sent now; `removed`: it would no longer be sent, whether it is still there
 * or not.
 */
export interface ClosureDifference {
  kind: "changed" | "added" | "removed";
  /** In the snapshots. */
  path: string;
  /** Absolute path now, or that of an untitled document; null where no workspace folder has it, so that only content is known. */
  place: string | null;
  before: ManifestFile | null;
  after: ManifestFile | null;
}

/**
 * @param found what differs at the paths of `before`
 * @param now the snapshot of the same entry in the same workspace as it would be now; null where none can be taken
 * @param place as of `placesOf`
 */
export function closureDifferences(
  before: Pick<Manifest, "files">, found: readonly PresentDifference[], now: Pick<Manifest, "files"> | null, place: (path: string) => string | null,
): ClosureDifference[] {
  const present = found.map(({ file, path, kind }): ClosureDifference => ({ kind: kind === "gone" ? "removed" : "changed", path: file.path, place: path, before: file, after: null }));
  if (now === null) return present;
  const placed = (path: string): string | null => (path.startsWith(".slingshot/untitled/") ? path : place(path));
  const known = new Map(present.map((difference) => [difference.path, difference]));
  for (const { path, before: old = null, after = null } of differences(before, now)) {
    const there = placed(path);
    if (old === null) known.set(path, { kind: "added", path, place: there, before: null, after });
    else if (after === null) known.set(path, { kind: "removed", path, place: there, before: old, after: null });
    // Elsewhere the files themselves have been compared, which are newer than the second snapshot.
    else if (there === null && old.sha256 !== after.sha256) known.set(path, { kind: "changed", path, place: null, before: old, after });
  }
  return [...known.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}
