/** A snapshot request and its answer as they cross a process boundary, and the work on the other side. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explain, isErrno, SlingshotError, type ErrorKind } from "../base/errors.js";
import { snapshotId, type Manifest } from "../snapshot/manifest.js";
import type { ContentSink, Overlay, Snapshot, SnapshotRequest } from "../snapshot/request.js";

/** One frozen document: its bytes always travel along, so that no server can answer with an older text. */
export interface WireOverlay {
  path: string;
  version: number | null;
  sha256: string;
  /** The bytes, or where they are many, the path of a private file that holds them. */
  content: { base64: string } | { file: string };
}

export interface WireRequest {
  request: Omit<SnapshotRequest, "overlays">;
  overlays: WireOverlay[];
  stateDir: string;
}

export type UsedText = Pick<WireOverlay, "path" | "version" | "sha256">;

interface WireError {
  kind: ErrorKind;
  code: string;
  message: string;
  remedy: string;
  file: string | null;
  line: number | null;
}

/** `used` repeats which texts the snapshot was taken over. */
export type WireAnswer = { manifest: Manifest; used: UsedText[] } | { refusal: WireError };

export interface TakesSnapshots {
  take(request: SnapshotRequest, sink: ContentSink): Snapshot;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Runs on the other side. A refusal is an answer, and so is what the system lacks (a full disk); any other error is thrown. */
export function answerSnapshot(wire: WireRequest, snapshotter: TakesSnapshots, sink: ContentSink): WireAnswer {
  const used: UsedText[] = [];
  const overlays = wire.overlays.map(({ path, version, content }): Overlay => {
    const bytes = "base64" in content ? Buffer.from(content.base64, "base64") : readFileSync(content.file);
    used.push({ path, version, sha256: sha256(bytes) });
    return version === null ? { path, bytes } : { path, bytes, version };
  });
  try {
    return { manifest: snapshotter.take({ ...wire.request, overlays }, sink).manifest, used };
  } catch (thrown) {
    // What only this process lacks, another one may have.
    const error = isErrno(thrown, "EMFILE", "ENFILE", "ENOMEM", "EAGAIN") ? thrown : explain(thrown);
    if (!(error instanceof SlingshotError)) throw thrown;
    const { kind, code, message, remedy } = error;
    return { refusal: { kind, code, message, remedy, file: error.file ?? null, line: error.line ?? null } };
  }
}

/**
 * The snapshot of an answer, once it is proved to be over the frozen texts.
 * @throws SlingshotError the refusal; Error where the answer used another text
 */
export function verifiedSnapshot(wire: WireRequest, answer: WireAnswer): Snapshot {
  if ("refusal" in answer) {
    const { kind, code, message, remedy, file, line } = answer.refusal;
    throw new SlingshotError(kind, code, message, remedy, { ...(file === null ? {} : { file }), ...(line === null ? {} : { line }) });
  }
  const { manifest, used } = answer;
  const byPath = new Map(used.map((text) => [text.path, text]));
  const files = new Map(manifest.files.map((file) => [file.path, file.sha256]));
  for (const frozen of wire.overlays) {
    const text = byPath.get(frozen.path);
    if (text?.version !== frozen.version || text.sha256 !== frozen.sha256) throw new Error(`the answer used another text of ${frozen.path}`);
    const inManifest = files.get(manifestPath(wire.request.workspace, frozen.path));
    if (inManifest !== undefined && inManifest !== frozen.sha256) throw new Error(`the manifest holds another text of ${frozen.path}`);
  }
  if (manifest.id !== snapshotId(manifest)) throw new Error("the manifest does not have the id of its content");
  return { manifest };
}

function manifestPath(workspace: string, path: string): string {
  const inside = join(workspace, "/");
  return (path.startsWith(inside) ? path.slice(inside.length) : path).replaceAll("\\", "/");
}
