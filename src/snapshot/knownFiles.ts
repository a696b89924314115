/**
 * Digests and scans of a large closure, kept for the next process: `<state>/caches/files/<digest of the request>`. What a later
 * snapshot takes from there has the stat signature that it had, and is compared with the disk as all else is. Losing it costs time.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../base/errors.js";
import { makePrivateFolder, writeAtomically } from "../base/files.js";
import { DiskCache, digest, type DiskFile } from "./diskCache.js";
import type { ContentSink, Snapshot, SnapshotRequest } from "./request.js";
import { Snapshotter } from "./snapshotter.js";

/** What one snapshot has read from which on it pays to keep it. */
const worthwhile = { files: 500, bytes: 2_000_000 };
/** How many closures are kept. */
const most = 16;

export class KnownFiles {
  private readonly folder: string;

  /** `build`: what tells this build's scans from those of others. */
  constructor(stateDir: string, private readonly build: string) {
    this.folder = join(stateDir, "caches", "files");
  }

  /** The snapshot of `request`, as `Snapshotter` takes it in a process that has seen its files before. */
  take(request: SnapshotRequest, sink: ContentSink, signal?: AbortSignal): Snapshot {
    const file = join(this.folder, nameOf(request));
    const disk = new DiskCache();
    disk.learn(this.load(file));
    const snapshot = new Snapshotter(disk).take(request, sink, signal);
    if (disk.reads.files >= worthwhile.files || disk.reads.bytes >= worthwhile.bytes) this.save(file, disk.certain());
    return snapshot;
  }

  private load(file: string): DiskFile[] {
    try {
      const bytes = readFileSync(file);
      const end = bytes.indexOf("\n");
      const body = bytes.subarray(end + 1);
      return bytes.toString("utf8", 0, end) === this.headOf(body) ? (JSON.parse(body.toString("utf8")) as DiskFile[]) : [];
    } catch (error) {
      if (isErrno(error)) return [];
      throw error;
    }
  }

  private save(file: string, files: readonly DiskFile[]): void {
    const body = Buffer.from(JSON.stringify(files));
    try {
      makePrivateFolder(this.folder);
      writeAtomically(file, Buffer.concat([Buffer.from(`${this.headOf(body)}\n`), body]));
      this.prune();
    } catch (error) {
      // A full or read-only disk: the snapshot is none the worse for it.
      if (!isErrno(error)) throw error;
    }
  }

  private headOf(body: Buffer): string {
    return `slingshot files 1 ${this.build} ${digest(body)}`;
  }

  private prune(): void {
    const names = readdirSync(this.folder);
    if (names.length <= most) return;
    const aged = names.map((name) => ({ name, at: statSync(join(this.folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 })).sort((one, other) => other.at - one.at);
    for (const { name } of aged.slice(most)) rmSync(join(this.folder, name), { force: true });
  }
}

/** One name for each entry of each workspace. */
function nameOf({ workspace, entry, roots, cwd }: SnapshotRequest): string {
  return createHash("sha256").update(JSON.stringify([workspace, entry.file, entry.module, roots, cwd])).digest("hex").slice(0, 32);
}
