import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import type { Backend, BackendEvent } from "../../../src/backends/backend.js";
import { Follower } from "../../../src/jobs/follower.js";
import type { JobRecord } from "../../../src/jobs/job.js";
import { forgetJob } from "../../../src/jobs/jobActions.js";
import { JobStore } from "../../../src/jobs/jobStore.js";
import { Lease } from "../../../src/jobs/lease.js";
import { SpoolReader } from "../../../src/jobs/spoolReader.js";
import { SpoolWriter } from "../../../src/jobs/spoolWriter.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";

export function sampleRecord(id = ulid()): JobRecord {
  return {
    version: 1, id, createdAt: Date.now(), workspace: "/w", entry: { file: "a.py", function: null, module: null }, title: "a.py",
    target: { name: "local", backend: "local", settings: {} }, argv: [], arguments: {}, envNames: [], snapshot: "s", tree: "t", files: 1, bytes: 1, merged: false,
  };
}

const manifest: Manifest = {
  id: "i", workspace: "/w", entry: { file: "a.py", function: null, module: null }, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] },
  files: [], external: [], notes: [], excluded: [], timings: { closureMs: 0, hashMs: 0, packMs: 0 },
};

describe("job store", () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "slingshot-store-")); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it("is seen whole by another store, newest first, and private to the user", () => {
    const mine = new JobStore(folder);
    const other = new JobStore(folder);
    const ids = [ulid(1000), ulid(2000), ulid(3000)];
    for (const id of ids) mine.create(sampleRecord(id), manifest);
    mine.append(ids[1] ?? "", { type: "submitted", ref: { pid: 1 } });
    assert.deepEqual(other.list().map((job) => job.record.id), [...ids].reverse());
    assert.equal(other.get(ids[1] ?? "")?.status.state, "queued");
    assert.equal(statSync(mine.paths(ids[0] ?? "").folder).mode & 0o777, 0o700);
    assert.equal(statSync(mine.paths(ids[0] ?? "").record).mode & 0o777, 0o600);
    assert.equal(statSync(mine.paths(ids[0] ?? "").events).mode & 0o777, 0o600);
  });

  it("reports a damaged record and loads the others", () => {
    const store = new JobStore(folder);
    const good = sampleRecord();
    store.create(good, manifest);
    const bad = ulid();
    mkdirSync(join(folder, "jobs", bad));
    writeFileSync(join(folder, "jobs", bad, "job.json"), '{"id": "tru');
    assert.deepEqual(new JobStore(folder).list().map((job) => job.record.id), [good.id]);
    const again = new JobStore(folder);
    again.list();
    assert.deepEqual([...again.problems.keys()], [bad]);
    assert.ok(existsSync(join(folder, "jobs", bad, "job.json")), "the damaged record stays for whoever can mend it");
  });

  it("ignores an event line that a crash cut short, and takes it once it is whole", () => {
    const store = new JobStore(folder);
    const { id } = sampleRecord();
    const paths = store.create(sampleRecord(id), manifest);
    store.append(id, { type: "submitted", ref: {} });
    appendFileSync(paths.events, '{"at":5,"type":"runn');
    assert.equal(new JobStore(folder).get(id)?.status.state, "queued");
    appendFileSync(paths.events, 'ing"}\n');
    assert.equal(store.get(id)?.status.state, "running");
  });

  it("counts an event that was appended to a stump, and passes over what another version wrote", () => {
    const store = new JobStore(folder);
    const { id } = sampleRecord();
    const paths = store.create(sampleRecord(id), manifest);
    appendFileSync(paths.events, '{"at":5,"type":"progr');
    store.append(id, { type: "running" });
    appendFileSync(paths.events, 'null\n7\n{"at":6,"type":"paused"}\n');
    assert.equal(store.get(id)?.status.state, "running");
    assert.equal(new JobStore(folder).get(id)?.status.state, "running");
    writeFileSync(paths.record, JSON.stringify({ ...sampleRecord(id), version: 2 }));
    const again = new JobStore(folder);
    assert.equal(again.get(id), undefined);
    assert.match(again.problems.get(id) ?? "", /newer Slingshot/);
  });

  it("listens where its folder can't be made: the launch says so, not the activation", () => {
    writeFileSync(join(folder, "file"), "");
    const listening = new JobStore(join(folder, "file")).onDidChange(() => undefined);
    listening.dispose();
  });

  it("tells a listener of changes that another process made", async () => {
    const store = new JobStore(folder);
    const other = new JobStore(folder);
    const heard = new Set<string>();
    const listening = store.onDidChange((ids) => { for (const id of ids) heard.add(`${id} ${store.get(id)?.status.state ?? "gone"}`); });
    const record = sampleRecord();
    other.create(record, manifest);
    await until(() => heard.has(`${record.id} preparing`));
    other.append(record.id, { type: "submitted", ref: {} });
    await until(() => heard.has(`${record.id} queued`));
    other.remove(record.id);
    await until(() => heard.has(`${record.id} gone`));
    listening.dispose();
  });

  it("finds a job by the beginning or end of its id, but never a guess among several", () => {
    const store = new JobStore(folder);
    const record = sampleRecord();
    store.create(record, manifest);
    assert.equal(store.find(record.id.toLowerCase())?.record.id, record.id);
    assert.equal(store.find(record.id.slice(-6))?.record.id, record.id);
    store.create(sampleRecord(), manifest);
    assert.equal(store.find(record.id.slice(0, 2)), undefined);
    assert.equal(store.get("../../etc"), undefined);
    store.remove(store.list()[0]?.record.id ?? "");
    assert.equal(store.find(""), undefined, "an empty variable of a shell names no job");
  });
});

describe("lease", () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "slingshot-lease-")); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it("is held by one, and free after release", () => {
    const path = join(folder, "lease.json");
    const lease = Lease.acquire(path);
    assert.ok(lease);
    assert.equal(Lease.acquire(path), undefined);
    lease.release();
    const next = Lease.acquire(path);
    assert.ok(next);
    next.release();
  });

  it("is stolen from a process that died, and from one whose heartbeat stopped", async () => {
    const path = join(folder, "lease.json");
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    writeFileSync(path, JSON.stringify({ name: "x", pid: child.pid, ticks: 1 }));
    const lease = Lease.acquire(path);
    assert.ok(lease, "the dead holder's lease is free");
    const old = new Date(Date.now() - 60_000);
    utimesSync(path, old, old);
    const thief = Lease.acquire(path);
    assert.ok(thief, "a lease without heartbeat is free");
    lease.release();
    assert.ok(existsSync(path), "who lost the lease does not remove the new one");
    thief.release();
  });
});

describe("follower", () => {
  let folder: string;
  let store: JobStore;
  const record = sampleRecord();
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-follower-"));
    store = new JobStore(folder);
    store.create(record, manifest);
    store.append(record.id, { type: "submitted", ref: {} });
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  /** Answers given here, not an engine: what is tested is what the follower makes of them. */
  function answering(answers: Partial<Backend>): { get(): Promise<Backend> } {
    const none = (): Promise<never> => Promise.reject(new Error("not asked"));
    const backend: Backend = { id: "local", settings: {}, check: none, submit: none, find: none, cancel: none, remove: none, watch: () => { throw new Error("not asked"); }, ...answers };
    return { get: () => Promise.resolve(backend) };
  }

  it("keeps few of many counters, and the last of them", async () => {
    async function* watch(): AsyncGenerator<BackendEvent> {
      await Promise.resolve();
      for (let done = 1; done <= 1000; done++) yield { type: "progress", progress: { done, total: 1000, active: 0, failed: 0, unit: "tasks", text: "" } };
      yield { type: "ended", exit: { outcome: "succeeded", code: 0, signal: null } };
    }
    await new Follower(store, answering({ watch }), () => undefined).follow(record.id);
    assert.equal(store.get(record.id)?.status.progress?.done, 1000);
    assert.ok(readFileSync(store.paths(record.id).events, "utf8").split("\n").length < 100);
  });

  it("goes on after a failure, says once that contact is lost, and that it is back", async () => {
    let asked = 0;
    async function* watch(): AsyncGenerator<BackendEvent> {
      await Promise.resolve();
      if (++asked === 1) throw new Error("gone for a moment");
      yield { type: "log", stream: "merged", offset: 0, bytes: Buffer.from("back\n") };
      assert.equal(store.get(record.id)?.status.unreachableSince, null);
      yield { type: "ended", exit: { outcome: "succeeded", code: 0, signal: null } };
    }
    await new Follower(store, answering({ watch }), () => undefined).follow(record.id);
    assert.equal(store.get(record.id)?.status.state, "succeeded");
    assert.equal(readFileSync(store.paths(record.id).events, "utf8").match(/"unreachable"/g)?.length, 1);
  });

  it("finds a lost job again where its engine knows better, and leaves it lost where it does not", async () => {
    const lost: BackendEvent = { type: "ended", exit: { outcome: "lost", code: null, signal: null } };
    store.append(record.id, lost);
    let answers: BackendEvent[] = [{ type: "running" }, lost];
    let asked = 0;
    async function* watch(): AsyncGenerator<BackendEvent> {
      await Promise.resolve();
      asked++;
      yield* answers;
    }
    const follower = new Follower(store, answering({ watch }), () => undefined);
    const lines = (): number => readFileSync(store.paths(record.id).events, "utf8").split("\n").length;
    const before = lines();
    await follower.lookAgain();
    assert.deepEqual([store.get(record.id)?.status.state, asked, lines()], ["lost", 1, before], "nothing is said where nothing is new");
    answers = [{ type: "unreachable", message: "no route" }];
    await follower.lookAgain();
    assert.equal(lines(), before);
    answers = [{ type: "running" }, { type: "ended", exit: { outcome: "succeeded", code: 0, signal: null } }];
    await follower.lookAgain();
    assert.equal(store.get(record.id)?.status.state, "succeeded");
    assert.match(store.get(record.id)?.status.messages.at(-1)?.text ?? "", /taken for lost/);
  });

  it("forgets a job here only where its engine does not answer and the user says so", async () => {
    const backends = answering({ remove: () => Promise.reject(new Error("no route to host")) });
    await assert.rejects(forgetJob(store, backends, record.id), /has not ended/);
    await assert.rejects(forgetJob(store, backends, record.id, true), /has not ended/);
    store.append(record.id, { type: "unreachable", message: "no route" });
    await assert.rejects(forgetJob(store, backends, record.id), /has not ended/);
    store.append(record.id, { type: "ended", exit: { outcome: "succeeded", code: 0, signal: null } });
    await assert.rejects(forgetJob(store, backends, record.id), /could not be removed: no route to host/);
    assert.ok(store.get(record.id));
    await forgetJob(store, backends, record.id, true);
    assert.equal(store.get(record.id), undefined);
  });

  it("cancels a job that it adopts after its cancellation was asked for", async () => {
    const lone = sampleRecord();
    store.create(lone, manifest);
    store.append(lone.id, { type: "cancel-requested" });
    let cancelled = 0;
    async function* watch(): AsyncGenerator<BackendEvent> {
      await Promise.resolve();
      yield { type: "ended", exit: { outcome: "cancelled", code: null, signal: null } };
    }
    const cancel: Backend["cancel"] = () => {
      cancelled++;
      return Promise.resolve({ confirmed: true });
    };
    await new Follower(store, answering({ watch, find: () => Promise.resolve({ pid: 1 }), cancel }), () => undefined).follow(lone.id);
    assert.equal(cancelled, 1);
    assert.equal(store.get(lone.id)?.status.state, "cancelled");
  });
});

describe("spool", () => {
  it("mends an index that a full disk has cut off", () => {
    const folder = mkdtempSync(join(tmpdir(), "slingshot-spool-"));
    const paths = new JobStore(folder).create(sampleRecord(), manifest);
    const writer = new SpoolWriter(paths);
    writer.write({ type: "log", stream: "merged", offset: 0, bytes: Buffer.from("one\n") }, 1);
    appendFileSync(paths.log(), "tw");
    appendFileSync(paths.logIndex(), Buffer.alloc(7, 1));
    writer.write({ type: "log", stream: "merged", offset: 6, bytes: Buffer.from("o\n") }, 1);
    const reader = new SpoolReader(paths);
    assert.equal(Buffer.concat(reader.read().map(({ bytes }) => bytes)).toString(), "one\ntwo\n");
    appendFileSync(paths.logIndex(), Buffer.alloc(24, 0x7f));
    assert.deepEqual(reader.read(), [], "a damaged record asks for no memory");
    reader.close();
    rmSync(folder, { recursive: true });
  });

  it("takes each byte once, refuses a gap, and reads back by stream", () => {
    const folder = mkdtempSync(join(tmpdir(), "slingshot-spool-"));
    const store = new JobStore(folder);
    const paths = store.create(sampleRecord(), manifest);
    const writer = new SpoolWriter(paths);
    const reader = new SpoolReader(paths);
    assert.deepEqual(reader.read(), []);
    writer.write({ type: "log", stream: "stdout", offset: 0, bytes: Buffer.from("one\n") }, 1);
    writer.write({ type: "log", stream: "stdout", offset: 0, bytes: Buffer.from("one\ntwo\n") }, 1);
    writer.write({ type: "log", stream: "stderr", offset: 8, bytes: Buffer.from("bad\n") }, 1);
    writer.write({ type: "log", stream: "stderr", offset: 8, bytes: Buffer.from("bad\n") }, 1);
    writer.write({ type: "log", stream: "engine", offset: 0, bytes: Buffer.from("INFO\n") }, 1);
    assert.throws(() => { writer.write({ type: "log", stream: "stdout", offset: 99, bytes: Buffer.from("x") }, 1); }, /continues at byte 99/);
    assert.deepEqual(reader.read().map(({ piece, bytes }) => [piece.stream, bytes.toString()]), [["stdout", "one\n"], ["stdout", "two\n"], ["stderr", "bad\n"]]);
    assert.deepEqual(writer.cursor(1), { log: 12, engine: 5, attempt: 1 });
    assert.deepEqual(reader.read(), []);
    reader.close();
    rmSync(folder, { recursive: true });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
