/** Cleaning: what goes, what stays whatever happens, and what a cleaning that was killed leaves. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ulid } from "ulid";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { keepArchive } from "../../../src/bundle/keptArchive.js";
import { clean, type CleanOptions, type CleanReport } from "../../../src/jobs/cleaning/clean.js";
import { defaultLimits, isDue, limitsFor, limitsOf, noteLimits } from "../../../src/jobs/cleaning/limits.js";
import { alwaysKept, outdatedJobs } from "../../../src/jobs/cleaning/outdated.js";
import type { JobRecord } from "../../../src/jobs/job.js";
import { JobStore } from "../../../src/jobs/jobStore.js";
import { Lease } from "../../../src/jobs/lease.js";
import { digest } from "../../../src/snapshot/diskCache.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";

const day = 24 * 60 * 60 * 1000;
const unlimited = limitsOf(0, 0);

describe("cleaning", () => {
  let state: string;
  let jobs: JobStore;
  let contents: ContentStore;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "slingshot-clean-"));
    jobs = new JobStore(state);
    contents = new ContentStore(state);
  });
  afterEach(() => { rmSync(state, { recursive: true, force: true }); });

  /** A job that was launched so many days ago with files of these texts. */
  function job(days: number, texts: readonly string[], state_: "succeeded" | "lost" | "running" = "succeeded"): string {
    const at = Date.now() - days * day;
    const id = ulid(at);
    const files = texts.map((text, n): Manifest["files"][0] => {
      const sha256 = digest(Buffer.from(text));
      contents.put(sha256, Buffer.from(text));
      return { path: `f${String(n)}.py`, mode: "644", size: text.length, sha256, origin: "disk", reason: { kind: "import" } };
    });
    const record: JobRecord = {
      version: 1, id, createdAt: at, workspace: "/w", entry: { file: "f0.py", function: null, module: null }, title: "f0.py", target: { name: "local", backend: "local", settings: {} },
      argv: [], arguments: {}, envNames: [], snapshot: "s", tree: digest(Buffer.from(texts.join("\n"))), files: files.length, bytes: 1, merged: false,
    };
    const paths = jobs.create(record, {
      id: "s", workspace: "/w", entry: record.entry, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] }, files, external: [], notes: [], excluded: [], timings: { closureMs: 0, hashMs: 0, packMs: 0 },
    });
    const exit = { outcome: state_ === "running" ? "succeeded" : state_, code: 0, signal: null };
    const events = [{ at, type: "submitted", ref: {} }, { at, type: "running" }, ...(state_ === "running" ? [] : [{ at: at + 1000, type: "ended", exit }])];
    writeFileSync(paths.events, events.map((event) => JSON.stringify(event) + "\n").join(""));
    return id;
  }

  function old(path: string, days: number): string {
    const at = new Date(Date.now() - days * day);
    utimesSync(path, at, at);
    return path;
  }

  function make(path: string, days: number, text = "x"): string {
    mkdirSync(dirname(join(state, path)), { recursive: true });
    writeFileSync(join(state, path), text);
    return old(join(state, path), days);
  }

  const blob = (text: string): string => contents.path(digest(Buffer.from(text)));
  const tree = (text: string): string => join(state, "trees", digest(Buffer.from(text)));
  const run = async (options: Partial<CleanOptions> = {}): Promise<CleanReport> => {
    const report = await clean(state, { limits: unlimited, hurried: true, kept: 0, ...options });
    assert.ok(report);
    return report;
  };

  it("removes jobs beyond the age and the content that only they had; younger, shared and unended stay", async () => {
    const [gone, young, live, lost] = [job(40, ["only old", "shared"]), job(10, ["shared", "young"]), job(50, ["live"], "running"), job(39, ["lost"], "lost")];
    for (const text of ["only old", "shared", "young", "live", "lost"]) old(blob(text), 40);
    assert.deepEqual((await run({ limits: defaultLimits })).jobs, [gone, lost].sort());
    assert.deepEqual(new JobStore(state).list().map((one) => one.record.id).sort(), [live, young].sort());
    assert.deepEqual(["only old", "shared", "young", "live", "lost"].map((text) => existsSync(blob(text))), [false, true, true, true, false]);
    assert.deepEqual(readdirSync(join(state, "jobs")).filter((name) => name.startsWith(".")), []);
  });

  it("says what it would do and does nothing with dryRun", async () => {
    const gone = job(40, ["a"]);
    old(blob("a"), 40);
    const dry = await run({ limits: defaultLimits, dryRun: true });
    assert.deepEqual(dry.jobs, [gone]);
    assert.ok(existsSync(blob("a")) && new JobStore(state).get(gone) !== undefined && isDue(state));
    const wet = await run({ limits: defaultLimits });
    assert.deepEqual({ ...wet, problem: null }, dry);
    assert.ok(!existsSync(blob("a")) && !isDue(state));
  });

  it("spares what was asked for lately, though no job names it: a launch may be on its way", async () => {
    const fresh = digest(Buffer.from("launching"));
    contents.put(fresh, Buffer.from("launching"));
    for (const text of ["asked for", "forgotten"]) {
      contents.put(digest(Buffer.from(text)), Buffer.from(text));
      old(blob(text), 3);
    }
    assert.ok(new ContentStore(state).has(digest(Buffer.from("asked for"))), "this answer is a promise");
    await run();
    assert.deepEqual(["launching", "asked for", "forgotten"].map((text) => existsSync(blob(text))), [true, true, false]);
  });

  it("keeps trees in use and removes unused ones, read-only as they are; links in them are not followed", async () => {
    job(20, ["live"], "running");
    job(20, ["ended"]);
    const outside = make("outside.txt", 20);
    for (const text of ["live", "ended", "nobody", "yesterday"]) {
      mkdirSync(join(tree(text), "pkg"), { recursive: true });
      writeFileSync(join(tree(text), "pkg", "m.py"), text, { mode: 0o444 });
      symlinkSync(dirname(outside), join(tree(text), "pkg", "out"));
      chmodSync(join(tree(text), "pkg"), 0o555);
      chmodSync(tree(text), 0o555);
      old(tree(text), text === "yesterday" ? 1 : 20);
    }
    make(`trees/${digest(Buffer.from("nobody"))}.checked`, 20);
    make(`trees/${digest(Buffer.from("new"))}.123.new/f`, 20);
    old(join(state, "trees", `${digest(Buffer.from("new"))}.123.new`), 20);
    await run();
    assert.deepEqual(readdirSync(join(state, "trees")).sort(), [digest(Buffer.from("live")), digest(Buffer.from("yesterday"))].sort());
    assert.ok(existsSync(outside));
    for (const text of ["live", "yesterday"]) for (const folder of [tree(text), join(tree(text), "pkg")]) chmodSync(folder, 0o755);
  });

  it("keeps layers that a living job may have, and those that were used within the week", async () => {
    for (const [name, days] of [["before", 60], ["since", 25], ["week", 3]] as const) {
      await keepArchive(join(state, "layers", `${name}.tar`), "tar", []);
      for (const ending of ["tar", "tar.sha256"]) old(join(state, "layers", `${name}.${ending}`), days);
    }
    const live = job(30, ["x"], "running");
    await run();
    assert.deepEqual(readdirSync(join(state, "layers")).sort(), ["since.tar", "since.tar.sha256", "week.tar", "week.tar.sha256"]);
    await keepArchive(join(state, "layers", "since.tar"), "tar", []);
    jobs.append(live, { type: "ended", exit: { outcome: "succeeded", code: 0, signal: null } });
    for (const ending of ["tar", "tar.sha256"]) old(join(state, "layers", `week.${ending}`), 8);
    await run();
    assert.deepEqual(readdirSync(join(state, "layers")), ["since.tar", "since.tar.sha256"], "asking for the archive marks it as used");
  });

  it("clears what crashes have left, and nothing that is being written", async () => {
    const name = digest(Buffer.from("c"));
    for (const days of [0, 3]) {
      make(`store/${name.slice(0, 2)}/${name}.00000000000${String(days)}`, days);
      make(`layers/l.tar.00000000000${String(days)}`, days);
      make(`frozen/f${String(days)}`, days);
      make(`approvals.json.00000000000${String(days)}.tmp`, days);
      make(`jobs/.${ulid(Date.now() - days * day)}/job.json`, days);
      make(`bytecode/cpython-311/${digest(Buffer.from(String(days)))}.pyc`, days);
    }
    for (const hidden of readdirSync(join(state, "jobs"))) old(join(state, "jobs", hidden), readFileSync(join(state, "jobs", hidden, "job.json")).length === 1 && hidden < `.${ulid(Date.now() - day)}` ? 3 : 0);
    make(`jobs/.${ulid()}.removed/out.log`, 0);
    make("approvals.json", 300);
    make("caches/edits/w.json", 100);
    make("caches/edits/v.json", 10);
    await run();
    const left = (folder: string): string[] => readdirSync(join(state, folder)).sort();
    assert.deepEqual(left(`store/${name.slice(0, 2)}`), [`${name}.000000000000`]);
    assert.deepEqual(left("layers"), ["l.tar.000000000000"]);
    assert.deepEqual(left("frozen"), ["f0"]);
    assert.equal(left("jobs").length, 1);
    assert.deepEqual(left("bytecode/cpython-311"), [`${digest(Buffer.from("0"))}.pyc`]);
    assert.deepEqual(left("caches/edits"), ["v.json"]);
    assert.deepEqual(left(".").filter((one) => one.startsWith("approvals")), ["approvals.json", "approvals.json.000000000000.tmp"]);
  });

  it("brings back what a killed cleaning had taken away", async () => {
    job(1, ["needed"]);
    const away = `${blob("needed")}.0123456789ab.away`;
    linkSync(blob("needed"), away);
    rmSync(blob("needed"));
    await run();
    assert.equal(readFileSync(blob("needed"), "utf8"), "needed");
    assert.ok(!existsSync(away));
  });

  it("touches nothing that a job which can't be read may need, until it is a job of the past itself", async () => {
    const damaged = job(10, ["needed by the damaged"]);
    writeFileSync(jobs.paths(damaged).manifest, '{"files": [');
    old(blob("needed by the damaged"), 10);
    contents.put(digest(Buffer.from("older")), Buffer.from("older"));
    old(blob("older"), 20);
    await run({ limits: defaultLimits });
    assert.ok(existsSync(blob("needed by the damaged")) && existsSync(jobs.paths(damaged).folder));
    assert.ok(!existsSync(blob("older")), "what was not asked for since long before its launch is not its");
    for (const path of [jobs.paths(damaged).events, jobs.paths(damaged).record, jobs.paths(damaged).folder]) old(path, 40);
    await run({ limits: defaultLimits });
    assert.ok(!existsSync(blob("needed by the damaged")) && !existsSync(jobs.paths(damaged).folder));
  });

  it("is done by one process at a time, and not twice a day", async () => {
    const lease = Lease.acquire(join(state, "cleaning.lease"));
    assert.ok(lease);
    assert.equal(await clean(state, { limits: defaultLimits }), undefined);
    lease.release();
    await run();
    assert.ok(!isDue(state) && isDue(state, Date.now() + 2 * day) && isDue(state, Date.now() - 2 * day));
  });

  it("stops at once when it is told to, and a second one finishes", async () => {
    const all = Array.from({ length: 200 }, (_, n) => job(40, [`text ${String(n)}`]));
    for (let n = 0; n < all.length; n++) old(blob(`text ${String(n)}`), 40);
    const abort = new AbortController();
    const cleaning = clean(state, { limits: defaultLimits, kept: 0, signal: abort.signal });
    while (readdirSync(join(state, "jobs")).filter((name) => !name.startsWith(".")).length > 150) await new Promise((resolve) => setTimeout(resolve, 1));
    abort.abort();
    await assert.rejects(cleaning);
    for (const { record } of new JobStore(state).list()) for (const { sha256 } of new JobStore(state).manifest(record.id).files) assert.ok(contents.has(sha256));
    await run({ limits: defaultLimits });
    assert.deepEqual(readdirSync(join(state, "jobs")), []);
  });

  it("goes on where something can't be removed, and says so", async () => {
    for (const text of ["theirs", "ours"]) {
      job(40, [text]);
      old(blob(text), 40);
    }
    await asAnotherUser(dirname(blob("theirs")), async () => {
      const { problem } = await run({ limits: defaultLimits });
      assert.match(problem ?? "", /EACCES|EPERM/);
      assert.deepEqual(readdirSync(join(state, "jobs")), []);
      assert.ok(!existsSync(blob("ours")));
    });
    assert.equal(readFileSync(blob("theirs"), "utf8"), "theirs");
  });

  /** Root may remove anything, so it becomes the owner of everything but `closed` meanwhile. */
  async function asAnotherUser(closed: string, test: () => Promise<void>): Promise<void> {
    const root = process.geteuid?.() === 0;
    if (root) execFileSync("chown", ["-R", "65534", state]);
    if (root) execFileSync("chown", ["0", closed]);
    chmodSync(closed, 0o555);
    if (root) process.seteuid?.(65534);
    try {
      await test();
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(closed, 0o755);
    }
  }

  it("has nothing to do where there is nothing", async () => {
    rmSync(state, { recursive: true });
    assert.deepEqual(await run(), { jobs: [], files: 0, bytes: 0, problem: null });
    assert.ok(!existsSync(state));
  });
});

describe("the limits of the history", () => {
  const past = (id: string, ended: number | null, bytes: number, contents: number[] = []) => ({ id, createdAt: 0, endedAt: ended, lost: false, tree: "", bytes, contents: Uint32Array.from(contents) });

  it("take the oldest first, count shared content once, and spare the newest, the young and the unended", () => {
    const contents = [{ sha256: "a", size: 100 }, { sha256: "b", size: 10 }];
    const jobs = [past("1", null, 50), past("2", 10, 50, [0]), past("3", 20, 50, [0, 1, 1]), past("4", 30, 50, [1]), past("5", 40, 50)];
    const history = { jobs, contents, unknown: [] };
    const at = (maxSize: number | null, maxAge: number | null, kept = 0, spared = 100): string[] => [...outdatedJobs(history, { maxAge, maxSize }, 100, spared, 0, kept)];
    assert.deepEqual(at(null, null), []);
    assert.deepEqual(at(360, null), []);
    assert.deepEqual(at(359, null), ["2"]);
    assert.deepEqual(at(310, null), ["2"], "the shared content stays with job 3");
    assert.deepEqual(at(309, null), ["2", "3"]);
    assert.deepEqual(at(0, null), ["2", "3", "4", "5"]);
    assert.deepEqual(at(0, null, 2), ["2", "3"]);
    assert.deepEqual(at(0, null, 0, 30), ["2", "3"]);
    assert.deepEqual(at(null, 75), ["2", "3"]);
    assert.deepEqual(at(null, 75, alwaysKept), []);
  });

  it("come from options, then the environment, then the editor's settings, then the defaults", () => {
    const state = mkdtempSync(join(tmpdir(), "slingshot-limits-"));
    assert.deepEqual(limitsFor(state, {}), defaultLimits);
    noteLimits(state, limitsOf(365, 0));
    assert.deepEqual(limitsFor(state, {}), { maxAge: 365 * day, maxSize: null });
    assert.deepEqual(limitsFor(state, { SLINGSHOT_HISTORY_MAX_AGE: "7", SLINGSHOT_HISTORY_MAX_SIZE: "2 GB" }), { maxAge: 7 * day, maxSize: 2e9 });
    assert.deepEqual(limitsFor(state, { SLINGSHOT_HISTORY_MAX_AGE: "7" }, { maxAge: "0", maxSize: "0" }), { maxAge: null, maxSize: null });
    assert.throws(() => limitsFor(state, {}, { maxAge: "soon" }), /"soon" is no number of days/);
    assert.throws(() => limitsFor(state, { SLINGSHOT_HISTORY_MAX_SIZE: "big" }), /"big" is no size/);
    rmSync(state, { recursive: true });
  });
});
