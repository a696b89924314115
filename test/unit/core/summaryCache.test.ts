import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import { initialStatus, reduce, statusVersion, type JobEvent, type JobRecord } from "../../../src/jobs/job.js";
import { JobStore } from "../../../src/jobs/jobStore.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";

const manifest: Manifest = {
  id: "i", workspace: "/w", entry: { file: "a.py", function: null, module: null }, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] },
  files: [], external: [], notes: [], excluded: [], timings: { closureMs: 0, hashMs: 0, packMs: 0 },
};
const succeeded: JobEvent = { at: 9, type: "ended", exit: { outcome: "succeeded", code: 0, signal: null } };
const lost: JobEvent = { at: 9, type: "ended", exit: { outcome: "lost", code: null, signal: null } };

describe("summaries that are kept of ended jobs", () => {
  let state: string;
  let file: string;
  let ids: string[];
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "slingshot-summaries-"));
    file = join(state, "caches", "jobs.json");
    const store = new JobStore(state);
    ids = Array.from({ length: 40 }, (_, n) => ulid(1000 + n));
    for (const id of ids) {
      const record: JobRecord = {
        version: 1, id, createdAt: 1000, workspace: "/w", entry: { file: "a.py", function: null, module: null }, title: "a.py", target: { name: "local", backend: "local", settings: {} },
        argv: [`é ${id}`], arguments: {}, envNames: [], snapshot: "s", tree: "t", files: 1, bytes: 1, merged: false,
      };
      store.create(record, manifest);
      store.append(id, { type: "submitted", ref: { pid: 1 } });
      store.append(id, id === ids[0] ? lost : succeeded);
    }
    keep();
  });
  afterEach(() => { rmSync(state, { recursive: true, force: true }); });

  /** What a window does some seconds after its first list. */
  function keep(): void {
    const window = new JobStore(state);
    window.list();
    window.keepSummaries();
  }

  const shown = (store = new JobStore(state)): string[] => store.list().map(({ record, status }) => `${record.id} ${record.title} ${status.state}`);
  const stateOf = (id: string, store = new JobStore(state)): string | undefined => store.list().find(({ record }) => record.id === id)?.status.state;

  /** Writes the file as another window could have, with something else in it. */
  function rewrite(change: (body: string) => string): void {
    const text = readFileSync(file, "utf8");
    const body = change(text.slice(text.indexOf("\n") + 1));
    writeFileSync(file, `${hash("sha256", body, "hex")}\n${body}`);
  }
  const retitle = (): void => { rewrite((body) => body.replaceAll('"title":"a.py"', '"title":"kept.py"')); };

  it("are believed as long as record and events are the files that were read, and private", () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(state, "caches")).mode & 0o777, 0o700);
    const before = shown();
    assert.equal(before.length, ids.length);
    retitle();
    assert.deepEqual(shown(), before.map((line) => line.replace("a.py", "kept.py")));
    const { events, record } = new JobStore(state).paths(ids[3] ?? "");
    utimesSync(events, 1, 1);
    const touched = new JobStore(state).paths(ids[4] ?? "").record;
    writeFileSync(touched, readFileSync(touched));
    assert.ok(existsSync(record));
    const after = shown();
    assert.equal(after.filter((line) => line.includes(" a.py ")).length, 2, "a file with another signature is read");
  });

  it("never hide an event: one appended to a lost job re-opens it, in stores old and new", () => {
    const id = ids[0] ?? "";
    const open = new JobStore(state);
    assert.equal(stateOf(id, open), "lost");
    const other = new JobStore(state);
    other.append(id, { type: "running" });
    assert.deepEqual([stateOf(id, open), stateOf(id, other), stateOf(id)], ["running", "running", "running"]);
    other.append(id, succeeded);
    assert.deepEqual([stateOf(id, open), stateOf(id)], ["succeeded", "succeeded"]);
    open.keepSummaries();
    assert.equal(stateOf(id), "succeeded");
    appendFileSync(open.paths(id).events, '{"at":10,"type":"message","severity":"info","te');
    keep();
    assert.equal(new JobStore(state).list().length, ids.length);
    appendFileSync(open.paths(id).events, 'xt":"late"}\n');
    assert.equal(new JobStore(state).list().at(-1)?.status.messages.at(-1)?.text, "late");
  });

  it("hold no job that has not ended", () => {
    const id = ids[0] ?? "";
    new JobStore(state).append(id, { type: "running" });
    keep();
    assert.ok(!readFileSync(file, "utf8").includes(id));
    assert.equal(stateOf(id), "running");
  });

  it("vanish with the job, whoever removes it", () => {
    const [gone = "", removed = ""] = ids;
    const open = new JobStore(state);
    open.list();
    new JobStore(state).remove(gone);
    assert.ok(!existsSync(file), "nothing of a removed job stays");
    assert.equal(stateOf(gone, open), undefined);
    open.keepSummaries();
    assert.ok(!readFileSync(file, "utf8").includes(gone) && readFileSync(file, "utf8").includes(removed));
    rmSync(open.paths(removed).folder, { recursive: true });
    assert.deepEqual(shown().length, ids.length - 2);
    assert.deepEqual(shown(open).length, ids.length - 2);
    assert.equal(new JobStore(state).get(removed), undefined);
  });

  it("are nothing where the file is damaged, cut short, foreign, of another version, or no file", () => {
    const before = shown();
    const whole = readFileSync(file);
    retitle();
    const retitled = readFileSync(file);
    const damaged = Buffer.from(retitled);
    const at = damaged.indexOf("kept.py");
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const texts = [damaged, retitled.subarray(0, retitled.length / 2), "", "\n", "null", "{}", '{"jobs":[]}', Buffer.from([0xff, 0xfe, 0])];
    for (const text of texts) {
      writeFileSync(file, text);
      assert.deepEqual(shown(), before);
    }
    for (const change of [() => "null", () => "[]", () => '{"format":1}', () => `{"format":1,"status":${String(statusVersion)},"jobs":[7]}`,
      (body: string) => body.replace('"format":1', '"format":2'), (body: string) => body.replace(`"status":${String(statusVersion)}`, `"status":${String(statusVersion + 1)}`)]) {
      writeFileSync(file, retitled);
      rewrite(change);
      assert.deepEqual(shown(), before);
    }
    rmSync(file);
    symlinkSync("/dev/zero", file);
    assert.deepEqual(shown(), before);
    rmSync(file);
    mkdirSync(file);
    assert.deepEqual(shown(), before);
    keep();
    rmSync(file, { recursive: true });
    keep();
    assert.deepEqual(readFileSync(file), whole, "made anew");
  });

  it("stay whole where several windows write at once, and leave nothing beside", () => {
    const windows = [new JobStore(state), new JobStore(state), new JobStore(state)];
    for (const window of windows) window.list();
    for (const [n, window] of windows.entries()) {
      window.append(ids[n] ?? "", { type: "message", severity: "info", text: String(n) });
      for (const other of windows) other.keepSummaries();
      assert.equal(new JobStore(state).list().find(({ record }) => record.id === ids[n])?.status.messages.at(-1)?.text, String(n));
    }
    assert.deepEqual(readdirSync(join(state, "caches")), ["jobs.json"]);
  });

  it("bring back no state directory that was removed", () => {
    const window = new JobStore(state);
    window.list();
    rmSync(state, { recursive: true });
    window.keepSummaries();
    assert.ok(!existsSync(state));
    mkdirSync(state);
    writeFileSync(join(state, "jobs"), "no folder");
    window.keepSummaries();
    assert.deepEqual(readdirSync(state), ["jobs"]);
  });

  it("are of this reducer: who changes what it makes of events raises `statusVersion`, and notes the new digest here", () => {
    const events: JobEvent[] = [
      { at: 1, type: "submitting" }, { at: 2, type: "submitted", ref: { pid: 1 } }, { at: 3, type: "queued", reason: "full" }, { at: 4, type: "running", dashboard: "http://d" }, { at: 5, type: "attempt", attempt: 2 },
      { at: 6, type: "progress", progress: { done: 1, total: 2, active: 1, failed: 0, unit: "tasks", text: "t" } }, { at: 7, type: "dashboard", url: "http://e" }, { at: 8, type: "cancel-requested" },
      { at: 9, type: "cancel-unconfirmed", message: "m" }, { at: 10, type: "unreachable", message: "u" }, { at: 11, type: "reachable" }, succeeded, lost,
      { at: 12, type: "source", git: { commit: "c", branch: "b", dirty: true } }, { at: 13, type: "collected" }, { at: 14, type: "message", severity: "error", text: "x" },
    ];
    const states = events.flatMap((a) => events.flatMap((b) => events.map((c) => JSON.stringify([a, b, c].reduce(reduce, initialStatus)))));
    assert.deepEqual([statusVersion, hash("sha256", states.join("\n"), "hex")], [1, "e59d1da80b1031bd405e3f1adb94bb181a285efdd8bc7b5eed247a8df4cb034f"]);
  });
});
