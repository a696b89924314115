/** The one interface that every engine implements. Plain data in, plain data out; no views, no `vscode`. */
import type { Bundle } from "../bundle/bundle.js";
import type { JobPaths } from "../jobs/jobPaths.js";
import type { ArgumentValue, JobRecord, Progress } from "../jobs/job.js";
import type { Target } from "../project/target.js";
import type { InterpreterInfo } from "../snapshot/request.js";
import type { SettingSpec } from "../project/vocabulary.js";

/** What `check` found. `problems` say what is missing and how to get it, in sentences. */
export type Availability =
  | { ready: true; details: string[] }
  | { ready: false; problems: string[]; details: string[] };

/** Where a job lives on its engine: plain data, kept in the job record. */
export type JobRef = Record<string, string | number | boolean | null>;

export type BackendEvent =
  | { type: "queued"; reason?: string }
  | { type: "running"; dashboard?: string }
  /** New attempt of the same job (requeue): later log bytes belong to it. */
  | { type: "attempt"; attempt: number }
  /** Bytes of the log at an absolute offset. Absent where the engine's supervisor writes this machine's spool itself. */
  | { type: "log"; stream: LogStream; offset: number; bytes: Uint8Array }
  | { type: "progress"; progress: Progress }
  | { type: "dashboard"; url: string }
  | { type: "unreachable"; message: string }
  | { type: "reachable" }
  | { type: "ended"; exit: ExitStatus };

export type LogStream = "stdout" | "stderr" | "merged" | "engine";

/** How the program ended. `signal` by name, e.g. `SIGKILL`; `code` is null when a signal ended it or it is unknown. */
export interface ExitStatus {
  outcome: "succeeded" | "failed" | "cancelled" | "lost";
  code: number | null;
  signal: string | null;
  /** One sentence for people, when there is more to say than the code. */
  message?: string;
}

/** `confirmed`: the engine says that the job is gone. */
export interface CancelOutcome {
  confirmed: boolean;
  message?: string;
}

/** Byte offsets already in the spool, by stream file; opaque to everyone but the backend. */
export type Cursor = Record<string, number>;

/** One launch as the backend sees it. */
export interface Submission {
  record: JobRecord;
  target: Target;
  paths: JobPaths;
  /** Script arguments (`sys.argv[1:]`). */
  argv: string[];
  /** Named arguments of a function entry. */
  arguments: Record<string, ArgumentValue>;
  /** Resolved environment; never written anywhere but the job's 0600 file. */
  env: Record<string, string>;
}

/** What a backend may use of this machine; given once at construction. */
export interface BackendContext {
  /** State directory of Slingshot, absolute. */
  stateDir: string;
  /** Folder that holds the runner's Python files as shipped, absolute. */
  runnerDir: string;
  /** The interpreter of a target (its `python`, else the editor's choice, else `python3`); throws a catalogued error. */
  interpreter(target: Target): Promise<InterpreterInfo & { executable: string }>;
  log(message: string): void;
}

export interface Backend {
  readonly id: string;
  /** Keys of a target of this backend beyond the common vocabulary. */
  readonly settings: Readonly<Record<string, SettingSpec>>;
  /** Ready, or what is missing and how to get it. Never throws; within 10 s. */
  check(target: Target, signal: AbortSignal): Promise<Availability>;
  /** What the Python on the engine says of itself, for the snapshot. Absent: jobs run by an interpreter of this machine. */
  interpreter?(target: Target, signal: AbortSignal): Promise<InterpreterInfo>;
  submit(job: Submission, bundle: Bundle, progress: (text: string) => void, signal: AbortSignal): Promise<JobRef>;
  /** Reconcile after a crash between submit and record. */
  find(job: JobRecord, target: Target | undefined): Promise<JobRef | undefined>;
  /** Events of one job from the cursor on, until `ended` or the signal. A closed stream never means an ended job. */
  watch(job: JobRecord, ref: JobRef, cursor: Cursor, signal: AbortSignal): AsyncIterable<BackendEvent>;
  cancel(job: JobRecord, ref: JobRef): Promise<CancelOutcome>;
  /** Remove what the job left on the engine. */
  remove(job: JobRecord, ref: JobRef): Promise<void>;
  /** Whether the engine merges standard error into standard output on this target. Absent: never. */
  merges?(target: Target): boolean;
  dashboard?(job: JobRecord, ref: JobRef): Promise<string | undefined>;
}
