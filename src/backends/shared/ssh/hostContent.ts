/** What a job needs on a host, by digest: the bundle's files, the runner's, the manifest; and the sending of what the host lacks. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "../../../bundle/bundle.js";
import type { AgentSession } from "./agentSession.js";

/** One content. `path` on this machine, or the bytes themselves. */
export interface HostEntry {
  sha256: string;
  size: number;
  source: string | Buffer;
}

export interface HostContent {
  /** Manifest and runner, which every job needs, and the files of the tree. */
  always: HostEntry[];
  files: HostEntry[];
  manifest: string;
  runner: { digest: string; files: [name: string, sha256: string][] };
}

/** Bytes of one frame, and of frames that may be under way at once. */
const frameSize = 128 * 1024;
const windowSize = 2 * 1024 * 1024;

export function hostContent(bundle: Bundle, runnerDir: string): HostContent {
  const { workspace, entry, importRoots, fallbackRoots, files } = bundle.manifest;
  // Only what the runner reads, so that equal snapshots have equal bytes.
  const reduced = files.map(({ path, mode, size, sha256 }) => ({ path, mode, size, sha256 }));
  const manifest = entryOf(Buffer.from(JSON.stringify({ workspace, entry, importRoots, fallbackRoots, files: reduced })));
  const { runner, entries } = runnerContent(runnerDir);
  const known = new Map(files.map((file) => [file.sha256, file]));
  return {
    always: [manifest, ...entries],
    files: [...known.values()].map(({ sha256, size }) => ({ sha256, size, source: bundle.store.path(sha256) })),
    manifest: manifest.sha256,
    runner,
  };
}

/** 32 bytes of SHA-256 and 8 of size (big-endian) for each. */
export function digestList(entries: readonly HostEntry[]): Buffer {
  const list = Buffer.alloc(entries.length * 40);
  entries.forEach(({ sha256, size }, number) => {
    list.write(sha256, number * 40, "hex");
    list.writeBigUInt64BE(BigInt(size), number * 40 + 32);
  });
  return list;
}

/**
 * Sends contents, those of which the host has a part from there on. Small ones share frames; several frames are under way at
 * once. Every one is checked by the agent when it has come in. Nothing more is sent once the signal aborts.
 */
export async function sendContent(
  session: AgentSession, missing: readonly (HostEntry & { present: number })[], sent: (bytes: number) => void, signal: AbortSignal,
): Promise<void> {
  const flow = new Flow(session, sent, signal);
  let batch: (HostEntry & { bytes: Buffer })[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const items = batch.map((entry) => [entry.sha256, entry.size]);
    const bytes = Buffer.concat(batch.map((entry) => entry.bytes));
    [batch, size] = [[], 0];
    await flow.send({ do: "put", items }, bytes);
  };
  for (const entry of missing) {
    if (entry.size <= frameSize / 2) {
      const bytes = typeof entry.source === "string" ? readFileSync(entry.source) : entry.source;
      if (size + bytes.length > frameSize) await flush();
      batch.push({ ...entry, bytes });
      size += bytes.length;
    } else {
      await sendParts(flow, entry);
    }
  }
  await flush();
  await flow.end();
}

async function sendParts(flow: Flow, entry: HostEntry & { present: number }): Promise<void> {
  const { sha256, size, source } = entry;
  const file = typeof source === "string" ? await open(source, "r") : undefined;
  try {
    // A part that is as long as the whole would have been taken in: it is not the right one.
    for (let offset = entry.present < size ? entry.present : 0; offset < size; ) {
      const length = Math.min(frameSize, size - offset);
      const bytes = file === undefined ? (source as Buffer).subarray(offset, offset + length) : Buffer.alloc(length);
      if (file !== undefined) await file.read(bytes, 0, length, offset);
      await flow.send({ do: "part", sha256, offset, size }, bytes);
      offset += length;
    }
  } finally {
    await file?.close();
  }
}

/** Frames under way, bounded; the first failure ends it. */
class Flow {
  private underWay = 0;
  private failure: Error | undefined;
  private readonly waiting = new Set<Promise<void>>();

  constructor(
    private readonly session: AgentSession,
    private readonly sent: (bytes: number) => void,
    private readonly signal: AbortSignal,
  ) {}

  async send(header: Record<string, unknown>, bytes: Buffer): Promise<void> {
    while (this.underWay > windowSize && this.failure === undefined) await Promise.race(this.waiting);
    if (this.failure !== undefined) throw this.failure;
    this.signal.throwIfAborted();
    this.underWay += bytes.length;
    const answer = this.session.request(header, bytes).then(
      () => {
        this.session.fruitful = true;
        this.sent(bytes.length);
      },
      (error: unknown) => { this.failure ??= error instanceof Error ? error : new Error(String(error)); },
    ).finally(() => {
      this.underWay -= bytes.length;
      this.waiting.delete(answer);
    });
    this.waiting.add(answer);
  }

  async end(): Promise<void> {
    await Promise.all(this.waiting);
    if (this.failure !== undefined) throw this.failure;
  }
}

function entryOf(bytes: Buffer): HostEntry {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), size: bytes.length, source: bytes };
}

const runners = new Map<string, { runner: HostContent["runner"]; entries: HostEntry[] }>();

/** The runner as shipped, without what belongs to the agent or to another engine; read once. */
function runnerContent(runnerDir: string): { runner: HostContent["runner"]; entries: HostEntry[] } {
  let content = runners.get(runnerDir);
  if (content !== undefined) return content;
  const names = readdirSync(runnerDir).filter((name) => name.endsWith(".py") && !/^(agent|spark)(_|\.)/.test(name)).sort();
  const entries = names.map((name) => entryOf(readFileSync(join(runnerDir, name))));
  const files = names.map((name, n): [string, string] => [name, entries[n]?.sha256 ?? ""]);
  content = { runner: { digest: createHash("sha256").update(JSON.stringify(files)).digest("hex"), files }, entries };
  runners.set(runnerDir, content);
  return content;
}
