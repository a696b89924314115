/** The panel as VS Code's webview view: loads the page, checks messages, and does what needs the editor. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { JobPaths } from "../jobs/jobPaths.js";
import { commands, privateCommands, views } from "../platform/ids.js";
import { showError } from "../platform/messages.js";
import { snapshotUri } from "../platform/snapshotFiles.js";
import { isWebAddress } from "./jobView.js";
import { parseWebviewMessage, type HostMessage, type WebviewMessage } from "./messages.js";
import { openOutput, openResult, saveOutput } from "./openFiles.js";
import { panelHtml } from "./panelHtml.js";
import type { ContentSource, JobSource } from "./panelHost.js";
import { PanelSession } from "./panelSession.js";
import { compareAllPrevious, comparePrevious, type UriOf } from "./snapshotDiff.js";
import { compareSnapshotFile, openFrame, openNamedFile, openSnapshotFile } from "./sourceOpener.js";

export interface PanelDeps {
  extensionUri: vscode.Uri;
  jobs: JobSource;
  contents: ContentSource;
  log: vscode.LogOutputChannel;
}

export class PanelView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | null = null;
  private session: PanelSession | null = null;
  private job: string | null = null;
  private readonly pending: HostMessage[] = [];
  private ready = false;
  private jobSent = false;
  private complained = false;

  constructor(private readonly deps: PanelDeps) {}

  /** The job that is shown, or was asked for. */
  get shownJob(): string | null {
    return this.job;
  }

  /** The attempt of that job which is chosen in the panel; null where another job is shown, or none. */
  attemptOf(id: string): number | null {
    return this.session !== null && this.job === id ? this.session.shownAttempt : null;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    const root = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(this.deps.extensionUri, ...parts);
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [root("dist"), root("media")] };
    webview.onDidReceiveMessage((value: unknown) => this.received(value));
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.hide();
    });
    view.onDidDispose(() => {
      // The view of the panel's old place may go after the new one has come.
      if (this.view !== view) return;
      this.hide();
      this.view = null;
    });
    webview.html = panelHtml({
      script: webview.asWebviewUri(root("dist", "panel.js")).toString(),
      style: webview.asWebviewUri(root("media", "panel.css")).toString(),
      source: webview.cspSource,
      nonce: randomBytes(18).toString("base64url"),
    });
  }

  /** Brings the panel into sight with a job. */
  async show(job: string, options: { preserveFocus?: boolean } = {}): Promise<void> {
    const other = job !== this.job;
    this.job = job;
    if (this.ready && other) this.start();
    await vscode.commands.executeCommand(`${views.job}.focus`, { preserveFocus: options.preserveFocus === true });
  }

  /** Sends a message once the page shows the job. */
  tell(message: HostMessage): void {
    if (this.jobSent) this.post(message);
    else this.pending.push(message);
  }

  dispose(): void {
    this.hide();
  }

  private start(): void {
    void this.session?.dispose();
    this.session = null;
    this.jobSent = false;
    const { jobs, contents } = this.deps;
    void vscode.commands.executeCommand("setContext", "slingshot.jobShown", this.job !== null);
    if (this.job === null) return this.post({ type: "job", job: null, now: Date.now() });
    this.session = new PanelSession({
      jobs,
      contents,
      id: this.job,
      post: (message) => this.post(message),
      failed: (error) => this.deps.log.error(error instanceof Error ? error : String(error)),
      copy: (text, cut) => {
        void vscode.env.clipboard.writeText(text);
        if (cut) void vscode.window.showInformationMessage("Only the first part of the selection was copied. Open the log as text for all of it.");
      },
      exists: (path) => existsSync(path),
    });
  }

  private hide(): void {
    this.ready = false;
    this.jobSent = false;
    void this.session?.dispose();
    this.session = null;
  }

  private post(message: HostMessage): void {
    void this.view?.webview.postMessage(message);
    if (message.type !== "job" || this.jobSent) return;
    this.jobSent = true;
    for (const waiting of this.pending.splice(0)) this.post(waiting);
  }

  private received(value: unknown): void {
    const message = parseWebviewMessage(value);
    if (message === null) {
      if (!this.complained) this.deps.log.warn("The job panel sent a message that is not known; it is ignored.");
      this.complained = true;
      return;
    }
    this.handle(message)
      .catch((error: unknown) => showError(error, this.deps.log))
      .catch((error: unknown) => { this.deps.log.error(String(error)); });
  }

  private async handle(message: WebviewMessage): Promise<void> {
    if (message.type === "ready") return this.loaded(message.job);
    if (message.type === "action" && message.action === "showNewest") return this.showNewest();
    const { session } = this;
    if (session === null || this.job === null || session.handle(message)) return;
    const job = this.deps.jobs.get(this.job);
    if (job === undefined) return;
    const paths = new JobPaths(this.deps.jobs.stateDir, this.job);
    switch (message.type) {
      case "link":
        if (isWebAddress(message.address)) await vscode.env.openExternal(vscode.Uri.parse(message.address, true));
        return;
      case "openResult":
        return openResult(paths, message.name);
      case "openOutput":
        return openOutput(paths, message.path);
      case "saveOutput":
        return saveOutput(paths, message.path);
      case "action":
        return this.act(message.action, this.job, job.status.dashboard);
      default:
        break;
    }
    const manifest = await session.manifest();
    if (manifest === null) return;
    if (message.type === "mend") return this.mendFailure(session, manifest.workspace, this.job);
    if (message.type === "open") return openFrame({ id: job.record.id, tree: job.record.tree, manifest }, message.file, message.line);
    if (message.type === "openSnapshotFile") return openSnapshotFile(manifest, message.path, message.line);
    if (message.type === "compareSnapshotFile") return compareSnapshotFile(manifest, message.path);
    if (message.type === "openWorkspaceFile") return openNamedFile(manifest, message.path, message.line);
    const previous = await session.previous();
    if (previous === null) return;
    const sent: UriOf = (file) => snapshotUri(manifest.id, file);
    if (message.type === "comparePrevious") return comparePrevious(previous, manifest, message.path, sent, "run before ↔ this run");
    if (message.type === "comparePreviousAll") return compareAllPrevious(previous, manifest, sent, `${job.record.title}: run before ↔ this run`);
    if (message.type === "showPrevious") return this.show(previous.job.record.id);
  }

  private async act(action: Extract<WebviewMessage, { type: "action" }>["action"], job: string, dashboard: string | null): Promise<void> {
    switch (action) {
      case "dashboard":
        if (isWebAddress(dashboard)) await vscode.env.openExternal(vscode.Uri.parse(dashboard, true));
        return;
      case "cancel":
        return vscode.commands.executeCommand(commands.cancelJob, job);
      case "rerun":
        return vscode.commands.executeCommand(commands.rerunJob, job);
      case "rerunSnapshot":
        return vscode.commands.executeCommand(commands.rerunSnapshot, job);
      case "openLog":
        return vscode.commands.executeCommand(commands.openJobLog, job);
      case "showNewest":
        return this.showNewest();
    }
  }

  /** Changes the project file as the failure's remedy says; once that is done, runs the job again. */
  private async mendFailure(session: PanelSession, workspace: string, job: string): Promise<void> {
    const { mend } = session;
    if (mend === null) return;
    if (mend.changes.length === 0) return vscode.commands.executeCommand(commands.rerunJob, job);
    for (const change of mend.changes) {
      // Where that fails, the command has said why.
      if ((await vscode.commands.executeCommand(privateCommands.editProject, workspace, change)) !== true) return;
    }
    await session.mended();
  }

  /** The page has loaded (again): it shows the job asked for, else the one that it showed before. */
  private loaded(remembered: string | null): void {
    this.ready = true;
    if (this.job === null && remembered !== null && this.deps.jobs.get(remembered) !== undefined) this.job = remembered;
    this.start();
  }

  private showNewest(): void {
    const newest = this.deps.jobs.list()[0];
    if (newest === undefined) return;
    this.job = newest.record.id;
    this.start();
  }
}
