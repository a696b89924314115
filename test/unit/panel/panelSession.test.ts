import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { JobPaths } from "../../../src/jobs/jobPaths.js";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { JobStore } from "../../../src/jobs/jobStore.js";
import type { JobRecord } from "../../../src/jobs/job.js";
import { fileBelow, outputFile, readOutputs, readResults } from "../../../src/panel/jobFolder.js";
import { parseHostMessage, type HostMessage, type JobView } from "../../../src/panel/messages.js";
import { PanelSession } from "../../../src/panel/panelSession.js";
import { resultMessage } from "../../../src/panel/resultMessage.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";

const id = "01JD9GZ6T3W8Q0X5V7N2M4K1YB";
const record: JobRecord = {
  version: 1,
  id,
  createdAt: 1,
  workspace: "/w",
  entry: { file: "daily.py", function: null, module: null },
  title: "daily.py",
  target: { name: "local", backend: "local", settings: {} },
  argv: [],
  arguments: {},
  envNames: [],
  snapshot: "5".repeat(64),
  tree: "a".repeat(64),
  files: 0,
  bytes: 0,
  merged: false,
};
const manifest: Manifest = {
  id: record.snapshot,
  workspace: "/w",
  entry: record.entry,
  importRoots: ["."],
  fallbackRoots: { declared: [], guessed: [] },
  files: [],
  external: [],
  notes: [],
  excluded: [],
  timings: { closureMs: 0, hashMs: 0, packMs: 0 },
};

describe("the panel's session", () => {
  let stateDir: string;
  let paths: JobPaths;
  let store: JobStore;
  const sessions: PanelSession[] = [];

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "slingshot-panel-"));
    store = new JobStore(stateDir);
    paths = store.create(record, manifest);
    for (const event of [{ type: "submitting" }, { type: "submitted", ref: {} }, { type: "running" }] as const) store.append(id, event);
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.dispose();
    rmSync(stateDir, { recursive: true, force: true });
  });

  interface Opened {
    session: PanelSession;
    messages: HostMessage[];
    errors: unknown[];
    copied: string[];
  }
  function open(acknowledge = true): Opened {
    const opened: Omit<Opened, "session"> = { messages: [], errors: [], copied: [] };
    const session: PanelSession = new PanelSession({
      jobs: store,
      contents: new ContentStore(stateDir),
      id,
      post: (message) => {
        assert.notEqual(parseHostMessage(message), null, `the webview would refuse ${message.type}`);
        opened.messages.push(message);
        if (message.type === "extent" && acknowledge) setImmediate(() => session.handle({ type: "seen" }));
      },
      failed: (error) => opened.errors.push(error),
      copy: (text) => opened.copied.push(text),
      exists: () => false,
    });
    sessions.push(session);
    return { session, ...opened };
  }
  async function until(done: () => boolean): Promise<void> {
    while (!done()) await delay(5);
  }
  const last = <T extends HostMessage["type"]>(messages: HostMessage[], type: T): Extract<HostMessage, { type: T }> | undefined =>
    messages.findLast((message): message is Extract<HostMessage, { type: T }> => message.type === type);
  const jobs = (messages: HostMessage[]): JobView[] => messages.flatMap((message) => (message.type === "job" && message.job !== null ? [message.job] : []));

  it("tells of the job, and of what it becomes", async () => {
    const { messages, errors } = open();
    await until(() => jobs(messages).at(-1)?.state === "running");
    writeFileSync(join(paths.results, "error.json"), JSON.stringify({ type: "ValueError", message: "bad", frames: [] }));
    store.append(id, { type: "ended", exit: { outcome: "failed", code: 1, signal: null } });
    await until(() => last(messages, "failure") !== undefined);
    assert.equal(jobs(messages).at(-1)?.stateText, "Failed (exit code 1)");
    assert.equal(last(messages, "failure")?.failure?.title, "ValueError");
    assert.deepEqual(errors, []);
  });

  it("sends nothing new until the panel has taken in the last message", async () => {
    const { session, messages } = open(false);
    const extents = (): HostMessage[] => messages.filter(({ type }) => type === "extent");
    session.handle({ type: "view", source: "program", attempt: 1, tail: 10 });
    await until(() => extents().length === 1);
    for (let at = 0; at < 20; at++) {
      appendFileSync(paths.log(), `line ${String(at)}\n`);
      await delay(10);
    }
    assert.equal(extents().length, 1);
    session.handle({ type: "seen" });
    await until(() => last(messages, "extent")?.lines === 20);
    const extent = last(messages, "extent");
    assert.deepEqual([extent?.first, extent?.rows.map((row) => row.text).join()], [10, Array.from({ length: 10 }, (_, at) => `line ${String(10 + at)}`).join()]);
    assert.equal(extents().length, 2);
  });

  it("knows which attempt is chosen, for whoever opens its log", async () => {
    store.append(id, { type: "attempt", attempt: 2 });
    writeFileSync(paths.log(1), "first\n");
    writeFileSync(paths.log(2), "second\nsecond\n");
    const { session, messages } = open();
    assert.equal(session.shownAttempt, null);
    for (const attempt of [2, 1]) {
      session.handle({ type: "view", source: "program", attempt, tail: 5 });
      assert.equal(session.shownAttempt, attempt);
      await until(() => last(messages, "extent")?.lines === attempt);
    }
    session.handle({ type: "view", source: "engine", attempt: 1, tail: 5 });
    assert.equal(session.shownAttempt, 1);
  });

  it("loses nothing when the panel is hidden and shown a hundred times while the job prints", async function () {
    this.timeout(60_000);
    let printed = 0;
    for (let round = 0; round < 100; round++) {
      const opened = open();
      opened.session.handle({ type: "view", source: "program", attempt: 1, tail: 5 });
      appendFileSync(paths.log(), Array.from({ length: 100 }, () => `line ${String(printed++)}\n`).join(""));
      if (round % 10 === 0) await until(() => last(opened.messages, "extent")?.lines === printed);
      await opened.session.dispose();
      const count = opened.messages.length;
      await delay(1);
      assert.equal(opened.messages.length, count, "a hidden panel hears nothing");
      assert.deepEqual(opened.errors, []);
    }
    const { session, messages } = open();
    session.handle({ type: "view", source: "program", attempt: 1, tail: 0 });
    await until(() => last(messages, "extent")?.lines === printed);
    for (let first = 0, request = 0; first < printed; first += 500, request++) {
      session.handle({ type: "rows", request, source: "program", attempt: 1, first, count: 500 });
      await until(() => last(messages, "rows")?.request === request);
      assert.deepEqual(last(messages, "rows")?.rows.map((row) => row.text), Array.from({ length: 500 }, (_, at) => `line ${String(first + at)}`));
    }
    await session.dispose();
    if (existsSync("/proc/self/fd")) {
      const open = readdirSync("/proc/self/fd").flatMap((name) => {
        try {
          return readlinkSync(join("/proc/self/fd", name));
        } catch {
          return [];
        }
      });
      assert.deepEqual(open.filter((path) => path.startsWith(stateDir)), []);
    }
  });

  it("searches and goes on as the log grows", async () => {
    writeFileSync(paths.log(), "a needle\nhay\n");
    const { session, messages, copied } = open();
    session.handle({ type: "view", source: "program", attempt: 1, tail: 0 });
    await until(() => last(messages, "extent")?.lines === 2);
    session.handle({ type: "search", token: 7, query: "needle", matchCase: false, regex: false });
    await until(() => last(messages, "found")?.done === true);
    appendFileSync(paths.log(), "another needle\n");
    await until(() => last(messages, "found")?.count === 2);
    session.handle({ type: "seek", token: 7, from: { line: 0, column: 3 }, backwards: false });
    assert.deepEqual(last(messages, "match"), { type: "match", token: 7, ordinal: 1, line: 2, column: 8, length: 6 });
    session.handle({ type: "copy", source: "program", attempt: 1, from: { line: 0, column: 2 }, to: { line: 1, column: 3 } });
    await until(() => copied.length > 0);
    assert.deepEqual(copied, ["needle\nhay"]);
  });

  it("shows results and outputs as the job's folder has them, and nothing from outside it", async () => {
    writeFileSync(join(stateDir, "secret.txt"), "secret");
    symlinkSync(join(stateDir, "secret.txt"), join(paths.results, "link.txt"));
    writeFileSync(join(paths.results, "result.json"), '{"a":1}');
    writeFileSync(
      join(paths.results, "index.json"),
      JSON.stringify([
        { name: "result", mime: "application/json", file: "result.json", title: "Result" },
        { name: "up", mime: "text/plain", file: "../../../secret.txt", title: "Up" },
        { name: "absolute", mime: "text/plain", file: join(stateDir, "secret.txt"), title: "Absolute" },
        { name: "link", mime: "text/plain", file: "link.txt", title: "Link" },
        { name: "gone", mime: "text/plain", file: "gone.txt", title: "Gone" },
      ]),
    );
    assert.deepEqual(await readResults(paths), [{ name: "result.json", title: "Result", mime: "application/json", kind: "json", size: 7 }]);
    assert.deepEqual(await resultMessage(paths, "result.json"), { type: "resultText", name: "result.json", text: '{"a":1}', cut: false });
    assert.equal((await resultMessage(paths, "../../../secret.txt")).type, "resultProblem");
    mkdirSync(join(paths.outputs, "sub"));
    writeFileSync(join(paths.outputs, "sub", "out.csv"), "1");
    assert.notEqual(await fileBelow(paths.outputs, "sub/out.csv"), null);
    for (const path of ["..", "../job.json", "sub", "/etc/passwd", "sub/../../job.json", "a\0b", ""]) assert.equal(await fileBelow(paths.outputs, path), null, path);
    assert.deepEqual(await readOutputs(paths), { items: [], total: 0 });
    const index = [["sub/out.csv", true], ["big.bin", false], ["far.bin", false], ["../job.json", false]].map(([path, collected]) => ({ path, size: 1, collected }));
    writeFileSync(paths.run("outputs.json"), JSON.stringify(index));
    mkdirSync(paths.work);
    writeFileSync(join(paths.work, "big.bin"), "1");
    assert.deepEqual((await readOutputs(paths)).items.map(({ path, place }) => [path, place]), [["sub/out.csv", "fetched"], ["big.bin", "working"], ["far.bin", "elsewhere"], ["../job.json", "elsewhere"]]);
    assert.equal(await outputFile(paths, "big.bin"), join(realpathSync(paths.work), "big.bin"));
    assert.equal(await outputFile(paths, "../job.json"), null);
    // A target may have a working directory of its own.
    const own = join(stateDir, "own");
    mkdirSync(own);
    writeFileSync(join(own, "far.bin"), "1");
    writeFileSync(paths.run("spec.json"), JSON.stringify({ workdir: own }));
    assert.equal(await outputFile(paths, "far.bin"), join(realpathSync(own), "far.bin"));
    writeFileSync(paths.run("outputs.json"), '[{"path":"sub/out');
    assert.deepEqual(await readOutputs(paths), { items: [], total: 0 });
  });
});
