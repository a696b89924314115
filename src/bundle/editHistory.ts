/**
 * Which files of a workspace were edited lately, as its launches saw them: `<state>/caches/edits/<digest of the path>.json`.
 * It decides only how files are grouped into layers; losing it costs one larger upload.
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { makePrivateFolder, readJson, writeJson } from "../base/files.js";
import type { Manifest } from "../snapshot/manifest.js";

/** Path → [digest seen last, time of the last change in milliseconds, 0 where none was seen]. */
type Seen = Record<string, [sha256: string, changedAt: number]>;

const lately = 24 * 60 * 60 * 1000;

/** Takes note of this snapshot's files and returns the paths that changed between launches of the last day. */
export function noteEdits(stateDir: string, manifest: Manifest, now = Date.now()): ReadonlySet<string> {
  const file = join(stateDir, "caches", "edits", `${createHash("sha256").update(manifest.workspace).digest("hex").slice(0, 32)}.json`);
  let seen: Seen;
  try {
    seen = readJson<Seen>(file) ?? {};
  } catch {
    seen = {};
  }
  let changed = false;
  const edited = new Set<string>();
  for (const { path, sha256 } of manifest.files) {
    const before = Object.hasOwn(seen, path) ? seen[path] : undefined;
    if (before?.[0] !== sha256) {
      seen[path] = [sha256, before === undefined ? 0 : now];
      changed = true;
    }
    if (now - (seen[path]?.[1] ?? 0) < lately) edited.add(path);
  }
  if (changed) {
    makePrivateFolder(dirname(file));
    writeJson(file, seen);
  }
  return edited;
}
