/**
 * Follows every job that has not ended, whichever window or command line started it: after a reload its log streams again.
 * Lost jobs are looked at again once an hour.
 */
import type { Follower } from "../jobs/follower.js";
import { isFinal } from "../jobs/job.js";
import type { JobStore } from "../jobs/jobStore.js";

/** Milliseconds. */
const lookAgainEvery = 60 * 60 * 1000;
const firstLookAfter = 60 * 1000;

export function followJobs(jobs: JobStore, follower: Follower): { dispose(): void } {
  follower.followAll();
  let timer: NodeJS.Timeout;
  const lookAgain = (): void => {
    timer = setTimeout(lookAgain, lookAgainEvery);
    void follower.lookAgain().catch(() => undefined);
  };
  timer = setTimeout(lookAgain, firstLookAfter);
  const listening = jobs.onDidChange((ids) => {
    for (const id of ids) {
      const status = jobs.get(id)?.status;
      // Without a reference the job is still being submitted, by a process that holds its lease.
      if (status !== undefined && status.ref !== null && !isFinal(status.state)) void follower.follow(id);
    }
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      listening.dispose();
    },
  };
}
