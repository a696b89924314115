/** What the last run of an entry sent. */
import { JobPaths } from "../jobs/jobPaths.js";
import { previousRun } from "../jobs/previousRun.js";
import type { Manifest } from "../snapshot/manifest.js";
import { readManifest } from "./jobFolder.js";
import type { JobSource } from "./panelHost.js";
import type { PreviousRun } from "./snapshotModel.js";

/** Null where the entry has not run before, or what it sent can't be read; `before`: a job's id, for the run before it. */
export async function previousSnapshot(jobs: JobSource, of: Pick<Manifest, "workspace" | "entry">, before?: string): Promise<PreviousRun | null> {
  const job = previousRun(jobs.list(), of, before);
  if (job === undefined) return null;
  const manifest = await readManifest(new JobPaths(jobs.stateDir, job.record.id));
  return manifest === null ? null : { job, manifest };
}
