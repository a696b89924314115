/** Removes what no job needs: content, trees, layers, bytecode, and what a crash has left half done. */
import { rename } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ContentStore } from "../../bundle/contentStore.js";
import { isFinal } from "../job.js";
import { isJobId, type JobStore } from "../jobStore.js";
import type { History } from "./history.js";
import { awayEnding, awayName, bringBack, lstatOf, namesIn, type Removal } from "./removal.js";

/** Times in milliseconds since the epoch: what was used after them stays. */
export interface Cutoffs {
  /** Content, and anything half done. No launch takes as long as this from its first question for content to its record. */
  content: number;
  /** What can be made again: trees and layers. */
  remade: number;
  /** Caches. */
  caches: number;
}

const digestName = /^[0-9a-f]{64}$/;

export async function sweep(store: JobStore, history: History, cutoffs: Cutoffs, removal: Removal): Promise<void> {
  const { stateDir } = store;
  await sweepContent(new ContentStore(stateDir), history, cutoffs, removal);
  await sweepTrees(store, history, cutoffs, removal);
  await sweepLayers(join(stateDir, "layers"), history, cutoffs, removal);
  await sweepBytecode(stateDir, cutoffs, removal);
  for (const name of await namesIn(join(stateDir, "frozen"))) await removal.unusedFile(join(stateDir, "frozen", name), cutoffs.content);
  await sweepFiles(join(stateDir, "caches"), cutoffs.caches, removal);
  for (const name of await namesIn(stateDir)) if (name.endsWith(".tmp")) await removal.unusedFile(join(stateDir, name), cutoffs.content);
}

/** Folders of jobs that were being made or removed when their process died. */
export async function sweepHalfJobs(stateDir: string, cutoff: number, removal: Removal): Promise<void> {
  const folder = join(stateDir, "jobs");
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(".")) continue;
    const made = await lstatOf(join(folder, name));
    if (name.endsWith(".removed") || (made !== undefined && made.mtimeMs < cutoff)) await removal.folder(join(folder, name));
  }
}

async function sweepContent(contents: ContentStore, history: History, cutoffs: Cutoffs, removal: Removal): Promise<void> {
  const needed = new Set(history.contents.map(({ sha256 }) => sha256));
  const cutoff = Math.min(cutoffs.content, unknownSince(history, cutoffs));
  for (const prefix of await namesIn(contents.folder)) {
    for (const name of await namesIn(join(contents.folder, prefix))) {
      const path = join(contents.folder, prefix, name);
      if (needed.has(name)) continue;
      if (digestName.test(name)) await removal.unusedFile(path, cutoff);
      else if (awayEnding.test(name)) await afterKill(path, removal);
      else await removal.unusedFile(path, cutoffs.content);
    }
  }
}

/** What a cleaning that was killed had taken away gets its name back: it is judged anew the next time. */
async function afterKill(away: string, removal: Removal): Promise<void> {
  if (!removal.dryRun) await removal.attempt(() => bringBack(away, away.replace(awayEnding, "")));
}

/** A job that nobody can read may need whatever was in use when it was launched or later. */
function unknownSince(history: History, cutoffs: Cutoffs): number {
  const grace = Math.max(0, Date.now() - cutoffs.content);
  return Math.min(...history.unknown.map(({ createdAt }) => createdAt - grace), Number.POSITIVE_INFINITY);
}

async function sweepTrees(store: JobStore, history: History, cutoffs: Cutoffs, removal: Removal): Promise<void> {
  const folder = join(store.stateDir, "trees");
  const cutoff = Math.min(cutoffs.remade, unknownSince(history, cutoffs));
  const live = (tree: string): boolean => liveTrees(store, history).has(tree);
  const names = await namesIn(folder);
  for (const name of names) {
    const path = join(folder, name);
    const used = await lstatOf(path);
    if (used === undefined) continue;
    if (name.endsWith(".checked")) {
      if (!existsSync(path.replace(/\.checked$/, ""))) await removal.unusedFile(path, cutoffs.content);
    } else if (!digestName.test(name)) {
      if (awayEnding.test(name) || used.mtimeMs < cutoffs.content) await removal.folder(path);
    } else if (used.mtimeMs < cutoff && !live(name)) {
      await removeTree(path, () => live(name), removal);
    }
  }
}

/**
 * Renamed first: a job that was launched meanwhile is in the records by then and gets the tree back; its supervisor, should
 * it have looked in between, builds the tree anew.
 */
async function removeTree(path: string, live: () => boolean, removal: Removal): Promise<void> {
  if (removal.dryRun) return removal.folder(path);
  await removal.attempt(async () => {
    const away = awayName(path);
    await rename(path, away);
    if (live()) await rename(away, path).catch(() => removal.folder(away));
    else await removal.folder(away);
  });
}

/** Trees of jobs that have not ended, or may be found again; those launched since the history was read count too. */
function liveTrees(store: JobStore, history: History): Set<string> {
  const trees = new Set(history.jobs.filter((job) => job.endedAt === null || job.lost).map((job) => job.tree));
  const known = new Set(history.jobs.map((job) => job.id));
  for (const id of store.ids()) {
    if (!isJobId(id) || known.has(id)) continue;
    const job = store.get(id);
    if (job !== undefined && !isFinal(job.status.state)) trees.add(job.record.tree);
  }
  return trees;
}

/** No record says which layers a job has; it used none before it was launched. */
async function sweepLayers(folder: string, history: History, cutoffs: Cutoffs, removal: Removal): Promise<void> {
  const grace = Math.max(0, Date.now() - cutoffs.content);
  const oldest = Math.min(...history.jobs.filter((job) => job.endedAt === null || job.lost).map((job) => job.createdAt - grace), Number.POSITIVE_INFINITY);
  const cutoff = Math.min(cutoffs.remade, oldest, unknownSince(history, cutoffs));
  const names = await namesIn(folder);
  for (const name of names) if (awayEnding.test(name)) await afterKill(join(folder, name), removal);
  // The seal tells when its archive was asked for, and goes first: an archive without it is written anew.
  for (const name of names) if (/\.(zip|tar)\.sha256$/.test(name)) await removal.unusedFile(join(folder, name), cutoff);
  for (const name of names) {
    const path = join(folder, name);
    if (/\.(zip|tar)$/.test(name)) {
      const sealed = (await lstatOf(`${path}.sha256`))?.mtimeMs ?? 0;
      if (sealed < cutoff) await removal.unusedFile(path, cutoff);
    } else if (!awayEnding.test(name) && !name.endsWith(".sha256")) await removal.unusedFile(path, cutoffs.content);
  }
}

/** Bytecode goes with the content that it was compiled from; without it the interpreter compiles again. */
async function sweepBytecode(stateDir: string, cutoffs: Cutoffs, removal: Removal): Promise<void> {
  const contents = new ContentStore(stateDir);
  const folder = join(stateDir, "bytecode");
  for (const tag of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, tag))) {
      const sha256 = name.replace(/\.pyc$/, "");
      if (digestName.test(sha256) && existsSync(contents.path(sha256))) continue;
      await removal.unusedFile(join(folder, tag, name), cutoffs.content);
    }
  }
}

async function sweepFiles(folder: string, cutoff: number, removal: Removal): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    if ((await lstatOf(path))?.isDirectory() === true) await sweepFiles(path, cutoff, removal);
    else await removal.unusedFile(path, cutoff);
  }
}
