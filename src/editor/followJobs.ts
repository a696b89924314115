/** Follows every job that has not ended, whichever window or command line started it: after a reload its log streams again. */
import type { Follower } from "../jobs/follower.js";
import { isFinal } from "../jobs/job.js";
import type { JobStore } from "../jobs/jobStore.js";

export function followJobs(jobs: JobStore, follower: Follower): { dispose(): void } {
  follower.followAll();
  return jobs.onDidChange((ids) => {
    for (const id of ids) {
      const status = jobs.get(id)?.status;
      // Without a reference the job is still being submitted, by a process that holds its lease.
      if (status !== undefined && status.ref !== null && !isFinal(status.state)) void follower.follow(id);
    }
  });
}
