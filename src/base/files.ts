/** Files that other processes read: written beside and renamed, private to the user. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, utimesSync, writeSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { isErrno } from "./errors.js";

/** Creates a folder (and its parents) that only the user may enter. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Replaces `path` by `text` in one step, mode 0600: a reader sees the old text or the new one. */
export function writeAtomically(path: string, text: string | Uint8Array, options: { durable?: boolean } = {}): void {
  const beside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = openSync(beside, "wx", 0o600);
    try {
      const bytes = typeof text === "string" ? Buffer.from(text) : text;
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      if (options.durable === true) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

export function writeJson(path: string, value: unknown, options: { durable?: boolean } = {}): void {
  writeAtomically(path, JSON.stringify(value), options);
}

/** The JSON value in a file, or undefined where the file does not exist. Throws SyntaxError on malformed text. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/**
 * Notes that a file which can be made again is in use now, by its modification time: cleaning spares it (jobs/cleaning).
 * False where there is no such file.
 */
export function markUsed(path: string): boolean {
  const now = new Date();
  try {
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    // What this user can't touch, this user's cleaning can't remove either.
    if (isErrno(error, "EPERM", "EACCES", "EROFS")) return true;
    throw error;
  }
}
