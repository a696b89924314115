/**
 * Proof that a snapshot is of one moment. Everything is read first and compared with the disk afterwards: what is equal
 * both times was so in between, and that moment is the snapshot's. A tool that writes many files leaves moments that are
 * half old and half new; git's lock tells them, for other tools there is no sign.
 */
import type { DiskCache, DiskFile } from "./diskCache.js";
import { lockedSince, repositoryTop } from "./repository.js";

/** What was not at rest, by absolute path. */
export interface Disturbance {
  /** Files of the snapshot that hold something else by now. */
  files: string[];
  /** Folders, build files and ignore files that were looked at and hold something else by now. */
  around: string[];
  /** Files and folders that changed since git took the lock that it still holds. */
  git: string[];
}

/** How long a git that holds its lock is taken to be writing files after the last one that was seen to change. */
const gitWritesMs = 5000;
/**
 * A file that was written so shortly ago and ends with a page, or is empty, may be in the middle of being written: programs
 * empty a file and write it in whole pages.
 */
const writingMs = 50;
const pageSize = 4096;

/** `files` are those of the snapshot; `changed` compares them with the disk. */
export function disturbanceOf(disk: DiskCache, files: readonly DiskFile[], folders: readonly string[], changed: () => string[]): Disturbance {
  settle(files);
  // First the lock, then the rest: without a lock, the moment at which it was looked for is the snapshot's.
  const git = writtenUnderLock(disk, files, folders);
  return { files: changed(), around: disk.disturbed(), git };
}

function writtenUnderLock(disk: DiskCache, files: readonly DiskFile[], folders: readonly string[]): string[] {
  const written: string[] = [];
  for (const top of new Set(folders.map(repositoryTop))) {
    const since = top === null ? null : lockedSince(top);
    if (since === null) continue;
    const changes = disk.changedSince(since, files);
    if (changes.some(({ at }) => Date.now() - at < gitWritesMs)) written.push(...changes.map(({ path }) => path));
  }
  return written;
}

/** Waits until no file is as young as one that is just being written. */
function settle(files: readonly DiskFile[]): void {
  const youngest = files.reduce((latest, { racy, signature }) => (racy && signature.size % pageSize === 0 ? Math.max(latest, signature.mtimeMs) : latest), 0);
  const age = Date.now() - youngest;
  if (age >= 0 && age < writingMs) pause(writingMs - age);
}

/** Blocks this thread for `milliseconds`. */
export function pause(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
