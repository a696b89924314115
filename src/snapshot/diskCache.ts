/**
 * What is known of the disk between snapshots: directory listings and files' digests and scans.
 * Each is believed only after a stat in the same snapshot; what was written within two seconds of being read
 * is read again, because a later write could have left the same times.
 */
import { hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync, type Stats } from "node:fs";
import { isErrno } from "../base/errors.js";
import { scanSource } from "./scan/scanSource.js";
import type { SourceScan } from "./scan/sourceScan.js";

/** What a directory's entry is: a link or an unknown type is settled by a stat when it is asked for. */
export const entryKind = { none: 0, file: 1, directory: 2, link: 3 } as const;
export type EntryKind = (typeof entryKind)[keyof typeof entryKind];

const racyMs = 2000;

export interface Signature {
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
  mode: number;
}

interface Listing {
  /** Names of entries that are directories, once asked for. */
  directories: string[] | null;
  entries: Map<string, EntryKind>;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
  racy: boolean;
  /** The snapshot in which this was last found true. */
  checked: number;
}

/** One file as it was read. */
export interface DiskFile {
  path: string;
  signature: Signature;
  racy: boolean;
  sha256: string;
  /** Scan of Python sources; null for other files. */
  scan: SourceScan | null;
  checked: number;
  /** The bytes, from the read in this snapshot until they are handed on; null when known from before. */
  bytes: Buffer | null;
}

const empty = new Map<string, EntryKind>();

export class DiskCache {
  private readonly listings = new Map<string, Listing>();
  private readonly files = new Map<string, DiskFile>();
  private readonly texts = new Map<string, { text: string; signature: Signature; racy: boolean; checked: number }>();
  private arena = Buffer.alloc(1 << 18);
  private epoch = 0;
  private trusting = false;
  private stored: (sha256: string) => boolean = () => false;

  /**
   * A snapshot begins: everything is checked against the disk once more. With `trusting`, known files are taken
   * as they are, because the caller compares the signatures of all it used at the end and starts again where one differs.
   * Bytes of new content are kept for the caller unless `stored` says that it has them.
   */
  begin(trusting: boolean, stored: (sha256: string) => boolean): void {
    this.epoch++;
    this.trusting = trusting;
    this.stored = stored;
  }

  /** Names in `directory`; empty where there is no such directory or it can't be read. */
  list(directory: string): ReadonlyMap<string, EntryKind> {
    const known = this.listings.get(directory);
    if (known !== undefined && known.checked === this.epoch) return known.entries;
    const stat = statOf(directory);
    if (stat === null || !stat.isDirectory()) {
      this.listings.delete(directory);
      return empty;
    }
    if (known !== undefined && !known.racy && known.mtimeMs === stat.mtimeMs && known.ctimeMs === stat.ctimeMs && known.ino === stat.ino) {
      known.checked = this.epoch;
      return known.entries;
    }
    const listing = { directories: null, entries: readEntries(directory), mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, ino: stat.ino, racy: isRacy(stat), checked: this.epoch };
    this.listings.set(directory, listing);
    return listing.entries;
  }

  /** Names of the directories in `directory`, links apart. */
  directories(directory: string): readonly string[] {
    const entries = this.list(directory);
    const listing = this.listings.get(directory);
    if (listing === undefined) return [];
    listing.directories ??= [...entries].flatMap(([name, kind]) => (kind === entryKind.directory ? [name] : []));
    return listing.directories;
  }

  /**
   * The file at `path`, read unless its stat signature is the known one.
   * Throws the file system's error where it can't be read.
   */
  file(path: string, wantScan: boolean, limit: number): DiskFile | "too-large" {
    const known = this.files.get(path);
    if (known !== undefined && known.checked === this.epoch && (known.scan !== null || !wantScan)) return known;
    if (known !== undefined && !known.racy && (known.scan !== null || !wantScan)) {
      if (this.trusting || sameSignature(known.signature, statSync(path))) {
        known.checked = this.epoch;
        return known;
      }
    }
    const read = this.read(path, limit);
    if (read === null) return "too-large";
    const { bytes, stat } = read;
    const sha256 = digest(bytes);
    const scan = wantScan ? (known !== undefined && known.sha256 === sha256 && known.scan !== null ? known.scan : scanSource(bytes)) : (known?.sha256 === sha256 ? known.scan : null);
    const file: DiskFile = { path, signature: signatureOf(stat), racy: isRacy(stat), sha256, scan, checked: this.epoch, bytes: this.stored(sha256) ? null : Buffer.from(bytes) };
    this.files.set(path, file);
    return file;
  }

  /** The bytes of `file` again, or null where it is no longer the file that was read. */
  reread(file: DiskFile): Buffer | null {
    const read = this.read(file.path, Number.POSITIVE_INFINITY);
    if (read === null || digest(read.bytes) !== file.sha256) return null;
    return Buffer.from(read.bytes);
  }

  /** Text of a small file, kept while its stat signature stays; null where it can't be read. */
  text(path: string): string | null {
    const known = this.texts.get(path);
    if (known?.checked === this.epoch) return known.text;
    const stat = statOf(path);
    if (stat === null || !stat.isFile()) return null;
    if (known !== undefined && !known.racy && sameSignature(known.signature, signatureOf(stat))) {
      known.checked = this.epoch;
      return known.text;
    }
    try {
      const text = readFileSync(path, "utf8");
      this.texts.set(path, { text, signature: signatureOf(stat), racy: isRacy(stat), checked: this.epoch });
      return text;
    } catch (error) {
      if (isErrno(error)) return null;
      throw error;
    }
  }

  forget(path: string): void {
    this.files.delete(path);
  }

  /** Bytes of `path` in the arena, valid until the next read. */
  private read(path: string, limit: number): { bytes: Buffer; stat: Stats } | null {
    const descriptor = openSync(path, "r");
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) throw Object.assign(new Error(`${path} is no regular file`), { code: "EISDIR" });
      if (stat.size > limit) return null;
      if (this.arena.length < stat.size + 1) this.arena = Buffer.allocUnsafe(stat.size * 2);
      let length = 0;
      for (;;) {
        if (length === this.arena.length) this.arena = Buffer.concat([this.arena], this.arena.length * 2);
        const count = readSync(descriptor, this.arena, length, this.arena.length - length, null);
        if (count === 0) break;
        length += count;
        if (length >= stat.size && length > 0) {
          if (length === stat.size) break;
        }
      }
      return { bytes: this.arena.subarray(0, length), stat };
    } finally {
      closeSync(descriptor);
    }
  }
}

export function signatureOf(stat: Stats): Signature {
  return { size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, ino: stat.ino, mode: stat.mode };
}

export function sameSignature(known: Signature, now: Signature): boolean {
  return known.size === now.size && known.mtimeMs === now.mtimeMs && known.ctimeMs === now.ctimeMs && known.ino === now.ino && known.mode === now.mode;
}

/** The stat of what `path` leads to, or null where there is nothing. */
export function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (isErrno(error, "ENOTDIR", "ELOOP", "EACCES", "ENAMETOOLONG", "EPERM")) return null;
    throw error;
  }
}

/** SHA-256 in lower-case hexadecimal. */
export function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

function isRacy(stat: Stats): boolean {
  return Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs) < racyMs;
}

function readEntries(directory: string): Map<string, EntryKind> {
  const entries = new Map<string, EntryKind>();
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      entries.set(entry.name, entry.isFile() ? entryKind.file : entry.isDirectory() ? entryKind.directory : entry.isSymbolicLink() ? entryKind.link : entryKind.none);
    }
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
  return entries;
}
