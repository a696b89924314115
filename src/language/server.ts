/** The language server: keeps the live text of Python documents, finds job functions, takes snapshots. Starts no program. */
import { TextDocument } from "vscode-languageserver-textdocument";
import { createConnection, ProposedFeatures, RequestType, TextDocuments, TextDocumentSyncKind } from "vscode-languageserver/node";
import { ContentStore } from "../bundle/contentStore.js";
import { Snapshotter } from "../snapshot/snapshotter.js";
import { findLaunchables } from "./jobFunctions.js";
import { requests, type LaunchablesAnswer, type LaunchablesParams } from "./protocol.js";
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

documents.listen(connection);
connection.listen();
