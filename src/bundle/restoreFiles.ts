/** Writes files of a snapshot into a folder, as the tree has them. Nothing is written outside the folder, and through no link. */
import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isErrno, SlingshotError } from "../base/errors.js";
import type { ManifestFile } from "../snapshot/manifest.js";
import type { ContentStore } from "./contentStore.js";

export type StoredFile = Pick<ManifestFile, "path" | "mode" | "sha256">;

/** The parts of a manifest path. @throws SlingshotError for one that would lead out of its folder */
export function pathParts(path: string, platform: NodeJS.Platform = process.platform): string[] {
  const parts = path.split("/");
  const outside = path.includes("\0") || parts.some((part) => part === "" || part === "." || part === ".." || (platform === "win32" && /[\\:]/.test(part)));
  if (outside) throw new SlingshotError("refused", "path", `The snapshot names the file ${JSON.stringify(path)}, which lies outside any folder.`, "Restore the other files.");
  return parts;
}

/** @throws SlingshotError where the content of one of the files is no longer stored, by their names */
export function requireContent(files: readonly StoredFile[], store: Pick<ContentStore, "has">): void {
  const missing = files.filter((file) => !store.has(file.sha256));
  const [first] = missing;
  if (first === undefined) return;
  const more = missing.length > 1 ? ` (and of ${String(missing.length - 1)} more)` : "";
  throw new SlingshotError("refused", "content-gone", `The content of ${first.path}${more} is no longer stored.`, "Choose other files of the snapshot.");
}

/** Paths of the files that `folder` has already. */
export async function presentBelow(folder: string, files: readonly StoredFile[]): Promise<string[]> {
  const present: string[] = [];
  for (const { path } of files) if ((await lstatOf(join(folder, ...pathParts(path)))) !== undefined) present.push(path);
  return present;
}

/**
 * Writes each file beside and renames it; what is there already is replaced. The folder is made where it is missing.
 * @param progress hears how many files are done
 * @throws SlingshotError where content is damaged or missing, or something in `folder` is in the way
 */
export async function restoreFiles(
  files: readonly StoredFile[], folder: string, store: Pick<ContentStore, "has" | "path">, options: { signal?: AbortSignal; progress?: (done: number) => void } = {},
): Promise<void> {
  for (const { path } of files) pathParts(path);
  requireContent(files, store);
  await mkdir(folder, { recursive: true });
  const base = await realpath(folder);
  const made = new Set<string>();
  for (const [index, file] of files.entries()) {
    options.signal?.throwIfAborted();
    const parts = pathParts(file.path);
    let parent = base;
    for (const part of parts.slice(0, -1)) {
      parent = join(parent, part);
      if (!made.has(parent)) await enter(parent);
      made.add(parent);
    }
    await write(file, join(base, ...parts), store);
    options.progress?.(index + 1);
  }
}

/** Makes the folder, or finds it: a link in its place could lead anywhere. */
async function enter(folder: string): Promise<void> {
  const there = await lstatOf(folder);
  if (there === undefined) await mkdir(folder);
  else if (!there.isDirectory()) throw inTheWay(folder, there.isSymbolicLink() ? "is a link" : "is no folder");
}

async function write(file: StoredFile, path: string, store: Pick<ContentStore, "path">): Promise<void> {
  if ((await lstatOf(path))?.isDirectory() === true) throw inTheWay(path, "is a folder");
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  const from = await open(store.path(file.sha256), "r");
  try {
    // The user's umask applies, as to any file that they make.
    const to = await open(beside, "wx", file.mode === "755" ? 0o777 : 0o666);
    const sha256 = createHash("sha256");
    try {
      const piece = Buffer.allocUnsafe(1 << 20);
      for (;;) {
        const { bytesRead } = await from.read(piece, 0, piece.length, null);
        if (bytesRead === 0) break;
        sha256.update(piece.subarray(0, bytesRead));
        await to.writeFile(piece.subarray(0, bytesRead));
      }
    } finally {
      await to.close();
    }
    if (sha256.digest("hex") !== file.sha256) {
      throw new SlingshotError("refused", "content-damaged", `The stored content of ${file.path} is damaged.`, "Run the job again from the present code: it is stored anew then.");
    }
    await rename(beside, path);
  } finally {
    await from.close();
    await rm(beside, { force: true });
  }
}

async function lstatOf(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

function inTheWay(path: string, what: string): SlingshotError {
  return new SlingshotError("refused", "in-the-way", `${path} ${what}, so nothing is written there.`, "Move it away, or choose another folder.");
}
