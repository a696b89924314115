/**
 * CLEANING, top to bottom: jobs of the past beyond the limits, then everything that no job needs. One process at a time does
 * it, step by step, and it may be killed anywhere: a job goes out of sight in one rename before anything of it is deleted,
 * and content goes only after the records that need it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isFinal } from "../job.js";
import { JobStore } from "../jobStore.js";
import { Lease } from "../lease.js";
import { readHistory, type History } from "./history.js";
import { noteCleaned, type HistoryLimits } from "./limits.js";
import { outdatedJobs } from "./outdated.js";
import { Pace } from "./pace.js";
import { Removal, sizeBelow, type Removed } from "./removal.js";
import { sweep, sweepHalfJobs, type Cutoffs } from "./sweep.js";

const day = 24 * 60 * 60 * 1000;

export interface CleanOptions {
  limits: HistoryLimits;
  /** Removes nothing and says what would go. */
  dryRun?: boolean;
  /** Takes no rests: somebody waits for it. */
  hurried?: boolean;
  signal?: AbortSignal;
  /** How many of the newest jobs stay in any case. */
  kept?: number;
  /** Milliseconds for which things stay after their last use, instead of the usual days. */
  spans?: { content: number; remade: number; caches: number };
}

export interface CleanReport extends Removed {
  /** Ids, oldest first. */
  jobs: string[];
}

const usualSpans = { content: day, remade: 7 * day, caches: 90 * day };

/** Undefined where another process is cleaning. Rejects where it is told to stop, or the jobs can't be read. */
export async function clean(stateDir: string, options: CleanOptions): Promise<CleanReport | undefined> {
  const removal = new Removal(new Pace(options.signal ?? new AbortController().signal, options.hurried === true), options.dryRun === true);
  if (!existsSync(stateDir)) return { jobs: [], ...removal.removed };
  const lease = Lease.acquire(join(stateDir, "cleaning.lease"));
  if (lease === undefined) return undefined;
  const signal = AbortSignal.any([lease.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  try {
    return await cleanAlone(stateDir, options, new Removal(new Pace(signal, options.hurried === true), options.dryRun === true));
  } finally {
    lease.release();
  }
}

async function cleanAlone(stateDir: string, { limits, kept, dryRun = false, spans = usualSpans }: CleanOptions, removal: Removal): Promise<CleanReport> {
  const started = Date.now();
  const cutoffs: Cutoffs = { content: started - spans.content, remade: started - spans.remade, caches: started - spans.caches };
  const store = new JobStore(stateDir);
  await sweepHalfJobs(stateDir, cutoffs.content, removal);
  const history = await readHistory(store, removal.pace, limits.maxSize !== null);
  const others = limits.maxSize === null ? 0 : (await sizeBelow(join(stateDir, "layers"), removal.pace)) + (await sizeBelow(join(stateDir, "bytecode"), removal.pace));
  const outdated = outdatedJobs(history, limits, started, cutoffs.content, others, kept);
  // What nobody can read and nobody has written to for as long as jobs are kept is a job of the past as well.
  if (limits.maxAge !== null) for (const { id, lastWrite } of history.unknown) if (lastWrite < started - limits.maxAge) outdated.add(id);
  const gone = new Set<string>();
  for (const id of outdated) if (await removeJob(store, id, removal)) gone.add(id);
  await sweep(store, left(history, gone), cutoffs, removal);
  if (!dryRun) noteCleaned(stateDir, started);
  return { jobs: [...gone], ...removal.removed };
}

/** First out of sight, then off the disk. False for one that stays: it was re-opened meanwhile, or can't be moved. */
async function removeJob(store: JobStore, id: string, removal: Removal): Promise<boolean> {
  const now = store.get(id);
  if (now !== undefined && !isFinal(now.status.state)) return false;
  const { folder } = store.paths(id);
  if (removal.dryRun) {
    await removal.folder(folder);
    return true;
  }
  let away: string | undefined;
  await removal.attempt(() => {
    away = store.putAway(id);
    return Promise.resolve();
  });
  if (away === undefined) return false;
  await removal.folder(away);
  return true;
}

/** The history without the jobs that have gone: content that only they named is needed no longer. */
function left(history: History, gone: ReadonlySet<string>): History {
  const jobs = history.jobs.filter((job) => !gone.has(job.id));
  const needed = new Set(jobs.flatMap((job) => [...job.contents]));
  return { jobs, contents: history.contents.filter((_content, index) => needed.has(index)), unknown: history.unknown.filter(({ id }) => !gone.has(id)) };
}
