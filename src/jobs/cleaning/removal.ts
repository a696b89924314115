/** Removes files and folders step by step, and counts what that frees. What can't be removed stays and is counted too. */
import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { chmod, link, lstat, readdir, rename, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "../../base/errors.js";
import type { Pace } from "./pace.js";

/** What was removed, or would be. */
export interface Removed {
  files: number;
  /** Bytes on the disk: a file that has another name elsewhere frees none. */
  bytes: number;
  /** The first reason for which something stayed. */
  problem: string | null;
}

/** Ends the name of what is being taken away, so that a cleaning that was killed is recognised. */
export const awayEnding = /\.[0-9a-f]{12}\.away$/;

export class Removal {
  readonly removed: Removed = { files: 0, bytes: 0, problem: null };

  constructor(
    readonly pace: Pace,
    readonly dryRun: boolean,
  ) {}

  /** Removes one file for good. */
  async file(path: string): Promise<void> {
    await this.pace.step();
    const stats = await lstatOf(path);
    if (stats === undefined) return;
    await this.attempt(async () => {
      if (!this.dryRun) await unlink(path);
      this.count(stats);
    });
  }

  /**
   * Removes a file that is made or asked for by other processes at any time, unless it was used since `cutoff`: it is
   * renamed first, and where somebody marked it as used until then, it goes back. So a process that has marked it keeps it.
   */
  async unusedFile(path: string, cutoff: number): Promise<void> {
    await this.pace.step();
    const before = await lstatOf(path);
    if (before === undefined || before.mtimeMs >= cutoff) return;
    if (before.isDirectory()) return this.folder(path);
    await this.attempt(async () => {
      if (!this.dryRun) {
        const away = awayName(path);
        await rename(path, away);
        if ((await lstat(away)).mtimeMs >= cutoff) return bringBack(away, path);
        await unlink(away);
      }
      this.count(before);
    });
  }

  /** Removes a folder with all it holds, read-only or not; links are not followed. */
  async folder(path: string): Promise<void> {
    await this.pace.step();
    const stats = await lstatOf(path);
    if (stats === undefined) return;
    if (!stats.isDirectory()) return this.file(path);
    await this.attempt(async () => {
      if (!this.dryRun && (stats.mode & 0o700) !== 0o700) await chmod(path, 0o700);
      for (const name of await readdir(path)) await this.folder(join(path, name));
      if (!this.dryRun) await rmdir(path);
    });
  }

  /** Goes on where one thing can't be removed; what somebody else has removed is fine. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (error.code !== "ENOENT") this.removed.problem ??= error.message;
    }
  }

  private count(stats: Stats): void {
    this.removed.files++;
    if (stats.nlink <= 1) this.removed.bytes += stats.size;
  }
}

export function awayName(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.away`;
}

/** Gives a file its name back, unless it was made anew meanwhile. */
export async function bringBack(away: string, path: string): Promise<void> {
  try {
    await link(away, path);
  } catch (error) {
    // A file system without hard links. Both hold what the name says.
    if (!isErrno(error, "EEXIST")) return rename(away, path);
  }
  await unlink(away);
}

export async function lstatOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Names in a folder, sorted; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** Bytes of all files below a folder. */
export async function sizeBelow(folder: string, pace: Pace): Promise<number> {
  await pace.step();
  const stats = await lstatOf(folder);
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  let bytes = 0;
  try {
    for (const name of await namesIn(folder)) bytes += await sizeBelow(join(folder, name), pace);
  } catch (error) {
    // A folder that a program closed to its own user.
    if (!isErrno(error)) throw error;
  }
  return bytes;
}
