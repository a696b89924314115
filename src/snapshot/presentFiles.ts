/** What stands now at the paths of a snapshot: the workspace view compared with it, file by file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { isErrno } from "../base/errors.js";
import { digest } from "./diskCache.js";
import type { ManifestFile } from "./manifest.js";
import { Naming } from "./naming.js";
import { isInside } from "./paths.js";

/** `changed`: other bytes; `gone`: no file there, or none that can be read. */
export interface PresentDifference {
  file: ManifestFile;
  /** Absolute path, or that of an untitled document. */
  path: string;
  kind: "changed" | "gone";
}

/** Files that are hashed at the same time. */
const atOnce = 8;

/**
 * Where a snapshot's files are now: below its workspace folder, or below one of `folders` for files that came from there.
 * The answer is null for files that came from elsewhere, since no snapshot says from where.
 */
export function placesOf(workspace: string, folders: readonly string[]): (path: string) => string | null {
  const naming = new Naming(workspace);
  const others = new Map<string, string>();
  for (const folder of folders) {
    if (isInside(folder, workspace)) continue;
    naming.addBase(folder);
    const named = naming.find(folder);
    if (named !== null) others.set(named, folder);
  }
  return (path) => {
    if (!path.startsWith(".slingshot/")) return `${workspace}/${path}`;
    const [, named, rest] = /^(\.slingshot\/roots\/[^/]+)\/(.+)$/.exec(path) ?? [];
    const folder = named === undefined ? undefined : others.get(named);
    return folder === undefined ? null : `${folder}/${String(rest)}`;
  };
}

/**
 * The files among `files` that differ now, in their order; those without a place don't count.
 * @param overlays bytes of dirty documents by absolute path: they stand before the disk
 */
export async function presentDifferences(
  files: readonly ManifestFile[], place: (path: string) => string | null, overlays: ReadonlyMap<string, Uint8Array>, signal?: AbortSignal,
): Promise<PresentDifference[]> {
  const found = new Map<ManifestFile, PresentDifference>();
  const left = files.values();
  const work = async (): Promise<void> => {
    for (const file of left) {
      signal?.throwIfAborted();
      const path = overlays.has(file.path) ? file.path : place(file.path);
      const kind = path === null ? null : await differs(file, path, overlays.get(path));
      if (path !== null && kind !== null) found.set(file, { file, path, kind });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return files.flatMap((file) => found.get(file) ?? []);
}

async function differs(file: ManifestFile, path: string, overlay: Uint8Array | undefined): Promise<PresentDifference["kind"] | null> {
  if (overlay !== undefined) return digest(overlay) === file.sha256 ? null : "changed";
  try {
    const present = await stat(path);
    if (!present.isFile()) return "gone";
    return present.size === file.size && (await fileDigest(path)) === file.sha256 ? null : "changed";
  } catch (error) {
    if (isErrno(error)) return "gone";
    throw error;
  }
}

async function fileDigest(path: string): Promise<string> {
  const sha256 = createHash("sha256");
  for await (const piece of createReadStream(path)) sha256.update(piece as Buffer);
  return sha256.digest("hex");
}
