/** Asks the language server for the snapshot, and a worker as well when the server is dead or late. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { errorText, SlingshotError } from "../base/errors.js";
import { makePrivateFolder, writeAtomically } from "../base/files.js";
import { within } from "../base/within.js";
import type { Snapshot, SnapshotRequest } from "../snapshot/request.js";
import { sha256, verifiedSnapshot, type WireAnswer, type WireOverlay, type WireRequest } from "./snapshotWire.js";

/** Bytes of frozen text beyond which they go through private files rather than through the channel. */
const channelLimit = 1_000_000;

export type AskSnapshot = (wire: WireRequest) => Promise<WireAnswer>;

export interface SnapshotSources {
  /** Undefined while no server runs. */
  server: AskSnapshot | undefined;
  worker: AskSnapshot;
  /** Milliseconds that the server has before the worker is asked as well. */
  patience: number;
  stateDir: string;
  log(message: string): void;
}

/**
 * The snapshot over exactly the overlays of the request; the first answer that proves so counts.
 * @throws SlingshotError the refusal, or `snapshot-failed` where neither side could answer
 */
export async function takeSnapshot(request: SnapshotRequest, sources: SnapshotSources): Promise<Snapshot> {
  const { overlays, ...rest } = request;
  const packed = packOverlays(overlays, sources.stateDir);
  const wire: WireRequest = { request: rest, overlays: packed.overlays, stateDir: sources.stateDir };
  const ask = async (source: AskSnapshot): Promise<Snapshot> => verifiedSnapshot(wire, await source(wire));
  try {
    if (sources.server === undefined) return await ask(sources.worker);
    const server = ask(sources.server);
    try {
      const inTime = await within(server, sources.patience);
      if (inTime !== undefined) return inTime;
      sources.log(`The language server has not answered in ${String(sources.patience)} ms; a worker takes the snapshot as well.`);
    } catch (error) {
      if (error instanceof SlingshotError) throw error;
      sources.log(`The language server could not take the snapshot (${errorText(error)}); a worker takes it.`);
    }
    return await firstGood([server, ask(sources.worker)]);
  } catch (error) {
    if (error instanceof SlingshotError) throw error;
    throw new SlingshotError("internal", "snapshot-failed", `Failed to take the snapshot: ${errorText(error)}.`, "Launch again; if it stays, the log says more.", { cause: error });
  } finally {
    packed.remove();
  }
}

/** The first success or refusal; where neither comes, the last failure. */
async function firstGood(answers: Promise<Snapshot>[]): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    let left = answers.length;
    for (const answer of answers) {
      answer.then(resolve, (error: unknown) => {
        left--;
        if (error instanceof SlingshotError || left === 0) reject(error instanceof Error ? error : new Error(String(error)));
      });
    }
  });
}

function packOverlays(overlays: SnapshotRequest["overlays"], stateDir: string): { overlays: WireOverlay[]; remove(): void } {
  const files: string[] = [];
  const inline = overlays.reduce((sum, overlay) => sum + overlay.bytes.length, 0) <= channelLimit;
  const packed = overlays.map(({ path, bytes, version }): WireOverlay => {
    const known = { path, version: version ?? null, sha256: sha256(bytes) };
    if (inline) return { ...known, content: { base64: Buffer.from(bytes).toString("base64") } };
    const folder = join(stateDir, "frozen");
    makePrivateFolder(folder);
    const file = join(folder, randomBytes(16).toString("hex"));
    writeAtomically(file, bytes);
    files.push(file);
    return { ...known, content: { file } };
  });
  return {
    overlays: packed,
    remove: () => {
      for (const file of files) rmSync(file, { force: true });
    },
  };
}
