import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlingshotError } from "../../../src/base/errors.js";
import { takeSnapshot, type AskSnapshot, type SnapshotSources } from "../../../src/language/snapshotService.js";
import { answerSnapshot, sha256, type WireRequest } from "../../../src/language/snapshotWire.js";
import { snapshotId, type Manifest } from "../../../src/snapshot/manifest.js";
import type { SnapshotRequest } from "../../../src/snapshot/request.js";

const workspace = "/work space";
const entry = `${workspace}/a.py`;

function requestOf(text: string): SnapshotRequest {
  return { workspace, cwd: workspace, entry: { file: entry }, overlays: [{ path: entry, bytes: Buffer.from(text), version: 3 }], interpreter: null, bundle: {} };
}

/** A manifest of exactly the overlays: enough to prove what crosses the boundary. */
function manifestOf(request: SnapshotRequest): Manifest {
  const files = request.overlays.map(({ path, bytes }) => ({
    path: path.slice(workspace.length + 1),
    mode: "644" as const,
    size: bytes.length,
    sha256: sha256(bytes),
    origin: "buffer" as const,
    reason: { kind: "entry" as const },
  }));
  const manifest: Manifest = {
    id: "", workspace, entry: { file: "a.py", function: null, module: null }, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] },
    files, external: [], notes: [], excluded: [], timings: { closureMs: 0, hashMs: 0, packMs: 0 },
  };
  return { ...manifest, id: snapshotId(manifest) };
}

const sink = { has: () => true, put: () => undefined };
const honest: AskSnapshot = (wire) => Promise.resolve(answerSnapshot(wire, { take: (request) => ({ manifest: manifestOf(request) }) }, sink));
/** Answers with a text of its own, as a server that missed an edit would. */
const stale: AskSnapshot = (wire) => honest({ ...wire, overlays: wire.overlays.map((one) => ({ ...one, content: { base64: Buffer.from("old").toString("base64") } })) });
const silent: AskSnapshot = () => new Promise(() => undefined);

describe("snapshot over process boundaries", () => {
  let stateDir = "";
  const asked: string[] = [];
  const sources = (server: AskSnapshot | undefined, worker: AskSnapshot): SnapshotSources => ({
    server: server === undefined ? undefined : (wire) => { asked.push("server"); return server(wire); },
    worker: (wire) => { asked.push("worker"); return worker(wire); },
    patience: 20, stateDir, log: () => undefined,
  });
  beforeEach(() => {
    asked.length = 0;
    stateDir = mkdtempSync(join(tmpdir(), "slingshot-"));
  });
  afterEach(() => {
    rmSync(stateDir, { recursive: true });
  });

  it("asks the server alone when it answers with the frozen text", async () => {
    const { manifest } = await takeSnapshot(requestOf("x = 1\n"), sources(honest, silent));
    assert.equal(manifest.files[0]?.sha256, sha256(Buffer.from("x = 1\n")));
    assert.deepEqual(asked, ["server"]);
  });

  it("asks a worker when the server is dead, fails, is late or answers with another text", async () => {
    const failing: AskSnapshot = () => Promise.reject(new Error("connection got disposed"));
    for (const server of [undefined, failing, silent, stale]) {
      asked.length = 0;
      const { manifest } = await takeSnapshot(requestOf("x = 2\n"), sources(server, honest));
      assert.equal(manifest.files[0]?.sha256, sha256(Buffer.from("x = 2\n")));
      assert.equal(asked.at(-1), "worker");
    }
  });

  it("takes a late server's answer where the worker fails", async () => {
    const late: AskSnapshot = async (wire) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return honest(wire);
    };
    const { manifest } = await takeSnapshot(requestOf("x = 3\n"), sources(late, () => Promise.reject(new Error("no thread"))));
    assert.equal(manifest.files[0]?.sha256, sha256(Buffer.from("x = 3\n")));
  });

  it("never accepts a manifest of another text, of another version or with a wrong id", async () => {
    const edits: ((answer: { manifest: Manifest; used: { version: number | null }[] }) => void)[] = [
      (answer) => { for (const used of answer.used) used.version = 2; },
      (answer) => { for (const file of answer.manifest.files) file.sha256 = sha256(Buffer.from("old")); },
      (answer) => { answer.manifest.importRoots = ["other"]; },
      (answer) => { answer.used.length = 0; },
    ];
    for (const edit of edits) {
      const lying: AskSnapshot = async (wire) => {
        const answer = await honest(wire);
        if ("manifest" in answer) edit(answer);
        return answer;
      };
      await assert.rejects(takeSnapshot(requestOf("x = 4\n"), sources(lying, lying)), (error) => error instanceof SlingshotError && error.code === "snapshot-failed");
    }
  });

  it("passes a refusal on whole, without asking twice", async () => {
    const refusing: AskSnapshot = (wire: WireRequest) =>
      Promise.resolve(answerSnapshot(wire, { take: () => { throw new SlingshotError("refused", "too-large", "Too large.", "Exclude data.", { file: "/w/big", line: 4 }); } }, sink));
    await assert.rejects(takeSnapshot(requestOf(""), sources(refusing, honest)), (error) =>
      error instanceof SlingshotError && error.code === "too-large" && error.remedy === "Exclude data." && error.file === "/w/big" && error.line === 4);
    assert.deepEqual(asked, ["server"]);
  });

  it("sends much text through private files and removes them", async () => {
    const text = "#".repeat(1_200_000);
    let seen = "";
    const watching: AskSnapshot = (wire) => {
      const content = wire.overlays[0]?.content;
      assert.ok(content !== undefined && "file" in content);
      assert.equal(statSync(content.file).mode & 0o777, 0o600);
      seen = readFileSync(content.file, "utf8");
      return honest(wire);
    };
    await takeSnapshot(requestOf(text), sources(watching, silent));
    assert.equal(seen, text);
    assert.deepEqual(readdirSync(join(stateDir, "frozen")), []);
  });
});
