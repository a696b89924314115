/** The language server: keeps the live text of Python documents, finds job functions, takes snapshots. Starts no program. */
import { TextDocument } from "vscode-languageserver-textdocument";
import { createConnection, ProposedFeatures, RequestType, TextDocuments, TextDocumentSyncKind } from "vscode-languageserver/node";
import { errorText } from "../base/errors.js";
import { ContentStore } from "../bundle/contentStore.js";
import { Snapshotter } from "../snapshot/snapshotter.js";
import { findLaunchables } from "./jobFunctions.js";
import { notifications, requests, type LaunchablesAnswer, type LaunchablesParams, type WarmParams } from "./protocol.js";
import { answerSnapshot, type WireAnswer, type WireRequest } from "./snapshotWire.js";

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const snapshotter = new Snapshotter();
let store: ContentStore | undefined;

connection.onInitialize(() => ({ capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental } }));

connection.onRequest(requests.launchables, ({ uri, patterns }: LaunchablesParams): LaunchablesAnswer => {
  const document = documents.get(uri);
  return document === undefined ? null : findLaunchables(document.getText(), patterns);
});

connection.onRequest(new RequestType<WireRequest, WireAnswer, void>(requests.snapshot), (wire) => {
  if (store?.stateDir !== wire.stateDir) store = new ContentStore(wire.stateDir);
  return answerSnapshot(wire, snapshotter, store);
});

/** Reads ahead; keeps nothing of the result and starts no interpreter. */
connection.onNotification(notifications.warm, ({ workspace, file }: WarmParams) => {
  try {
    snapshotter.take({ workspace, cwd: workspace, entry: { file }, overlays: [], interpreter: null, bundle: {} }, { has: () => true, put: () => undefined });
  } catch (error) {
    connection.console.log(`Could not read ahead for ${file}: ${errorText(error)}`);
  }
});

documents.listen(connection);
connection.listen();
