/** A thousand jobs of the past: read from the disk, and made into what the tree shows. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import type { JobEvent, JobRecord } from "../../src/jobs/job.js";
import { JobStore } from "../../src/jobs/jobStore.js";
import type { Manifest } from "../../src/snapshot/manifest.js";
import { dayOf, jobItem } from "../../src/tree/jobItem.js";
import { quantile, type Row } from "./measure.js";

const jobs = 1000;
const hour = 3_600_000;

/** Each time with a store that has read nothing yet; the first figure is that of a process that has run none of this code. */
export function benchJobs(times: number): Row[] {
  const stateDir = mkdtempSync(join(tmpdir(), "slingshot-bench-jobs-"));
  try {
    const made = new JobStore(stateDir);
    const now = Date.now();
    for (let n = 0; n < jobs; n++) makeJob(made, now - n * hour, n);
    const unkept = Array.from({ length: times }, () => timeOfTree(stateDir, now));
    const window = new JobStore(stateDir);
    window.list();
    window.keepSummaries();
    const kept = Array.from({ length: times }, () => timeOfTree(stateDir, now));
    const what = `${String(jobs)} jobs read and made into the tree's items`;
    return [
      { what: `${what}, after a window that kept their summaries`, ours: kept, theirs: [], unit: "ms", budget: "100 ms", holds: quantile(kept, 1) <= 100 },
      { what: `${what}, from their own files`, ours: unkept, theirs: [], unit: "ms", budget: "none", holds: true },
    ];
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Milliseconds. */
function timeOfTree(stateDir: string, now: number): number {
  const store = new JobStore(stateDir);
  const started = performance.now();
  const days = new Map<string, string[]>();
  for (const job of store.list()) {
    const day = dayOf(job.record.createdAt, now);
    days.set(day, [...(days.get(day) ?? []), jobItem(job).label]);
  }
  const took = performance.now() - started;
  const shown = [...days.values()].flat().length;
  if (shown !== jobs) throw new Error(`${String(shown)} of ${String(jobs)} jobs were read`);
  return took;
}

/** A job with the events of an ordinary run on a cluster. */
function makeJob(store: JobStore, at: number, n: number): void {
  const id = ulid(at);
  const record: JobRecord = {
    version: 1, id, createdAt: at, workspace: "/project", entry: { file: `jobs/daily${String(n % 7)}.py`, function: null, module: null }, title: `daily${String(n % 7)}.py`,
    target: { name: "cluster", backend: "spark", settings: { master: "spark://cluster:7077", conf: { "spark.executor.memory": "4g" } } },
    argv: ["--day", String(n)], arguments: {}, envNames: [], snapshot: "0".repeat(64), tree: "1".repeat(64), files: 200, bytes: 600_000, merged: false,
  };
  const manifest: Manifest = {
    id: record.snapshot, workspace: record.workspace, entry: record.entry, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] }, files: [], external: [], notes: [], excluded: [],
    timings: { closureMs: 0, hashMs: 0, packMs: 0 },
  };
  store.create(record, manifest);
  const events: WithoutTime[] = [
    { type: "submitting" },
    { type: "submitted", ref: { application: `app-${String(n)}` } },
    { type: "running", dashboard: "http://cluster:4040" },
    ...Array.from({ length: 20 }, (_, step): WithoutTime => ({ type: "progress", progress: { done: step, total: 20, active: 1, failed: 0, unit: "tasks", text: `stage 1 of 1 · ${String(step)} of 20 tasks` } })),
    { type: "ended", exit: { outcome: n % 5 === 0 ? "failed" : "succeeded", code: n % 5 === 0 ? 1 : 0, signal: null } },
    { type: "collected" },
  ];
  for (const event of events) store.append(id, event);
}

type WithoutTime = JobEvent extends infer E ? (E extends { at: number } ? Omit<E, "at"> : never) : never;
