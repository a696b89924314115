/** The newest job of each entry: a small index over the job store, kept up by its events. */
import type { JobState } from "../jobs/job.js";
import type { JobStore, JobSummary } from "../jobs/jobStore.js";

/** The slice of the job store that is read. */
export type JobSource = Pick<JobStore, "list" | "get" | "onDidChange">;

export class LastRuns {
  /** Ids by entry, ascending: ids are ordered by time. */
  private ids: Map<string, string[]> | undefined;
  private readonly states = new Map<string, JobState>();
  private reading: NodeJS.Timeout | undefined;
  private readonly listeners = new Set<() => void>();
  private subscription: { dispose(): void } | undefined;

  constructor(private readonly jobs: JobSource) {}

  /** @param file manifest path of the entry file */
  of(workspace: string, file: string, fn: string | null): JobSummary | undefined {
    // The first caller must not wait for the whole history: it is asked again once that is read.
    if (this.ids === undefined) {
      this.reading ??= setTimeout(() => {
        this.read();
      });
      return undefined;
    }
    const ids = this.ids.get(keyOf(workspace, file, fn)) ?? [];
    for (let id = ids.at(-1); id !== undefined; id = ids.at(-1)) {
      const job = this.jobs.get(id);
      if (job !== undefined) return job;
      ids.pop();
    }
    return undefined;
  }

  /** Tells when a job comes, goes or changes its state. */
  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  dispose(): void {
    clearTimeout(this.reading);
    this.subscription?.dispose();
    this.listeners.clear();
  }

  private read(): void {
    const known = (this.ids = new Map<string, string[]>());
    for (const job of this.jobs.list().reverse()) {
      note(known, job);
      this.states.set(job.record.id, job.status.state);
    }
    this.subscription = this.jobs.onDidChange((ids) => {
      let changed = false;
      for (const id of ids) {
        const job = this.jobs.get(id);
        if (job !== undefined) note(known, job);
        // A job that only makes progress looks the same from here.
        changed ||= this.states.get(id) !== job?.status.state;
        if (job === undefined) this.states.delete(id);
        else this.states.set(id, job.status.state);
      }
      if (changed) this.tell();
    });
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function note(known: Map<string, string[]>, { record }: JobSummary): void {
  if (record.entry.file === null) return;
  const key = keyOf(record.workspace, record.entry.file, record.entry.function);
  const ids = known.get(key) ?? [];
  known.set(key, ids);
  if (!ids.includes(record.id)) ids.push(record.id);
  // Mostly in order already; another window's job may come late.
  if (record.id < (ids.at(-2) ?? "")) ids.sort();
}

function keyOf(workspace: string, file: string, fn: string | null): string {
  return `${workspace}\n${file}\n${fn ?? ""}`;
}
