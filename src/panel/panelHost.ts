/** What the panel needs from the rest of Slingshot, and nothing more. */
import type { JobRecord, JobStatus } from "../jobs/job.js";

export interface ShownJob {
  record: JobRecord;
  status: JobStatus;
}

/** Reads jobs; `jobs/jobStore.ts` is one. */
export interface JobSource {
  readonly stateDir: string;
  /** Newest first. */
  list(): ShownJob[];
  get(id: string): ShownJob | undefined;
  onDidChange(listener: (ids: readonly string[]) => void): { dispose(): void };
}

/** Bytes by digest; `bundle/contentStore.ts` is one. */
export interface ContentSource {
  has(sha256: string): boolean;
  read(sha256: string): Uint8Array;
}
