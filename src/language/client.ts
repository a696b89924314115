/** The extension's side of the language server. Starts it when first asked to, restarts it when it dies. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { afterActivation } from "../platform/afterActivation.js";
import { within } from "../base/within.js";
import type { JobPatterns, Launchables } from "./jobFunctions.js";
import { notifications, requests, type FileNews, type JobContext, type LaunchablesAnswer, type LaunchablesParams, type ReadingAhead, type WarmParams } from "./protocol.js";
import type { SearchedContent } from "../snapshot/secrets/secretFinding.js";
import type { AskSecrets } from "./secretSearches.js";
import type { AskSnapshot } from "./snapshotService.js";
import type { WireAnswer } from "./snapshotWire.js";

const selector = [
  { language: "python", scheme: "file" },
  { language: "python", scheme: "untitled" },
];
/** A server that died this often within `crashWindow` milliseconds stays down. */
const crashLimit = 5;
const crashWindow = 180_000;
/** Milliseconds that the server has to name a document's job functions before this process looks itself. */
const lensPatience = 500;

/** What the server asks of the extension. */
export interface ServerQuestions {
  /** What a job of the document would be launched with; null where it can't be part of one. */
  jobContext(uri: vscode.Uri): Promise<JobContext | null>;
}

export class LanguageService implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private starting: Promise<void> | undefined;
  private running = false;
  private disposed = false;
  private readonly crashes: number[] = [];
  private readonly recovered = new vscode.EventEmitter<void>();
  private readonly read = new vscode.EventEmitter<ReadingAhead | null>();
  /** The server is up, for the first time or again: what it said before may be drawn anew. */
  readonly onDidStart = this.recovered.event;
  /** Progress of a reading ahead that takes long; null once it is over. */
  readonly onDidReadAhead = this.read.event;

  constructor(
    private readonly serverModule: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly questions: ServerQuestions,
  ) {}

  /** Starts the server once a Python document is open, and not before the workspace is trusted. */
  startWhenNeeded(): vscode.Disposable {
    const look = (): void => {
      if (vscode.workspace.textDocuments.some((document) => vscode.languages.match(selector, document) > 0)) void this.start();
    };
    return vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument(look),
      vscode.workspace.onDidGrantWorkspaceTrust(look),
      afterActivation(look),
    );
  }

  /** Resolves once the server runs or has failed to start (which the log says); never rejects. */
  async start(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    this.starting ??= this.launch().catch((error: unknown) => {
      this.log.error(`Failed to start the language server: ${String(error)}. Snapshots are taken by a worker instead.`);
    });
    await this.starting;
  }

  /** What can be launched in the document as it stands; found in this process while no server answers. */
  async launchables(document: vscode.TextDocument, patterns: JobPatterns, token?: vscode.CancellationToken): Promise<Launchables> {
    if (this.client !== undefined && this.running) {
      try {
        const params: LaunchablesParams = { uri: document.uri.toString(), patterns };
        const answer = await within(this.client.sendRequest<LaunchablesAnswer>(requests.launchables, params, token), lensPatience);
        if (answer !== null && answer !== undefined) return answer;
      } catch (error) {
        if (token?.isCancellationRequested === true) throw new vscode.CancellationError();
        this.log.debug(`The language server gave no job functions: ${String(error)}`);
      }
    }
    const text = document.getText();
    const { findLaunchables } = await import("./jobFunctions.js");
    return findLaunchables(text, patterns);
  }

  /** Lets the server read ahead for a launch of this document. */
  warm(params: WarmParams): void {
    this.tell(notifications.warm, params);
  }

  stopReadingAhead(): void {
    this.tell(notifications.stopReadingAhead);
  }

  /** What `ServerQuestions` answered may differ now. */
  contextChanged(): void {
    this.tell(notifications.contextChanged);
  }

  filesChanged(news: FileNews): void {
    this.tell(notifications.files, news);
  }

  /** Undefined while no server runs. */
  get snapshot(): AskSnapshot | undefined {
    const { client } = this;
    if (client === undefined || !this.running) return undefined;
    return (wire) => client.sendRequest<WireAnswer>(requests.snapshot, wire);
  }

  /** Undefined while no server runs. */
  get secrets(): AskSecrets | undefined {
    const { client } = this;
    if (client === undefined || !this.running) return undefined;
    return (params) => client.sendRequest<SearchedContent[]>(requests.secrets, params);
  }

  dispose(): void {
    this.disposed = true;
    this.recovered.dispose();
    this.read.dispose();
    void this.client?.dispose().catch(() => undefined);
  }

  private tell(notification: string, params?: unknown): void {
    if (!this.running) return;
    this.client?.sendNotification(notification, params).catch((error: unknown) => {
      this.log.debug(`The language server could not be told ${notification}: ${String(error)}`);
    });
  }

  private async launch(): Promise<void> {
    // The client library is most of this extension's code: loaded when a Python document needs it, not at activation.
    const { CloseAction, ErrorAction, LanguageClient, State, TransportKind } = await import("vscode-languageclient/node");
    const run = { module: this.serverModule, transport: TransportKind.ipc };
    const client = new LanguageClient("slingshot.language", "Slingshot", { run, debug: run }, {
      documentSelector: selector,
      outputChannel: this.log,
      diagnosticCollectionName: "slingshot",
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          const action = this.mayRestart() ? CloseAction.Restart : CloseAction.DoNotRestart;
          this.log.warn(action === CloseAction.Restart ? "The language server ended; it is started again." : "The language server ends again and again; it stays down. Snapshots are taken by a worker.");
          return { action, handled: true };
        },
      },
    });
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      this.running = newState === State.Running;
      if (this.running && !this.disposed) this.recovered.fire();
      if (!this.running && !this.disposed) this.read.fire(null);
    });
    client.onRequest(requests.jobContext, (uri: string) => this.questions.jobContext(vscode.Uri.parse(uri)));
    client.onNotification(notifications.readingAhead, (progress: ReadingAhead | null) => {
      this.read.fire(progress);
    });
    await client.start();
  }

  private mayRestart(): boolean {
    const now = Date.now();
    this.crashes.push(now);
    while ((this.crashes[0] ?? now) < now - crashWindow) this.crashes.shift();
    return !this.disposed && this.crashes.length < crashLimit;
  }
}
