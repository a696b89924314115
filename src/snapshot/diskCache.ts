/**
 * What is known of the disk between snapshots: directory listings and files' digests and scans.
 * Each is believed only after a stat in the same snapshot; what was written within two seconds of being read
 * is read again, because a later write could have left the same times, and so is all that lies on a file system
 * whose times prove nothing.
 */
import { hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync, type Stats } from "node:fs";
import { isErrno } from "../base/errors.js";
import { scanSource } from "./scan/scanSource.js";
import type { SourceScan } from "./scan/sourceScan.js";
import { isRacy, sameSignature, signatureOf, type Signature } from "./signature.js";

/** What a directory's entry is: a link or an unknown type is settled by a stat when it is asked for. */
export const entryKind = { none: 0, file: 1, directory: 2, link: 3 } as const;
export type EntryKind = (typeof entryKind)[keyof typeof entryKind];

/** Bytes from which on a file is read into memory of its own, so that it is held once. */
const large = 1 << 26;
const mostAtOnce = 1 << 30;
/** Bytes that a file of a snapshot may have. */
export const largestFile = 2 ** 31 - 2;

/** `checked` of what another process has found. */
const learned = -1;

interface Listing {
  path: string;
  /** Names of entries that are directories, once asked for. */
  directories: string[] | null;
  entries: Map<string, EntryKind>;
  /** Whether the directory is there but can't be listed. */
  denied: boolean;
  signature: Signature;
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

interface KnownText {
  path: string;
  text: string;
  signature: Signature;
  racy: boolean;
  checked: number;
}

const empty = new Map<string, EntryKind>();

export class DiskCache {
  private readonly listings = new Map<string, Listing>();
  private readonly files = new Map<string, DiskFile>();
  private readonly texts = new Map<string, KnownText>();
  /** What this snapshot has looked at besides the files that it holds. */
  private usedListings: Listing[] = [];
  private usedTexts: KnownText[] = [];
  private arena = Buffer.alloc(1 << 18);
  private epoch = 0;
  /** What has been read from the disk so far. */
  readonly reads = { files: 0, bytes: 0 };
  private trusting = false;
  private stored: (sha256: string) => boolean = () => false;

  /**
   * A snapshot begins: everything is checked against the disk once more. With `trusting`, what is known is taken
   * as it is, because the caller compares all that was used with the disk at the end and starts again where it differs.
   * Bytes of new content are kept for the caller unless `stored` says that it has them.
   */
  begin(trusting: boolean, stored: (sha256: string) => boolean): void {
    this.epoch++;
    this.trusting = trusting;
    this.stored = stored;
    this.usedListings = [];
    this.usedTexts = [];
  }

  /** Names in `directory`; empty where there is no such directory or it can't be read. */
  list(directory: string): ReadonlyMap<string, EntryKind> {
    const known = this.listings.get(directory);
    if (known !== undefined && known.checked === this.epoch) return known.entries;
    const listing = this.listing(directory, known);
    if (listing === null) {
      this.listings.delete(directory);
      return empty;
    }
    if (listing !== known) this.listings.set(directory, listing);
    listing.checked = this.epoch;
    this.usedListings.push(listing);
    return listing.entries;
  }

  private listing(directory: string, known: Listing | undefined): Listing | null {
    if (known !== undefined && !known.racy && this.trusting) return known;
    const now = Date.now();
    const stat = statOf(directory);
    if (stat === null || !stat.isDirectory()) return null;
    const signature = signatureOf(stat);
    if (known !== undefined && !known.racy && sameSignature(known.signature, signature)) return known;
    const entries = readEntries(directory);
    return { path: directory, directories: null, entries: entries ?? empty, denied: entries === null, signature, racy: isRacy(signature, directory, now), checked: this.epoch };
  }

  /** Whether `directory` is there but can't be listed. */
  isDenied(directory: string): boolean {
    this.list(directory);
    return this.listings.get(directory)?.denied === true;
  }

  /** Directories and build or ignore files that this snapshot has looked at and that hold something else by now. */
  disturbed(): string[] {
    const disturbed: string[] = [];
    for (const { path, signature, racy, entries } of this.usedListings) {
      const stat = statOf(path);
      if (stat !== null && !racy && sameSignature(signature, signatureOf(stat))) continue;
      if (stat === null || !sameEntries(entries, readEntries(path) ?? empty)) disturbed.push(path);
    }
    for (const { path, signature, racy, text } of this.usedTexts) {
      const stat = statOf(path);
      if (stat !== null && !racy && sameSignature(signature, signatureOf(stat))) continue;
      if (stat === null || readText(path) !== text) disturbed.push(path);
    }
    return disturbed;
  }

  /** Of the directories that this snapshot has looked at and of `files`, those changed at or after the time `since`. */
  changedSince(since: number, files: readonly DiskFile[]): { path: string; at: number }[] {
    return [...this.usedListings, ...files].map(({ path, signature }) => ({ path, at: Math.max(signature.mtimeMs, signature.ctimeMs) })).filter(({ at }) => at >= since);
  }

  /** Whether `path` still holds what was read as `file`. */
  isStill(file: DiskFile): boolean {
    const stat = statOf(file.path);
    if (stat === null || !sameSignature(file.signature, signatureOf(stat))) return false;
    return !file.racy || this.reread(file) !== null;
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
      if ((this.trusting && known.checked !== learned) || sameSignature(known.signature, statSync(path))) {
        known.checked = this.epoch;
        return known;
      }
    }
    const now = Date.now();
    const read = this.read(path, limit);
    if (read === null) return "too-large";
    const { bytes } = read;
    this.reads.files++;
    this.reads.bytes += bytes.length;
    const sha256 = digest(bytes);
    const scan = wantScan ? (known !== undefined && known.sha256 === sha256 && known.scan !== null ? known.scan : scanSource(bytes)) : (known?.sha256 === sha256 ? known.scan : null);
    const signature = { ...signatureOf(read.stat), size: bytes.length };
    const file: DiskFile = { path, signature, racy: isRacy(signature, path, now), sha256, scan, checked: this.epoch, bytes: this.stored(sha256) ? null : this.owned(bytes) };
    this.files.set(path, file);
    return file;
  }

  /** Takes in what another process knew of files: each is looked at once more before it is believed. */
  learn(files: readonly DiskFile[]): void {
    for (const file of files) {
      file.checked = learned;
      this.files.set(file.path, file);
    }
  }

  /** Files of this snapshot whose signature proves their content. */
  certain(): DiskFile[] {
    return [...this.files.values()].filter(({ checked, racy }) => checked === this.epoch && !racy).map((file) => ({ ...file, bytes: null }));
  }

  /** The bytes of `file` again, or null where it is no longer the file that was read. */
  reread(file: DiskFile): Buffer | null {
    try {
      const read = this.read(file.path, Number.POSITIVE_INFINITY);
      return read === null || digest(read.bytes) !== file.sha256 ? null : this.owned(read.bytes);
    } catch (error) {
      if (isErrno(error)) return null;
      throw error;
    }
  }

  /** Text of a small file, kept while its stat signature stays; null where it can't be read. */
  text(path: string): string | null {
    const known = this.texts.get(path);
    if (known?.checked === this.epoch) return known.text;
    const text = this.textOf(path, known);
    if (text === null) return null;
    if (text !== known) this.texts.set(path, text);
    text.checked = this.epoch;
    this.usedTexts.push(text);
    return text.text;
  }

  private textOf(path: string, known: KnownText | undefined): KnownText | null {
    if (known !== undefined && !known.racy && this.trusting) return known;
    const now = Date.now();
    const stat = statOf(path);
    if (stat === null || !stat.isFile()) return null;
    const signature = signatureOf(stat);
    if (known !== undefined && !known.racy && sameSignature(known.signature, signature)) return known;
    const text = readText(path);
    return text === null ? null : { path, text, signature, racy: isRacy(signature, path, now), checked: this.epoch };
  }

  /** `bytes`, safe from the next read. */
  private owned(bytes: Buffer): Buffer {
    return bytes.buffer === this.arena.buffer ? Buffer.from(bytes) : bytes;
  }

  forget(path: string): void {
    this.files.delete(path);
  }

  /** Bytes of `path`, in the arena and valid until the next read unless the file is large; null where it is too large. */
  private read(path: string, limit: number): { bytes: Buffer; stat: Stats } | null {
    const descriptor = openSync(path, "r");
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) throw Object.assign(new Error(`${path} is no regular file`), { code: "EISDIR" });
      if (stat.size > Math.min(limit, largestFile)) return null;
      let buffer = this.arena;
      if (stat.size >= large) buffer = Buffer.allocUnsafe(stat.size + 1);
      else if (buffer.length <= stat.size) this.arena = buffer = Buffer.allocUnsafe(stat.size * 2);
      let length = 0;
      for (;;) {
        if (length > largestFile) return null;
        if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
        const count = readSync(descriptor, buffer, length, Math.min(buffer.length - length, mostAtOnce), null);
        if (count === 0) break;
        length += count;
        if (length === stat.size) break;
      }
      return { bytes: buffer.subarray(0, length), stat };
    } finally {
      closeSync(descriptor);
    }
  }
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

function sameEntries(one: ReadonlyMap<string, EntryKind>, other: ReadonlyMap<string, EntryKind>): boolean {
  if (one.size !== other.size) return false;
  for (const [name, kind] of one) if (other.get(name) !== kind) return false;
  return true;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error)) return null;
    throw error;
  }
}

/** Null where the directory can't be listed. */
function readEntries(directory: string): Map<string, EntryKind> | null {
  const entries = new Map<string, EntryKind>();
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      entries.set(entry.name, entry.isFile() ? entryKind.file : entry.isDirectory() ? entryKind.directory : entry.isSymbolicLink() ? entryKind.link : entryKind.none);
    }
  } catch (error) {
    if (isErrno(error, "EACCES", "EPERM", "EIO")) return null;
    if (!isErrno(error, "ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG")) throw error;
  }
  return entries;
}
