/** What the panel's host and its webview say to each other. Both sides check what they receive and ignore the rest. */
import { bytes, flag, list, message, nullable, number, object, oneOf, text, whole, type Infer } from "./schema.js";

const line = whole(0, 1e11);
const name = text(1024);
const path = text(8192);
/** `program`: standard output and error; `engine`: the engine's own chatter. */
const source = oneOf("program", "engine");
const place = object({ line, column: whole(0, 1e9) });

const frame = object({ file: path, line: whole(0, 1e9), function: text(1024), code: text(2000), linked: flag });

export const failureSchema = object({
  title: text(2000),
  message: text(20_000),
  frames: list(frame, 200),
  /** `mend`: what the button says that makes the change, or null. */
  remedy: nullable(object({ text: text(8000), mend: nullable(text(5000)) })),
});

/**
 * One line as the panel draws it: the colour sequences in force at its start and the line as a terminal would leave it;
 * whether it is of standard error; when it arrived (milliseconds since the epoch, 0: unknown); bytes left out.
 */
const row = object({ text: text(70_000), error: flag, at: number, cut: whole() });

export const jobViewSchema = object({
  id: name,
  title: text(2000),
  state: oneOf("preparing", "submitting", "queued", "running", "succeeded", "failed", "cancelled", "lost"),
  /** The state in words for people, e.g. `Failed (exit code 3)`. */
  stateText: text(4000),
  final: flag,
  target: name,
  backend: name,
  /** What the duration counts from, and to (null: it is still counting); milliseconds since the epoch. */
  startedAt: nullable(number),
  endedAt: nullable(number),
  createdAt: number,
  attempt: whole(1, 10_000),
  progress: nullable(object({ fraction: number, failed: flag, text: text(1000) })),
  /** One line about what is odd: no contact, still queued, cancel asked for. */
  remark: nullable(text(4000)),
  notices: list(object({ severity: oneOf("info", "warning", "error"), text: text(8000) }), 20),
  cancellable: flag,
  dashboard: flag,
  engineLog: flag,
  merged: flag,
  files: whole(),
  results: whole(),
  outputs: whole(),
  /** A file name in the log is a link where one of these occurs in it. */
  linkMarkers: list(text(4096), 10),
});

const resultItem = object({
  name,
  title: text(2000),
  kind: oneOf("table", "image", "json", "text"),
  mime: text(200),
  size: whole(),
});

export const tableSchema = object({
  columns: list(object({ name: text(2000), type: text(400) }), 2000),
  rows: list(list(nullable(text(20_000)), 2000), 10_000),
  /** What the table leaves out, in words, or null. */
  note: nullable(text(1000)),
});

/** `place`: in the job's folder; too large to be copied there, but still where the program wrote it on this machine; or elsewhere. */
const outputItem = object({ path, size: whole(), place: oneOf("fetched", "working", "elsewhere") });

/** How a file differs from the one of the last run. */
const change = oneOf("added", "changed", "removed");
/** `by`: what leads to the file, at a line (0: unknown). */
const snapshotFile = object({ path, size: whole(), unsaved: flag, reason: text(2000), by: nullable(object({ path, line: whole() })), change: nullable(change) });

export const snapshotViewSchema = object({
  id: text(64),
  entry: text(4096),
  importRoots: list(text(4096), 1000),
  fallbackRoots: list(text(4096), 1000),
  external: list(text(1000), 5000),
  /** The first files where there are very many; `total` counts all. */
  files: list(snapshotFile, 50_000),
  total: whole(),
  bytes: whole(),
  unsaved: whole(),
  notes: list(object({ severity: oneOf("error", "warning", "info"), text: text(8000), path: nullable(path), line: nullable(whole()) }), 2000),
  /** `place`: the line of the file that the rule stands in. */
  excluded: list(object({ path, rule: text(4096), place: nullable(object({ path, line: whole() })) }), 20_000),
  excludedTotal: whole(),
  /** Against the last run of the same entry; null where there was none. `detail` says in words what no diff shows. */
  changes: nullable(
    object({ job: name, at: number, state: text(4000), files: list(object({ path, change, detail: nullable(text(200)) }), 20_000), total: whole() }),
  ),
});

/** One step of the way from the entry to a file: the line of `path` that leads on, as text where it is known. */
const chainStep = object({ path, line: whole(), words: text(9000), code: nullable(text(500)) });

/** What the page before a launch says; `problem`: why there is no snapshot of what stands on the screen now. */
export const sentViewSchema = object({
  title: text(2000),
  target: text(1000),
  busy: flag,
  problem: nullable(object({ text: text(8000), file: flag })),
});

/** From the host to the webview. */
export const parseHostMessage = message({
  job: { job: nullable(jobViewSchema), now: number },
  failure: { failure: nullable(failureSchema) },
  /** The log's size, and in follow mode its last rows. Every one is answered by `seen` before the next is sent. */
  extent: {
    source,
    attempt: whole(1),
    generation: whole(),
    lines: line,
    bytes: whole(),
    indexed: flag,
    first: line,
    rows: list(row, 512),
  },
  rows: { request: whole(), source, attempt: whole(1), generation: whole(), first: line, rows: list(row, 512) },
  /** `searched`: the lines before this one. */
  found: { token: whole(), count: whole(), searched: line, limited: flag, done: flag, problem: nullable(text(1000)) },
  match: { token: whole(), ordinal: whole(), line, column: whole(), length: whole() },
  results: { items: list(resultItem, 1000) },
  resultText: { name, text: text(4_000_000), cut: flag },
  resultTable: { name, table: tableSchema },
  resultImage: { name, mime: text(200), bytes: bytes(64 << 20) },
  resultProblem: { name, problem: text(4000) },
  outputs: { items: list(outputItem, 10_000), total: whole() },
  snapshot: { snapshot: nullable(snapshotViewSchema) },
  /** The answer to `chain`. */
  chain: { path, steps: list(chainStep, 20_000) },
  sent: { sent: sentViewSchema },
  find: {},
  tab: { tab: oneOf("log", "results", "outputs", "snapshot") },
});

/** From the webview to the host. */
export const parseWebviewMessage = message({
  ready: { job: nullable(name) },
  /** What the log shows: the host sends the last `tail` rows along while it follows (0: it does not). */
  view: { source, attempt: whole(1), tail: whole(0, 512) },
  seen: {},
  rows: { request: whole(), source, attempt: whole(1), first: line, count: whole(1, 512) },
  search: { token: whole(), query: text(1000), matchCase: flag, regex: flag },
  endSearch: {},
  /** The match after or before a place, wrapping around. */
  seek: { token: whole(), from: place, backwards: flag },
  copy: { source, attempt: whole(1), from: place, to: place },
  open: { file: path, line: whole(0, 1e9) },
  link: { address: text(2100) },
  tab: { tab: oneOf("results", "outputs", "snapshot") },
  /** Makes the change that the failure's remedy offers. */
  mend: {},
  result: { name },
  openResult: { name },
  openOutput: { path },
  saveOutput: { path },
  openSnapshotFile: { path, line: whole(0, 1e9) },
  compareSnapshotFile: { path },
  /** A file of the snapshot, or one that has gone since, beside that of the last run. */
  comparePrevious: { path },
  comparePreviousAll: {},
  showPrevious: {},
  /** A file of the workspace that the snapshot names: one that was left out, or that holds the rule. */
  openWorkspaceFile: { path, line: whole(0, 1e9) },
  chain: { path },
  sent: { act: oneOf("refresh", "run", "openProblem") },
  action: { action: oneOf("cancel", "rerun", "rerunSnapshot", "openLog", "dashboard", "showNewest") },
});

type Answer<F extends (value: unknown) => unknown> = NonNullable<ReturnType<F>>;
export type HostMessage = Answer<typeof parseHostMessage>;
export type WebviewMessage = Answer<typeof parseWebviewMessage>;
export type LogRow = Infer<typeof row>;
export type JobView = Infer<typeof jobViewSchema>;
export type Failure = Infer<typeof failureSchema>;
export type Table = Infer<typeof tableSchema>;
export type ResultItem = Infer<typeof resultItem>;
export type OutputItem = Infer<typeof outputItem>;
export type SnapshotView = Infer<typeof snapshotViewSchema>;
export type ChainStepView = Infer<typeof chainStep>;
export type SentView = Infer<typeof sentViewSchema>;
export type Change = Infer<typeof change>;
export type Place = Infer<typeof place>;
export type Source = Infer<typeof source>;
export type Tab = Extract<HostMessage, { type: "tab" }>["tab"];
