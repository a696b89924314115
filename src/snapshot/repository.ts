/** The git repository around a folder, as far as a snapshot needs it. Git itself is not started. */
import { readFileSync } from "node:fs";
import { isErrno } from "../base/errors.js";
import { statOf } from "./diskCache.js";
import { absolute, below, parentOf } from "./paths.js";

/** The nearest folder at or above `folder` that holds `.git`; null where there is none. */
export function repositoryTop(folder: string): string | null {
  for (let directory = folder; ; directory = parentOf(directory)) {
    if (statOf(below(directory, ".git")) !== null) return directory;
    if (directory === "/") return null;
  }
}

/** Git's own folder of the working tree at `top`: `.git`, or what a file `.git` leads to (worktrees, submodules). */
export function gitFolder(top: string): string {
  const path = below(top, ".git");
  if (statOf(path)?.isFile() !== true) return path;
  try {
    const leads = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(path, "utf8"))?.[1];
    return leads === undefined ? path : absolute(top, leads);
  } catch (error) {
    if (isErrno(error)) return path;
    throw error;
  }
}

/**
 * Since when git has held the working tree's lock (milliseconds since the epoch); null while it holds none. Checkout,
 * reset, stash, merge and rebase hold it from before the first file that they write until after the last.
 */
export function lockedSince(top: string): number | null {
  const stat = statOf(below(gitFolder(top), "index.lock"));
  if (stat === null) return null;
  return stat.birthtimeMs > 0 ? Math.min(stat.birthtimeMs, stat.mtimeMs) : stat.mtimeMs;
}
