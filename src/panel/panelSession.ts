/** One job in one visible panel: answers its messages from the job's folder. Ends when the panel hides or turns to another job. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ChangeSignal } from "../base/changeSignal.js";
import { isFinal } from "../jobs/job.js";
import { JobPaths } from "../jobs/jobPaths.js";
import type { Manifest } from "../snapshot/manifest.js";
import { copiedText } from "./copiedText.js";
import { readFailure, readManifest, readOutputs, readResults, sizeOf } from "./jobFolder.js";
import { jobView } from "./jobView.js";
import { LogFeed } from "./logFeed.js";
import { LogReader } from "./logReader.js";
import { LogSearch } from "./logSearch.js";
import type { Failure, HostMessage, Source, WebviewMessage } from "./messages.js";
import type { ContentSource, JobSource } from "./panelHost.js";
import { previousSnapshot } from "./previousSnapshot.js";
import { remedyFor, type Remedy } from "./remedy.js";
import { resultMessage } from "./resultMessage.js";
import { snapshotLine } from "./snapshotLines.js";
import { chainView, snapshotView, type PreviousRun } from "./snapshotModel.js";

export interface SessionOptions {
  jobs: JobSource;
  contents: ContentSource;
  id: string;
  post(message: HostMessage): void;
  /** Says once in the log what went wrong. */
  failed(error: unknown): void;
  /** Puts text on the clipboard; `cut`: the selection was too long to be copied whole. */
  copy(text: string, cut: boolean): void;
  /** Whether a workspace file exists. */
  exists(path: string): boolean;
}

/** Milliseconds until the panel may ask again for rows that could not be read. */
const retryEvery = 1000;

type Tab = Extract<WebviewMessage, { type: "tab" }>["tab"];
type Searching = { search: LogSearch; token: number; stop: AbortController; busy: boolean };

export class PanelSession {
  readonly paths: JobPaths;
  /** What the shown failure's remedy would change; without changes: another run. */
  mend: Remedy["mend"] = null;
  private readonly changes: ChangeSignal;
  private readonly subscription: { dispose(): void };
  private readonly readers = new Map<string, LogReader>();
  private feed: LogFeed | null = null;
  private searching: Searching | null = null;
  private manifestRead: Promise<Manifest | null> | null = null;
  private previousRead: Promise<PreviousRun | null> | null = null;
  private tab: Tab | null = null;
  private refreshing = false;
  private stale = false;
  private failureSent = false;
  private disposed = false;
  private shown: { source: Source; attempt: number } = { source: "program", attempt: 1 };

  constructor(private readonly options: SessionOptions) {
    const { jobs, id } = options;
    this.paths = new JobPaths(jobs.stateDir, id);
    this.changes = new ChangeSignal(this.paths.folder);
    this.subscription = jobs.onDidChange((ids) => {
      if (ids.includes(id)) this.refresh();
    });
    this.refresh();
  }

  /** The attempt whose log is shown, or was before the engine's own; null where the panel has asked for none yet. */
  get shownAttempt(): number | null {
    return this.feed === null ? null : this.shown.attempt;
  }

  manifest(): Promise<Manifest | null> {
    this.manifestRead ??= readManifest(this.paths);
    return this.manifestRead;
  }

  /** What the run of the same entry before this one sent. */
  previous(): Promise<PreviousRun | null> {
    const record = this.options.jobs.get(this.options.id)?.record;
    if (record === undefined) return Promise.resolve(null);
    this.previousRead ??= previousSnapshot(this.options.jobs, record, record.id);
    return this.previousRead;
  }

  /** Answers false for a message that is not about the job's own content. */
  handle(message: WebviewMessage): boolean {
    switch (message.type) {
      case "view":
        this.view(message.source, message.attempt, message.tail);
        return true;
      case "seen":
        this.feed?.seen();
        return true;
      case "rows":
        this.run(this.rows(message));
        return true;
      case "search":
        this.search(message);
        return true;
      case "endSearch":
        this.endSearch();
        return true;
      case "seek":
        this.seek(message);
        return true;
      case "copy":
        this.run(this.copy(message));
        return true;
      case "tab":
        this.tab = message.tab;
        this.run(this.sendTab(message.tab));
        return true;
      case "chain":
        this.run(this.chain(message.path));
        return true;
      case "result":
        this.run(resultMessage(this.paths, message.name).then((answer) => this.post(answer)));
        return true;
      default:
        return false;
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.subscription.dispose();
    this.changes.close();
    this.endSearch();
    this.feed?.dispose();
    const readers = [...this.readers.values()];
    this.readers.clear();
    await Promise.all(readers.map((reader) => reader.close()));
  }

  /** Sends the job's present state; coalesced. */
  private refresh(): void {
    this.stale = true;
    if (!this.refreshing) this.run(this.refreshNow());
  }

  private async refreshNow(): Promise<void> {
    this.refreshing = true;
    try {
      while (this.stale && !this.disposed) {
        this.stale = false;
        const job = this.options.jobs.get(this.options.id);
        if (job === undefined) return this.post({ type: "job", job: null, now: Date.now() });
        const [results, outputs, engine, failure] = await Promise.all([readResults(this.paths), readOutputs(this.paths), sizeOf(this.paths.engineLog), readFailure(this.paths)]);
        const explained = failure !== null && job.status.exit?.message?.startsWith(`${failure.title}: ${failure.message}`) === true;
        this.post({ type: "job", job: jobView(job, { results: results.length, outputs: outputs.total, engineLog: engine > 0, explained }), now: Date.now() });
        this.feed?.poke();
        if (job.status.state === "failed" || job.status.state === "lost") await this.sendFailure();
        if (this.tab !== null && this.tab !== "snapshot") await this.sendTab(this.tab);
      }
    } finally {
      this.refreshing = false;
    }
  }

  private async sendFailure(): Promise<void> {
    if (this.failureSent) return;
    const [failure, manifest] = await Promise.all([readFailure(this.paths), this.manifest()]);
    if (failure === null) return;
    this.failureSent = true;
    const remedy = manifest === null ? null : remedyFor(failure, manifest, (path) => this.options.exists(join(manifest.workspace, path)));
    this.postFailure(failure, remedy);
  }

  /** The failure's remedy has been applied: what is left is another run. */
  async mended(): Promise<void> {
    const failure = await readFailure(this.paths);
    if (failure !== null) this.postFailure(failure, { text: "The project file includes what was missing.", mend: { label: "Run Again", changes: [] } });
  }

  private postFailure(failure: Failure, remedy: Remedy | null): void {
    this.mend = remedy?.mend ?? null;
    this.post({ type: "failure", failure: { ...failure, remedy: remedy === null ? null : { text: remedy.text.slice(0, 8000), mend: remedy.mend?.label.slice(0, 5000) ?? null } } });
  }

  private async sendTab(tab: Tab): Promise<void> {
    if (tab === "results") this.post({ type: "results", items: await readResults(this.paths) });
    else if (tab === "outputs") this.post({ type: "outputs", ...(await readOutputs(this.paths)) });
    else {
      const [manifest, previous] = await Promise.all([this.manifest(), this.previous()]);
      this.post({ type: "snapshot", snapshot: manifest === null ? null : snapshotView(manifest, previous) });
    }
  }

  private async chain(path: string): Promise<void> {
    const manifest = await this.manifest();
    if (manifest !== null) this.post({ type: "chain", path, steps: chainView(manifest, path, (file, line) => snapshotLine(this.options.contents, file, line)) });
  }

  private view(source: Source, attempt: number, tail: number): void {
    if (this.feed === null || this.shown.source !== source || this.shown.attempt !== attempt) {
      this.feed?.dispose();
      this.endSearch();
      this.shown = { source, attempt };
      this.feed = new LogFeed({
        source,
        attempt,
        reader: this.reader(source, attempt),
        changes: this.changes,
        live: () => !isFinal(this.options.jobs.get(this.options.id)?.status.state ?? "lost"),
        post: (message) => this.post(message),
        failed: (error) => this.options.failed(error),
        grown: () => this.continueSearch(),
      });
      this.feed.follow(tail);
      this.feed.poke();
    } else this.feed.follow(tail);
  }

  private reader(source: Source, attempt: number): LogReader {
    const key = `${source} ${String(attempt)}`;
    let reader = this.readers.get(key);
    if (reader === undefined) {
      reader =
        source === "engine"
          ? new LogReader(this.paths.engineLog, null)
          : new LogReader(this.paths.log(attempt), this.paths.logIndex(attempt));
      this.readers.set(key, reader);
    }
    return reader;
  }

  private async rows(message: Extract<WebviewMessage, { type: "rows" }>): Promise<void> {
    const { request, source, attempt, first, count } = message;
    const reader = this.reader(source, attempt);
    const { generation } = reader;
    const rows = await reader.rows(first, count).catch(async (error: unknown) => {
      if (!this.disposed) this.options.failed(error);
      // The panel waits for an answer to every question, and asks again for what it lacks: not at once.
      await sleep(retryEvery, undefined, { ref: false });
      return [];
    });
    this.post({ type: "rows", request, source, attempt, generation, first, rows });
  }

  private search(message: Extract<WebviewMessage, { type: "search" }>): void {
    this.endSearch();
    const search = new LogSearch(this.reader(this.shown.source, this.shown.attempt), message);
    this.searching = { search, token: message.token, stop: new AbortController(), busy: false };
    this.continueSearch();
  }

  private endSearch(): void {
    this.searching?.stop.abort();
    this.searching = null;
  }

  private continueSearch(): void {
    const { searching } = this;
    if (searching === null || searching.busy) return;
    const { search, token, stop } = searching;
    const report = (done: boolean): void => {
      if (!stop.signal.aborted) this.post({ type: "found", token, count: search.count, searched: search.scanned, limited: search.limited, done, problem: search.problem });
    };
    searching.busy = true;
    this.run(
      search
        .advance(stop.signal, () => report(false))
        .finally(() => (searching.busy = false))
        .then(() => report(true)),
    );
  }

  private seek({ token, from, backwards }: Extract<WebviewMessage, { type: "seek" }>): void {
    if (this.searching?.token !== token) return;
    const match = this.searching.search.seek(from.line, from.column, backwards);
    if (match !== null) this.post({ type: "match", token, ...match });
  }

  private async copy({ source, attempt, from, to }: Extract<WebviewMessage, { type: "copy" }>): Promise<void> {
    const { text, cut } = await copiedText(this.reader(source, attempt), from, to);
    this.options.copy(text, cut);
  }

  private post(message: HostMessage): void {
    if (!this.disposed) this.options.post(message);
  }

  private run(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.disposed) this.options.failed(error);
    });
  }
}
