/** What the jobs folder says of what is needed: which jobs there are, and which content, trees and layers they hold on to. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeTime } from "ulid";
import { isErrno } from "../../base/errors.js";
import type { Manifest } from "../../snapshot/manifest.js";
import { isFinal } from "../job.js";
import { isJobId, type JobStore } from "../jobStore.js";
import type { Pace } from "./pace.js";
import { lstatOf, namesIn, sizeBelow } from "./removal.js";

export interface PastJob {
  id: string;
  createdAt: number;
  /** Null while it has not ended. */
  endedAt: number | null;
  /** Ended, but evidence may re-open it. */
  lost: boolean;
  tree: string;
  /** Bytes of the job's own folder; 0 where nobody asked. */
  bytes: number;
  /** Indexes into the contents of the history. */
  contents: Uint32Array;
}

export interface History {
  /** Oldest first. */
  jobs: PastJob[];
  /** Digest of each content that a manifest names, and its size. */
  contents: { sha256: string; size: number }[];
  /** Folders whose manifest can't be read, with the time of their making: nobody knows what these need. */
  unknown: { id: string; createdAt: number; lastWrite: number }[];
}

/** Reads all of it, step by step. @param sizes whether the folders are measured, which looks at each file in them */
export async function readHistory(store: JobStore, pace: Pace, sizes: boolean): Promise<History> {
  const indexes = new Map<string, number>();
  const history: History = { jobs: [], contents: [], unknown: [] };
  for (const id of await namesIn(join(store.stateDir, "jobs"))) {
    if (!isJobId(id)) continue;
    await pace.step();
    const job = store.get(id);
    const manifest = await manifestOf(store.paths(id).manifest);
    if (manifest === undefined || job === undefined) {
      if (manifest !== undefined || (await lstatOf(store.paths(id).folder)) !== undefined) history.unknown.push(await unknownJob(store, id));
      // The digests that can be read still count.
      if (manifest !== undefined) history.jobs.push({ id, createdAt: decodeTime(id), endedAt: null, lost: false, tree: "", bytes: 0, contents: indexed(manifest, history, indexes) });
      continue;
    }
    const { record, status } = job;
    history.jobs.push({
      id,
      createdAt: record.createdAt,
      endedAt: isFinal(status.state) ? (status.endedAt ?? record.createdAt) : null,
      lost: status.state === "lost",
      tree: record.tree,
      bytes: sizes ? await sizeBelow(store.paths(id).folder, pace) : 0,
      contents: indexed(manifest, history, indexes),
    });
  }
  return history;
}

function indexed(manifest: Manifest, history: History, indexes: Map<string, number>): Uint32Array {
  return Uint32Array.from(manifest.files, ({ sha256, size }) => {
    const known = indexes.get(sha256);
    if (known !== undefined) return known;
    indexes.set(sha256, history.contents.length);
    return history.contents.push({ sha256, size }) - 1;
  });
}

async function manifestOf(path: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(path, "utf8")) as Partial<Manifest> | null;
    return Array.isArray(manifest?.files) ? (manifest as Manifest) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error)) return undefined;
    throw error;
  }
}

async function unknownJob(store: JobStore, id: string): Promise<History["unknown"][number]> {
  const paths = store.paths(id);
  const times = await Promise.all([paths.folder, paths.events, paths.log(), paths.record].map(async (path) => (await lstatOf(path))?.mtimeMs ?? 0));
  return { id, createdAt: decodeTime(id), lastWrite: Math.max(...times) };
}
