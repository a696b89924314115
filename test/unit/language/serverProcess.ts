/** The real language server in a process of its own, with a client that does to the connection what a test wants. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, type MessageConnection } from "vscode-jsonrpc/node";
import type { CodeAction, Diagnostic, Hover } from "vscode-languageserver/node";
import { notifications, requests, type FileNews, type JobContext, type ReadingAhead } from "../../../src/language/protocol.js";
import type { WireAnswer, WireRequest } from "../../../src/language/snapshotWire.js";

export class ServerProcess {
  /** Answers the server's question about a document; a test may change it. */
  context: (uri: string) => JobContext | null | Promise<JobContext | null> = () => null;
  readonly diagnostics = new Map<string, Diagnostic[]>();
  readonly progress: (ReadingAhead | null)[] = [];
  private readonly versions = new Map<string, number>();
  private readonly waiting: { uri: string; done(diagnostics: Diagnostic[]): void }[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly connection: MessageConnection,
  ) {
    connection.onRequest(requests.jobContext, (uri: string) => this.context(uri));
    connection.onNotification(notifications.readingAhead, (progress: ReadingAhead | null) => { this.progress.push(progress); });
    connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => {
      this.diagnostics.set(uri, diagnostics);
      for (const one of this.waiting.splice(0)) {
        if (one.uri === uri) one.done(diagnostics);
        else this.waiting.push(one);
      }
    });
  }

  static async start(): Promise<ServerProcess> {
    const child = fork(join(__dirname, "../../../src/language/server.ts"), ["--node-ipc"], { execArgv: ["--import", "tsx"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    const server = new ServerProcess(child, connection);
    connection.onError(() => undefined);
    connection.onClose(() => { connection.dispose(); });
    connection.listen();
    await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    await connection.sendNotification("initialized", {});
    return server;
  }

  async open(path: string, text: string): Promise<string> {
    const uri = uriOf(path);
    this.versions.set(uri, 1);
    await this.connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "python", version: 1, text } });
    return uri;
  }

  async type(uri: string, text: string): Promise<void> {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    await this.connection.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  async tell(notification: string, params?: FileNews | { uri: string }): Promise<void> {
    await this.connection.sendNotification(notification, params);
  }

  /** The diagnostics of a document once they fulfil `wanted`. */
  async until(uri: string, wanted: (diagnostics: Diagnostic[]) => boolean): Promise<Diagnostic[]> {
    for (let known = this.diagnostics.get(uri); ; known = await new Promise<Diagnostic[]>((done) => { this.waiting.push({ uri, done }); })) {
      if (known !== undefined && wanted(known)) return known;
    }
  }

  async hover(uri: string, line: number, character: number): Promise<string | null> {
    const hover = await this.connection.sendRequest<Hover | null>("textDocument/hover", { textDocument: { uri }, position: { line, character } });
    return hover === null ? null : (hover.contents as { value: string }).value;
  }

  async fixes(uri: string, diagnostics: Diagnostic[]): Promise<CodeAction[]> {
    const range = diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    return this.connection.sendRequest<CodeAction[]>("textDocument/codeAction", { textDocument: { uri }, range, context: { diagnostics } });
  }

  snapshot = (wire: WireRequest): Promise<WireAnswer> => this.connection.sendRequest<WireAnswer>(requests.snapshot, wire);

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}

export function uriOf(path: string): string {
  return path.startsWith("untitled:") ? path : pathToFileURL(path).toString();
}
