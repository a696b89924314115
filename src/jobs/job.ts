/** A job: its record, its events, and the pure reducer that turns events into state. */
import type { ExitStatus, JobRef } from "../backends/backend.js";
import type { GitState } from "./gitState.js";

export type JobState =
  | "preparing"
  | "submitting"
  | "queued"
  | "running"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "lost";

/** A named argument: text to be converted by the parameter's annotation, or a JSON value taken as it is. */
export type ArgumentValue = { text: string } | { json: unknown };

/** Counters of the engine. `unit` in words: `tasks`, `stages`. */
export interface Progress {
  done: number;
  total: number;
  active: number;
  failed: number;
  unit: string;
  /** One line for people, e.g. `stage 3 of 5 · 40 of 200 tasks`. */
  text: string;
}

/** Written before anything is submitted; never changed after. */
export interface JobRecord {
  version: 1;
  /** ULID made by the client; the engine's idempotency key. */
  id: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  workspace: string;
  entry: { file: string | null; function: string | null; module: string | null };
  /** What people see: `daily.py`, `daily.py::load`, `-m etl.daily`. */
  title: string;
  /** The target's name, its backend, and its settings with references unresolved. */
  target: { name: string; backend: string; settings: Record<string, unknown> };
  argv: string[];
  arguments: Record<string, ArgumentValue>;
  /** Names of the environment variables that were sent; never their values. */
  envNames: string[];
  snapshot: string;
  /** Digest that names the unpacked tree. */
  tree: string;
  files: number;
  bytes: number;
  /** True where the engine merges standard error into standard output. */
  merged: boolean;
}

export type JobEvent = { at: number } & (
  | { type: "submitting" }
  | { type: "submitted"; ref: JobRef }
  | { type: "queued"; reason?: string }
  | { type: "running"; dashboard?: string }
  | { type: "attempt"; attempt: number }
  | { type: "progress"; progress: Progress }
  | { type: "dashboard"; url: string }
  | { type: "cancel-requested" }
  | { type: "cancel-unconfirmed"; message: string }
  | { type: "unreachable"; message: string }
  | { type: "reachable" }
  | { type: "ended"; exit: ExitStatus }
  /** Where the code came from; recorded for trusted workspaces. */
  | { type: "source"; git: GitState }
  /** Results and outputs of the job are in its folder. */
  | { type: "collected" }
  | { type: "message"; severity: "info" | "warning" | "error"; text: string }
);

/** The state that views show: a pure function of record and events. */
export interface JobStatus {
  state: JobState;
  ref: JobRef | null;
  attempt: number;
  submittedAt: number | null;
  startedAt: number | null;
  endedAt: number | null;
  exit: ExitStatus | null;
  progress: Progress | null;
  dashboard: string | null;
  queuedReason: string | null;
  cancelRequestedAt: number | null;
  /** Set while contact is lost: when the job was last seen. */
  unreachableSince: number | null;
  source: GitState | null;
  messages: { at: number; severity: "info" | "warning" | "error"; text: string }[];
}

export const initialStatus: JobStatus = {
  state: "preparing",
  ref: null,
  attempt: 1,
  submittedAt: null,
  startedAt: null,
  endedAt: null,
  exit: null,
  progress: null,
  dashboard: null,
  queuedReason: null,
  cancelRequestedAt: null,
  unreachableSince: null,
  source: null,
  messages: [],
};

const finalStates: ReadonlySet<JobState> = new Set(["succeeded", "failed", "cancelled", "lost"]);

/** True once the job has ended. `lost` counts, though evidence may re-open it. */
export function isFinal(state: JobState): boolean {
  return finalStates.has(state);
}

/** Raised whenever `reduce` makes another state of the same events: states that are kept (jobs/summaryCache.ts) are then made anew. */
export const statusVersion = 1;

/** One step. Events that make no sense in the present state leave it as it is, so a replay can't go wrong. */
export function reduce(status: JobStatus, event: JobEvent): JobStatus {
  const ended = isFinal(status.state) && status.state !== "lost";
  const alive = ended ? status : { ...status, unreachableSince: null };
  switch (event.type) {
    case "submitting":
      return status.state === "preparing" ? { ...status, state: "submitting" } : status;
    case "submitted":
      if (ended && status.ref !== null) return { ...status, ref: event.ref };
      // Also re-opens a job that was taken for never submitted (its launcher slept, say) and then was.
      return {
        ...status,
        ref: event.ref,
        exit: null,
        endedAt: null,
        submittedAt: status.submittedAt ?? event.at,
        state: status.state === "running" ? "running" : "queued",
      };
    case "queued":
      return ended ? status : { ...alive, state: "queued", queuedReason: event.reason ?? null };
    case "running":
      if (ended) return status;
      return {
        ...alive,
        state: "running",
        startedAt: status.startedAt ?? event.at,
        endedAt: null,
        exit: null,
        queuedReason: null,
        dashboard: event.dashboard ?? status.dashboard,
      };
    case "attempt":
      return event.attempt <= status.attempt
        ? status
        : { ...alive, attempt: event.attempt, state: "queued", endedAt: null, exit: null, progress: null };
    case "progress":
      return ended ? status : { ...alive, progress: event.progress };
    case "dashboard":
      return { ...status, dashboard: event.url };
    case "cancel-requested":
      return ended ? status : { ...status, cancelRequestedAt: status.cancelRequestedAt ?? event.at };
    case "cancel-unconfirmed":
    case "message": {
      const severity = event.type === "message" ? event.severity : "warning";
      return { ...status, messages: [...status.messages, { at: event.at, severity, text: eventText(event) }] };
    }
    case "unreachable":
      return ended ? status : { ...status, unreachableSince: status.unreachableSince ?? event.at };
    case "reachable":
      return alive;
    case "ended":
      if (ended) return status;
      return {
        ...alive,
        state: event.exit.outcome,
        exit: event.exit,
        endedAt: Math.max(event.at, status.startedAt ?? 0),
      };
    case "source":
      return { ...status, source: event.git };
    case "collected":
      return status;
    // An event that another version of Slingshot wrote.
    default:
      return status;
  }
}

function eventText(event: { text: string } | { message: string }): string {
  return "text" in event ? event.text : event.message;
}
