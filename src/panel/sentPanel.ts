/** "What Will Be Sent" as an editor tab: the snapshot of what stands on the screen, taken anew as that changes. Sends nothing. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { errorText, explain, SlingshotError } from "../base/errors.js";
import type { JobState } from "../jobs/job.js";
import { previousRun } from "../jobs/previousRun.js";
import { commands, sentPage } from "../platform/ids.js";
import { isCancellation, showError } from "../platform/messages.js";
import type { Manifest } from "../snapshot/manifest.js";
import { parseWebviewMessage, type HostMessage, type WebviewMessage } from "./messages.js";
import { panelHtml } from "./panelHtml.js";
import type { ContentSource, JobSource, SentSubject } from "./panelHost.js";
import { previousSnapshot } from "./previousSnapshot.js";
import { compareAllPrevious, comparePrevious } from "./snapshotDiff.js";
import { snapshotLine } from "./snapshotLines.js";
import { chainView, snapshotView, type PreviousRun } from "./snapshotModel.js";
import { openNamedFile, openPresentFile, presentUri } from "./sourceOpener.js";

/** Milliseconds without a keystroke after which the snapshot is taken anew. */
const pause = 500;

export interface SentDeps {
  extensionUri: vscode.Uri;
  jobs: JobSource;
  contents: ContentSource;
  log: vscode.LogOutputChannel;
}

export class SentPanel implements vscode.Disposable {
  private readonly panel: vscode.WebviewPanel;
  private readonly subscriptions: { dispose(): void }[];
  private following: { dispose(): void };
  private ready = false;
  private taking: AbortController | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** Something has changed while the page was hidden. */
  private stale = false;
  private manifest: Manifest | null = null;
  private previous: PreviousRun | null = null;
  /** As it is shown; the job store's own entry goes on with the job. */
  private previousState: JobState | undefined;
  private target = "";
  private problem: unknown = null;

  constructor(
    private readonly deps: SentDeps,
    private subject: SentSubject,
    onDidDispose: () => void,
  ) {
    const root = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(deps.extensionUri, ...parts);
    // A look at one of its files hides the page: what was open and found in it must still be there afterwards.
    const options = { enableScripts: true, enableForms: false, localResourceRoots: [root("dist"), root("media")], retainContextWhenHidden: true };
    this.panel = vscode.window.createWebviewPanel(sentPage, "What Will Be Sent", vscode.ViewColumn.Active, options);
    this.panel.iconPath = { light: root("media", "sentLight.svg"), dark: root("media", "sentDark.svg") };
    const { webview } = this.panel;
    const changed = (): void => this.changed();
    const files = vscode.workspace.createFileSystemWatcher("**/*.py");
    this.subscriptions = [
      files,
      files.onDidChange(changed),
      files.onDidCreate(changed),
      files.onDidDelete(changed),
      webview.onDidReceiveMessage((value: unknown) => this.received(value)),
      this.panel.onDidChangeViewState(() => {
        if (this.panel.visible && this.stale) this.changed();
      }),
      this.panel.onDidDispose(() => {
        this.stop();
        onDidDispose();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && /^(file|untitled)$/.test(document.uri.scheme)) changed();
      }),
      vscode.workspace.onDidSaveTextDocument(changed),
      vscode.workspace.onDidRenameFiles(changed),
      deps.jobs.onDidChange((ids) => this.jobsChanged(ids)),
    ];
    this.following = subject.onDidChange(changed);
    webview.html = panelHtml({
      script: webview.asWebviewUri(root("dist", "sent.js")).toString(),
      style: webview.asWebviewUri(root("media", "panel.css")).toString(),
      source: webview.cspSource,
      nonce: randomBytes(18).toString("base64url"),
      title: "What Will Be Sent",
    });
    void this.take();
  }

  /** Shows an entry; the freeze happens in this turn. */
  show(subject: SentSubject): void {
    if (subject.key !== this.subject.key) {
      this.manifest = null;
      this.setPrevious(null);
      this.post({ type: "snapshot", snapshot: null });
    }
    this.subject = subject;
    this.following.dispose();
    this.following = subject.onDidChange(() => this.changed());
    void this.take();
    this.panel.reveal(undefined, false);
  }

  dispose(): void {
    this.panel.dispose();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.taking?.abort();
    this.following.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Takes the snapshot; a newer one ends the one that is being taken. */
  private async take(): Promise<void> {
    clearTimeout(this.timer);
    this.stale = false;
    this.taking?.abort();
    const taking = (this.taking = new AbortController());
    const { subject } = this;
    this.panel.title = `What Will Be Sent: ${subject.title}`;
    try {
      const work = subject.take(taking.signal);
      this.postSent(true);
      const { manifest, target } = await work;
      const previous = await previousSnapshot(this.deps.jobs, manifest);
      if (taking.signal.aborted) return;
      [this.manifest, this.target, this.problem] = [manifest, target, null];
      this.setPrevious(previous);
    } catch (error) {
      if (taking.signal.aborted) return;
      this.problem = isCancellation(error) ? null : explain(error);
      if (this.problem !== null) this.deps.log.warn(`What will be sent of ${subject.title}: ${errorText(this.problem)}`);
    } finally {
      if (this.taking === taking) this.taking = null;
    }
    this.postAll();
  }

  private changed(): void {
    this.stale = true;
    clearTimeout(this.timer);
    if (!this.panel.visible) return;
    this.timer = setTimeout(() => void this.take(), pause);
  }

  /** A run of the entry is what its next snapshot is compared with. */
  private jobsChanged(ids: readonly string[]): void {
    const { manifest, previous } = this;
    if (manifest === null || this.taking !== null) return;
    const runs = ids.flatMap((id) => this.deps.jobs.get(id) ?? []).filter((job) => previousRun([job], manifest) !== undefined);
    if (!runs.some(({ record, status }) => record.id !== previous?.job.record.id || status.state !== this.previousState)) return;
    void previousSnapshot(this.deps.jobs, manifest).then((now) => {
      if (manifest !== this.manifest) return;
      this.setPrevious(now);
      this.postAll();
    });
  }

  private setPrevious(previous: PreviousRun | null): void {
    this.previous = previous;
    this.previousState = previous?.job.status.state;
  }

  private postAll(): void {
    this.postSent(false);
    if (this.manifest !== null) this.post({ type: "snapshot", snapshot: snapshotView(this.manifest, this.previous) });
  }

  private postSent(busy: boolean): void {
    const { problem } = this;
    const file = problem instanceof SlingshotError && problem.file !== undefined;
    this.post({ type: "sent", sent: { title: this.subject.title, target: this.target, busy, problem: problem === null ? null : { text: errorText(problem).slice(0, 8000), file } } });
  }

  private post(message: HostMessage): void {
    if (this.ready) void this.panel.webview.postMessage(message);
  }

  private received(value: unknown): void {
    const message = parseWebviewMessage(value);
    if (message === null) return;
    this.handle(message)
      .catch((error: unknown) => showError(error, this.deps.log))
      .catch((error: unknown) => this.deps.log.error(String(error)));
  }

  private async handle(message: WebviewMessage): Promise<void> {
    if (message.type === "ready") {
      this.ready = true;
      return this.taking === null ? this.postAll() : this.postSent(true);
    }
    if (message.type === "sent") return this.act(message.act);
    const { manifest, previous } = this;
    if (manifest === null) return;
    switch (message.type) {
      case "chain":
        return this.post({ type: "chain", path: message.path, steps: chainView(manifest, message.path, (file, line) => snapshotLine(this.deps.contents, file, line)) });
      case "openSnapshotFile":
        return openPresentFile(manifest, message.path, message.line);
      case "openWorkspaceFile":
        return openNamedFile(manifest, message.path, message.line);
      case "comparePrevious":
        return previous === null ? undefined : comparePrevious(previous, manifest, message.path, (file) => presentUri(manifest, file), "last run ↔ now");
      case "comparePreviousAll":
        return previous === null ? undefined : compareAllPrevious(previous, manifest, (file) => presentUri(manifest, file), `${this.subject.title}: last run ↔ now`);
      case "showPrevious":
        return previous === null ? undefined : vscode.commands.executeCommand(commands.showJob, previous.job.record.id);
      default:
        return;
    }
  }

  private async act(act: Extract<WebviewMessage, { type: "sent" }>["act"]): Promise<void> {
    if (act === "refresh") return this.take();
    if (act === "run") {
      await this.subject.run(this.manifest?.id ?? null);
      return;
    }
    const { problem } = this;
    if (!(problem instanceof SlingshotError) || problem.file === undefined) return;
    const at = new vscode.Position(Math.max(0, (problem.line ?? 1) - 1), 0);
    await vscode.window.showTextDocument(vscode.Uri.file(problem.file), { selection: new vscode.Range(at, at) });
  }
}
