/** What the panel needs from the rest of Slingshot, and nothing more. */
import type { JobRecord, JobStatus } from "../jobs/job.js";
import type { Manifest } from "../snapshot/manifest.js";

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

/** What would be sent of an entry, for the page that shows it. */
export interface Preview {
  manifest: Manifest;
  /** Name. */
  target: string;
}

/** An entry whose snapshot is shown before a launch. */
export interface SentSubject {
  /** Tells entries apart: the page of one that is shown already is refreshed. */
  key: string;
  /** `daily.py`, `daily.py::load`. */
  title: string;
  /** Freezes what stands on the screen at once and takes its snapshot; nothing is started or sent. */
  take(signal: AbortSignal): Promise<Preview>;
  /** Tells when another target was chosen, or the project file changed. */
  onDidChange(listener: () => void): { dispose(): void };
  /** Launches the entry; `reviewed`: id of the snapshot whose notes the person has seen. */
  run(reviewed: string | null): PromiseLike<unknown>;
}
