/** The newest job of each entry: a small index over the job store, kept up by its events. */
import type { JobStore, JobSummary } from "../jobs/jobStore.js";

/** The slice of the job store that is read. */
export type JobSource = Pick<JobStore, "list" | "get" | "onDidChange">;

export class LastRuns {
  private newest: Map<string, string> | undefined;
  private reading: NodeJS.Timeout | undefined;
  private readonly listeners = new Set<() => void>();
  private subscription: { dispose(): void } | undefined;

  constructor(private readonly jobs: JobSource) {}

  /** @param file manifest path of the entry file */
  of(workspace: string, file: string, fn: string | null): JobSummary | undefined {
    // The first caller must not wait for the whole history: it is asked again once that is read.
    if (this.newest === undefined) {
      this.reading ??= setTimeout(() => {
        this.read();
      });
      return undefined;
    }
    const id = this.newest.get(keyOf(workspace, file, fn));
    return id === undefined ? undefined : this.jobs.get(id);
  }

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
    const newest = (this.newest = new Map<string, string>());
    for (const job of this.jobs.list()) note(newest, job);
    this.subscription = this.jobs.onDidChange((ids) => {
      for (const id of ids) {
        const job = this.jobs.get(id);
        if (job !== undefined) note(newest, job);
      }
      this.tell();
    });
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
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
