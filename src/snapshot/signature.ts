/** What stat(2) says of a file or directory, as a sign that it is still what was read. */
import type { Stats } from "node:fs";
import { timesProveContent } from "./fileSystems.js";

/** No file system that is believed has coarser times. */
const racyMs = 2000;

export interface Signature {
  size: number;
  mtimeMs: number;
  /** Of the last change of content, name or mode: what tools that restore the modification time can't restore. */
  ctimeMs: number;
  ino: number;
  dev: number;
  mode: number;
}

export function signatureOf(stat: Stats): Signature {
  return { size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, ino: stat.ino, dev: stat.dev, mode: stat.mode };
}

export function sameSignature(known: Signature, now: Signature): boolean {
  return known.size === now.size && known.mtimeMs === now.mtimeMs && known.ctimeMs === now.ctimeMs && known.ino === now.ino && known.dev === now.dev && known.mode === now.mode;
}

/**
 * Whether a later write could leave the signature that was taken at the time `now`: it was changed within the
 * granularity of the times, or the clock was set back since, or the file system's times prove nothing.
 */
export function isRacy({ mtimeMs, ctimeMs, dev }: Signature, path: string, now: number): boolean {
  return now - Math.max(mtimeMs, ctimeMs) < racyMs || !timesProveContent(dev, path);
}
