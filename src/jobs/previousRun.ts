/** The last run of an entry: what a new snapshot of it is compared with. */
import type { JobRecord, JobStatus } from "./job.js";

interface Run {
  record: JobRecord;
  status: JobStatus;
}

/**
 * The newest job of the same entry in the same workspace folder; with `before`, of those older than that job.
 * @param jobs all jobs, newest first
 */
export function previousRun<J extends Run>(jobs: readonly J[], of: Pick<JobRecord, "workspace" | "entry">, before?: string): J | undefined {
  const { file, function: name, module } = of.entry;
  return jobs.find(({ record }) => {
    if (record.workspace !== of.workspace || (before !== undefined && record.id >= before)) return false;
    return record.entry.file === file && record.entry.function === name && record.entry.module === module;
  });
}
