/** The newest job of each entry: a small index over the job store, kept up by its events. */
import type { JobStore, JobSummary } from "../jobs/jobStore.js";

/** The slice of the job store that is read. */
export type JobSource = Pick<JobStore, "list" | "get" | "onDidChange">;

export class LastRuns {
  private newest: Map<string, string> | undefined;
  private readonly listeners = new Set<() => void>();
  private subscription: { dispose(): void } | undefined;

  constructor(private readonly jobs: JobSource) {}

  /** @param file manifest path of the entry file */
  of(workspace: string, file: string, fn: string | null): JobSummary | undefined {
    const id = this.index().get(keyOf(workspace, file, fn));
    return id === undefined ? undefined : this.jobs.get(id);
  }

  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  dispose(): void {
    this.subscription?.dispose();
    this.listeners.clear();
  }

  private index(): Map<string, string> {
    if (this.newest !== undefined) return this.newest;
    const newest = (this.newest = new Map<string, string>());
    for (const job of this.jobs.list()) note(newest, job);
    this.subscription = this.jobs.onDidChange((ids) => {
      for (const id of ids) {
        const job = this.jobs.get(id);
        if (job !== undefined) note(newest, job);
      }
      for (const listener of this.listeners) listener();
    });
    return newest;
  }
}

/** Ids are ordered by time: the greater one is the newer job. */
function note(newest: Map<string, string>, { record }: JobSummary): void {
  if (record.entry.file === null) return;
  const key = keyOf(record.workspace, record.entry.file, record.entry.function);
  const known = newest.get(key);
  if (known === undefined || known < record.id) newest.set(key, record.id);
}

function keyOf(workspace: string, file: string, fn: string | null): string {
  return `${workspace}\n${file}\n${fn ?? ""}`;
}
