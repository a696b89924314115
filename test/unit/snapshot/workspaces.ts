/** Throw-away workspaces for snapshot tests. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { interpreterFor } from "../../../src/snapshot/interpreter.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";
import type { ContentSink, SnapshotRequest } from "../../../src/snapshot/request.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";

/** A folder of files by path; text that is null makes an empty folder. */
export class Workspace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "slingshot-snapshot-")));

  constructor(files: Record<string, string | Buffer>) {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
  }

  /** Makes a file look as if it had been written long ago, so that its signature is believed. */
  age(path: string): void {
    utimesSync(this.path(path), 1_600_000_000, 1_600_000_000);
  }

  request(entry: string, more: Partial<SnapshotRequest> = {}): SnapshotRequest {
    return { workspace: this.folder, entry: { file: this.path(entry) }, cwd: this.folder, overlays: [], site: [], interpreter: interpreterFor("3.11"), bundle: {}, ...more };
  }

  take(entry: string, more: Partial<SnapshotRequest> = {}, snapshotter = new Snapshotter(), sink: ContentSink = new MemorySink()): Manifest {
    return snapshotter.take(this.request(entry, more), sink).manifest;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class MemorySink implements ContentSink {
  readonly contents = new Map<string, Buffer>();
  puts = 0;
  has(sha256: string): boolean {
    return this.contents.has(sha256);
  }
  put(sha256: string, bytes: Uint8Array): void {
    this.puts++;
    if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw new Error("these are not the bytes of that digest");
    this.contents.set(sha256, Buffer.from(bytes));
  }
}

/** Runs `test` in a workspace of `files` that is removed afterwards. */
export function within(files: Record<string, string | Buffer>, test: (workspace: Workspace) => void): void {
  const workspace = new Workspace(files);
  try {
    test(workspace);
  } finally {
    workspace.remove();
  }
}

export function paths(manifest: Manifest): string[] {
  return manifest.files.map((file) => file.path);
}

export function noteNames(manifest: Manifest): string[] {
  return manifest.notes.map((note) => `${note.kind}:${note.subject}`);
}
