/** The workspace view: the disk overlaid by the frozen documents. All paths are absolute, or `.slingshot/untitled/…`. */
import { lstatSync } from "node:fs";
import { SlingshotError, isErrno } from "../base/errors.js";
import { digest, entryKind, largestFile, statOf, type DiskCache, type DiskFile, type EntryKind } from "./diskCache.js";
import type { Origin } from "./manifest.js";
import { below, parentOf, baseName } from "./paths.js";
import type { Overlay } from "./request.js";
import type { LastGood } from "./lastGood.js";
import { scanSource } from "./scan/scanSource.js";
import type { SourceScan } from "./scan/sourceScan.js";
import { scannedNotebook } from "./notebookScan.js";
import { zipDirectory, type ZipDirectory } from "./zipDirectory.js";

/** A file of the view, read. */
export interface ViewFile {
  path: string;
  origin: Origin;
  size: number;
  sha256: string;
  executable: boolean;
  scan: SourceScan | null;
  disk: DiskFile | null;
}

const binds = /\bimport[ \t]*\(?[ \t]*\*|__getattr__|\bglobals\b|\bsetattr\b|\bexec\b|\bvars\b|\blocals\b|\blazy|__dict__|sys\.modules/;
const noEntries: ReadonlyMap<string, EntryKind> = new Map();

export class WorkspaceView {
  private readonly overlays = new Map<string, Overlay>();
  private readonly added = new Map<string, Map<string, EntryKind>>();
  private readonly merged = new Map<string, ReadonlyMap<string, EntryKind>>();
  private readonly links = new Map<string, EntryKind>();
  private readonly files = new Map<string, ViewFile>();
  private readonly texts = new Map<string, string>();
  private readonly zips = new Map<string, ZipDirectory | null>();

  constructor(
    private readonly disk: DiskCache,
    private readonly lastGood: LastGood,
    overlays: readonly Overlay[],
    private readonly limit: number,
  ) {
    for (const overlay of overlays) {
      this.overlays.set(overlay.path, overlay);
      let path = overlay.path;
      let kind: EntryKind = entryKind.file;
      while (path.includes("/") && path !== "/") {
        const parent = parentOf(path);
        const entries = this.added.get(parent) ?? new Map<string, EntryKind>();
        this.added.set(parent, entries);
        if (entries.has(baseName(path))) break;
        entries.set(baseName(path), kind);
        kind = entryKind.directory;
        path = parent;
      }
    }
  }

  /** What `name` is in `directory`, links followed; the case of the name counts on every disk. */
  kind(directory: string, name: string): EntryKind {
    const kind = this.list(directory).get(name) ?? entryKind.none;
    return kind === entryKind.link ? this.follow(below(directory, name)) : kind;
  }

  kindOf(path: string): EntryKind {
    return path === "/" ? entryKind.directory : this.kind(parentOf(path), baseName(path));
  }

  /** Whether `path` is a directory, asked of the disk: for roots, whose parents may be unreadable. */
  isDirectory(path: string): boolean {
    return this.added.has(path) || statOf(path)?.isDirectory() === true;
  }

  list(directory: string): ReadonlyMap<string, EntryKind> {
    const added = this.added.get(directory);
    if (added === undefined) {
      const entries = this.disk.list(directory);
      return entries.size === 0 && this.zips.size > 0 ? (this.inZip(directory)?.entries ?? entries) : entries;
    }
    let merged = this.merged.get(directory);
    if (merged === undefined) {
      merged = new Map([...this.disk.list(directory), ...added]);
      this.merged.set(directory, merged);
    }
    return merged;
  }

  /** Whether `directory` is there but can't be listed. */
  isDenied(directory: string): boolean {
    return this.disk.isDenied(directory);
  }

  /** Names of the directories on the disk in `directory`, links apart. */
  directories(directory: string): readonly string[] {
    return this.disk.directories(directory);
  }

  private follow(path: string): EntryKind {
    let kind = this.links.get(path);
    if (kind === undefined) {
      const stat = statOf(path);
      kind = stat === null ? entryKind.none : stat.isDirectory() ? entryKind.directory : stat.isFile() ? entryKind.file : entryKind.none;
      this.links.set(path, kind);
    }
    return kind;
  }

  /** Makes the zip archive at `path` readable as a directory; false where it is none. */
  openZip(path: string): boolean {
    let zip = this.zips.get(path);
    if (zip === undefined) {
      zip = zipDirectory(path);
      this.zips.set(path, zip);
    }
    return zip !== null;
  }

  /** The archive that holds `path`, which is a member of it. */
  zipOf(path: string): string | null {
    for (const [zip, directory] of this.zips) if (directory !== null && path.startsWith(`${zip}/`)) return zip;
    return null;
  }

  private inZip(path: string): { entries: ReadonlyMap<string, EntryKind> } | null {
    for (const [zip, directory] of this.zips) {
      if (directory !== null && (path === zip || path.startsWith(`${zip}/`))) return { entries: directory.list(path === zip ? "" : path.slice(zip.length + 1)) ?? noEntries };
    }
    return null;
  }

  hasOverlay(path: string): boolean {
    return this.overlays.has(path);
  }

  overlayText(path: string): Uint8Array | null {
    return this.overlays.get(path)?.bytes ?? null;
  }

  /** The file at `path`; with `wantScan`, its scan as Python. Refuses what can't be read. */
  file(path: string, wantScan: boolean): ViewFile {
    const known = this.files.get(path);
    if (known !== undefined && (known.scan !== null || !wantScan)) return known;
    const file = this.overlays.has(path) ? this.fromBuffer(path, wantScan) : this.fromDisk(path, wantScan);
    this.files.set(path, file);
    return file;
  }

  /** Bytes of the file at `path`, without reading it. */
  size(path: string): number {
    const known = this.files.get(path);
    return known?.size ?? this.overlays.get(path)?.bytes.length ?? statOf(path)?.size ?? 0;
  }

  /** Text of a small file (a build file, an ignore file), dirty buffers first; null where it can't be read. */
  text(path: string): string | null {
    const overlay = this.overlays.get(path);
    return overlay === undefined ? this.disk.text(path) : Buffer.from(overlay.bytes).toString("utf8");
  }

  /**
   * Whether the Python source at `path` spells `name`, or holds something that can bind names without spelling them
   * (`*` imports, `__getattr__`, `globals()`, `setattr`, `exec`, lazy loaders).
   */
  mentions(path: string, name: string): boolean {
    let text = this.texts.get(path);
    if (text === undefined) {
      const file = this.file(path, true);
      const bytes = this.overlays.get(path)?.bytes ?? (file.disk === null ? null : (file.disk.bytes ?? this.disk.reread(file.disk)));
      text = bytes === null ? "*" : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
      if (binds.test(text)) text = "*";
      this.texts.set(path, text);
    }
    return text === "*" || text.includes(name);
  }

  /** The scan of a member of an archive on a root. */
  zippedScan(path: string): SourceScan | null {
    const zip = this.zipOf(path);
    const bytes = zip === null ? null : (this.zips.get(zip)?.read(path.slice(zip.length + 1)) ?? null);
    return bytes === null ? null : scanSource(bytes);
  }

  private fromBuffer(path: string, wantScan: boolean): ViewFile {
    const bytes = this.overlays.get(path)?.bytes ?? new Uint8Array();
    const sha256 = digest(bytes);
    const stat = path.startsWith("/") ? statOf(path) : null;
    const scan = wantScan ? this.lastGood.scan(path, sha256, () => scanned(path, bytes), () => this.savedScan(path)) : null;
    return { path, origin: "buffer", size: bytes.length, sha256, executable: stat !== null && (stat.mode & 0o100) !== 0, scan, disk: null };
  }

  /** The scan of what lies on the disk under a buffer; null where there is nothing to read. */
  private savedScan(path: string): SourceScan | null {
    if (!path.endsWith(".py") || statOf(path)?.isFile() !== true) return null;
    try {
      const disk = this.disk.file(path, true, this.limit);
      return disk === "too-large" ? null : disk.scan;
    } catch (error) {
      if (isErrno(error)) return null;
      throw error;
    }
  }

  private fromDisk(path: string, wantScan: boolean): ViewFile {
    let disk: DiskFile | "too-large";
    const notebook = /\.(ipynb|ipy)$/.test(path);
    try {
      disk = this.disk.file(path, wantScan && !notebook, this.limit);
    } catch (error) {
      throw unreadable(path, error);
    }
    if (disk === "too-large") throw tooLarge(path, this.limit, statOf(path)?.size ?? 0);
    const { signature, sha256 } = disk;
    const scan = wantScan && notebook ? scanned(path, disk.bytes ?? this.disk.reread(disk) ?? new Uint8Array()) : disk.scan;
    return { path, origin: "disk", size: signature.size, sha256, executable: (signature.mode & 0o100) !== 0, scan, disk };
  }
}

function scanned(path: string, bytes: Uint8Array): SourceScan {
  return /\.(ipynb|ipy)$/.test(path) ? scannedNotebook(path, bytes) : scanSource(bytes);
}

function tooLarge(path: string, limit: number, size: number): SlingshotError {
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  if (size <= limit) return new SlingshotError("refused", "too-large", `${path} is ${mb(size)}; a file of a snapshot may have ${mb(largestFile)}.`, 'Put it where the engine can read it, and leave it out with "bundle.exclude" or .slingshotignore.', { file: path });
  return new SlingshotError("refused", "too-large", `${path} is ${mb(size)}, more than the snapshot's limit of ${mb(limit)}.`, 'Raise "bundle.maxSize" in .vscode/slingshot.json, or leave the file out with "bundle.exclude".', { file: path });
}

/** The refusal for a file that is needed and can't be read. */
export function unreadable(path: string, error: unknown): SlingshotError {
  let why = "can't be read";
  if (isErrno(error, "EACCES", "EPERM")) why = "can't be read: permission denied";
  else if (isErrno(error, "ENOENT")) why = isDangling(path) ? "is a link that leads nowhere" : "vanished while the snapshot was taken";
  else if (isErrno(error, "ELOOP")) why = "is a link that leads back to itself";
  else if (isErrno(error, "EISDIR")) why = "is no regular file";
  return new SlingshotError("refused", "unreadable", `${path} ${why}.`, 'Make the file readable, or leave it out with "bundle.exclude" in .vscode/slingshot.json.', { cause: error, file: path });
}

function isDangling(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}
