/** Takes one snapshot in a worker thread of the extension host: the way out when the language server is dead or late. */
import { parentPort, workerData } from "node:worker_threads";
import { ContentStore } from "../bundle/contentStore.js";
import { Snapshotter } from "../snapshot/snapshotter.js";
import { answerSnapshot, type WireRequest } from "./snapshotWire.js";

const wire = workerData as WireRequest;
parentPort?.postMessage(answerSnapshot(wire, new Snapshotter(), new ContentStore(wire.stateDir)));
