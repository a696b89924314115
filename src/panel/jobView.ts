/** A job as the panel's head shows it. */
import { isFinal } from "../jobs/job.js";
import { stateWords } from "../jobs/stateWords.js";
import { treeMarkers } from "./frameFile.js";
import type { JobView } from "./messages.js";
import type { ShownJob } from "./panelHost.js";

/** What is known from the job's folder beside its record and events. */
export interface FolderFacts {
  results: number;
  outputs: number;
  engineLog: boolean;
  /** The failure's own card is shown: the head need not repeat its words. */
  explained: boolean;
}

export function jobView({ record, status }: ShownJob, facts: FolderFacts): JobView {
  const final = isFinal(status.state);
  const { progress, exit } = status;
  const notices = status.messages.slice(-8).map(({ severity, text }) => ({ severity, text: clip(text, 4000) }));
  if (exit?.message !== undefined && exit.message !== "" && !facts.explained) {
    notices.push({ severity: exit.outcome === "failed" || exit.outcome === "lost" ? "error" : "info", text: clip(exit.message, 4000) });
  }
  return {
    id: record.id,
    title: clip(record.title, 1000),
    state: status.state,
    stateText: stateWords(status),
    final,
    target: record.target.name,
    backend: record.target.backend,
    createdAt: record.createdAt,
    startedAt: status.startedAt,
    endedAt: final ? (status.endedAt ?? status.startedAt) : null,
    attempt: status.attempt,
    // The last counters that were seen say nothing about a job that has succeeded since.
    progress:
      progress === null || status.state === "succeeded"
        ? null
        : {
            fraction: progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0,
            failed: progress.failed > 0,
            text: clip(progress.text, 500),
          },
    remark: remark(status),
    notices,
    cancellable: !final,
    dashboard: isWebAddress(status.dashboard) && !final,
    engineLog: facts.engineLog,
    merged: record.merged,
    files: record.files,
    results: facts.results,
    outputs: facts.outputs,
    linkMarkers: treeMarkers(record),
  };
}

/** Whether an engine's address may be opened: only the web. */
export function isWebAddress(address: string | null): address is string {
  return address !== null && /^https?:\/\/[!-~]+$/i.test(address);
}

function remark(status: ShownJob["status"]): string | null {
  if (isFinal(status.state)) return null;
  if (status.unreachableSince !== null) return `No contact since ${new Date(status.unreachableSince).toLocaleTimeString()}`;
  if (status.cancelRequestedAt !== null) return "Waiting for the engine to confirm";
  return status.state === "queued" && status.queuedReason !== null ? clip(status.queuedReason, 500) : null;
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
