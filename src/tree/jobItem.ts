/** How a job looks in the tree: plain data, so that it can be looked at without a window. */
import { durationText } from "../base/quantities.js";
import { canForget } from "../jobs/jobActions.js";
import { isFinal, type JobRecord, type JobState, type JobStatus } from "../jobs/job.js";
import { stateWords } from "../jobs/stateWords.js";

export interface JobItem {
  id: string;
  label: string;
  description: string;
  /** Lines of text, none of them markup. */
  tooltip: string[];
  /** What a screen reader says. */
  spoken: string;
  icon: { id: string; color: string | null };
  /** Tokens for menus, e.g. `job;running;cancellable`. */
  context: string;
}

const icons: Record<JobState, JobItem["icon"]> = {
  preparing: { id: "loading~spin", color: null },
  submitting: { id: "loading~spin", color: null },
  queued: { id: "clock", color: null },
  running: { id: "loading~spin", color: "progressBar.background" },
  succeeded: { id: "pass", color: "testing.iconPassed" },
  failed: { id: "error", color: "testing.iconFailed" },
  cancelled: { id: "circle-slash", color: null },
  lost: { id: "question", color: "problemsWarningIcon.foreground" },
};

export function jobItem({ record, status }: { record: JobRecord; status: JobStatus }): JobItem {
  const state = stateWords(status);
  const span = status.startedAt !== null && status.endedAt !== null ? durationText(status.endedAt - status.startedAt) : null;
  const started = new Date(status.startedAt ?? record.createdAt);
  const when = isFinal(status.state) ? span : status.state === "running" ? `since ${clock(started)}` : state.toLowerCase();
  const tooltip = [
    `${record.title}: ${state}`,
    `Target ${record.target.name} (${record.target.backend})`,
    `Started ${timeFormat().format(started)}${span === null ? "" : `, took ${span}`}`,
    `Snapshot ${record.snapshot.slice(0, 12)}, ${record.files === 1 ? "1 file" : `${record.files.toLocaleString("en")} files`}`,
  ];
  if (status.exit?.message !== undefined && status.exit.message !== "") tooltip.push(status.exit.message);
  const unreachable = !isFinal(status.state) && status.unreachableSince !== null;
  return {
    id: record.id,
    label: record.title,
    description: [record.target.name, when, unreachable ? "no contact" : null].filter((part) => part !== null).join(" · "),
    tooltip,
    spoken: `${record.title}, ${state}, on ${record.target.name}${span === null ? "" : `, took ${span}`}`,
    icon: unreachable ? { id: "debug-disconnect", color: "problemsWarningIcon.foreground" } : icons[status.state],
    context: ["job", status.state, isFinal(status.state) ? "ended" : "cancellable", ...(canForget(status) ? ["forgettable"] : [])].join(";"),
  };
}

// Made once, and not before the first job is drawn: making one costs more than listing a hundred jobs.
const formats: { day?: Intl.DateTimeFormat; time?: Intl.DateTimeFormat } = {};

function dayFormat(): Intl.DateTimeFormat {
  return (formats.day ??= new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric" }));
}

function timeFormat(): Intl.DateTimeFormat {
  return (formats.time ??= new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" }));
}

/** The heading under which a job stands: `Today`, `Yesterday`, or the date. */
export function dayOf(at: number, now: number): string {
  const day = new Date(at);
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day.toDateString() === today.toDateString()) return "Today";
  if (day.toDateString() === yesterday.toDateString()) return "Yesterday";
  return dayFormat().format(day);
}

/** Text as Markdown that shows exactly it: no link, no command, no fence. */
export function escapedMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/[\\`*_{}[\]()#+\-.!<>|~&:$"']/g, "\\$&");
}

function clock(at: Date): string {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
