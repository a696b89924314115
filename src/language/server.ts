/** The language server: keeps the live text of Python documents, finds job functions, explains imports, takes snapshots. Starts no program. */
import { TextDocument } from "vscode-languageserver-textdocument";
import { CodeActionKind, createConnection, ProposedFeatures, RequestType, TextDocuments, TextDocumentSyncKind, type CancellationToken } from "vscode-languageserver/node";
import { errorText } from "../base/errors.js";
import { ContentStore } from "../bundle/contentStore.js";
import { DiskCache } from "../snapshot/diskCache.js";
import type { KeptForDocuments } from "../snapshot/documentImports.js";
import { LastGood } from "../snapshot/lastGood.js";
import { Snapshotter } from "../snapshot/snapshotter.js";
import { ImportFeatures } from "./importFeatures.js";
import { findLaunchables } from "./jobFunctions.js";
import { notifications, requests, type FileNews, type LaunchablesAnswer, type LaunchablesParams, type WarmParams } from "./protocol.js";
import { ReadAhead } from "./readAhead.js";
import { SecretAnswers } from "./secretAnswers.js";
import type { SecretsParams } from "./secretSearches.js";
import { answerSnapshot, type WireAnswer, type WireRequest } from "./snapshotWire.js";

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const kept: KeptForDocuments = { disk: new DiskCache(), lastGood: new LastGood(), ignores: new Map() };
const snapshotter = new Snapshotter(kept.disk, kept.lastGood, kept.ignores);
const imports = new ImportFeatures(connection, documents, kept);
const log = (message: string): void => { connection.console.log(message); };
const readAhead = new ReadAhead(kept, (progress) => { connection.sendNotification(notifications.readingAhead, progress).catch(() => undefined); }, log);
const secretAnswers = new SecretAnswers();
let store: ContentStore | undefined;

connection.onInitialize(() => ({
  capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental, hoverProvider: true, codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } },
}));

connection.onRequest(requests.launchables, ({ uri, patterns }: LaunchablesParams): LaunchablesAnswer => {
  const document = documents.get(uri);
  return document === undefined ? null : findLaunchables(document.getText(), patterns);
});

connection.onRequest(new RequestType<WireRequest, WireAnswer, void>(requests.snapshot), (wire) => {
  if (store?.stateDir !== wire.stateDir) store = new ContentStore(wire.stateDir);
  return answerSnapshot(wire, snapshotter, store);
});

connection.onRequest(requests.secrets, (params: SecretsParams) => secretAnswers.answer(params));

connection.onHover((params, token) => imports.hover(params, signalOf(token)));
connection.onCodeAction((params, token) => imports.codeActions(params, signalOf(token)));
connection.onNotification(notifications.contextChanged, () => { imports.contextChanged(); });
connection.onNotification(notifications.files, (news: FileNews) => { imports.filesChanged(news); });
documents.onDidChangeContent(({ document }) => { imports.changed(document); });
documents.onDidClose(({ document }) => { imports.closed(document); });

connection.onNotification(notifications.warm, ({ uri }: WarmParams) => void warm(uri));
connection.onNotification(notifications.stopReadingAhead, () => { readAhead.stop(); });

/** The document is in front now: what a launch of it needs is read, and its diagnostics are made anew. */
async function warm(uri: string): Promise<void> {
  try {
    imports.refresh(uri);
    const context = await imports.contextOf(uri);
    const document = documents.get(uri);
    if (context === null || document === undefined) return;
    await readAhead.read(context.path, context.settings, [{ path: context.path, bytes: Buffer.from(document.getText(), "utf8") }]);
  } catch (error) {
    log(`Could not read ahead for ${uri}: ${errorText(error)}`);
  }
}

function signalOf(token: CancellationToken): AbortSignal {
  const control = new AbortController();
  if (token.isCancellationRequested) control.abort();
  else token.onCancellationRequested(() => { control.abort(); });
  return control.signal;
}

documents.listen(connection);
connection.listen();
