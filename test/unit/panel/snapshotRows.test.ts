import assert from "node:assert/strict";
import { initialStatus, type JobRecord } from "../../../src/jobs/job.js";
import { previousRun } from "../../../src/jobs/previousRun.js";
import { parseHostMessage, type SnapshotView } from "../../../src/panel/messages.js";
import { chainView, snapshotView, type PreviousRun } from "../../../src/panel/snapshotModel.js";
import { SnapshotRows } from "../../../src/panel/snapshotRows.js";
import { spokenRow } from "../../../src/panel/spokenRow.js";
import type { Manifest, ManifestFile, Reason } from "../../../src/snapshot/manifest.js";
import { ReasonChains } from "../../../src/snapshot/reasonChain.js";

const file = (path: string, reason: Reason, more: Partial<ManifestFile> = {}): ManifestFile => ({ path, mode: "644", size: 10, sha256: path, origin: "disk", reason, ...more });
const imported = (by: string, line: number): Reason => ({ kind: "import", by, line });

function manifest(files: ManifestFile[], more: Partial<Manifest> = {}): Manifest {
  return {
    id: "5".repeat(64),
    workspace: "/w",
    entry: { file: "job.py", function: null, module: null },
    importRoots: ["."],
    fallbackRoots: { declared: [], guessed: [] },
    files,
    external: [],
    notes: [],
    excluded: [],
    timings: { closureMs: 0, hashMs: 0, packMs: 0 },
    ...more,
  };
}

const record: JobRecord = {
  version: 1,
  id: "01JD9GZ6T3W8Q0X5V7N2M4K1YB",
  createdAt: 1_000,
  workspace: "/w",
  entry: { file: "job.py", function: null, module: null },
  title: "job.py",
  target: { name: "dev", backend: "local", settings: {} },
  argv: [],
  arguments: {},
  envNames: [],
  snapshot: "5".repeat(64),
  tree: "a".repeat(64),
  files: 3,
  bytes: 10,
  merged: false,
};
const run = (sent: Manifest): PreviousRun => ({ job: { record, status: initialStatus }, manifest: sent });

const job = file("job.py", { kind: "entry" });
const library = file("lib/io.py", imported("job.py", 4));
const deep = file("lib/units.py", imported("lib/io.py", 9));
const data = file("conf/a.yaml", { kind: "include", detail: "conf/**" });

describe("the chain of reasons", () => {
  const chains = new ReasonChains([data, job, library, deep]);

  it("leads from the entry to the file", () => {
    const chain = chains.of("lib/units.py");
    assert.equal(chain?.start.path, "job.py");
    assert.deepEqual(chain.steps.map(({ path, line, to }) => [path, line, to]), [["job.py", 4, "lib/io.py"], ["lib/io.py", 9, "lib/units.py"]]);
    assert.deepEqual(chains.of("job.py")?.steps, []);
    assert.equal(chains.of("conf/a.yaml")?.start, data);
    assert.equal(chains.of("gone.py"), undefined);
  });

  it("ends where reasons of a damaged manifest go in circles or lead nowhere", () => {
    const circle = new ReasonChains([file("a.py", imported("b.py", 1)), file("b.py", imported("a.py", 2)), file("c.py", imported("gone.py", 3))]);
    assert.deepEqual(circle.of("a.py")?.steps.map(({ path }) => path), ["a.py", "b.py"]);
    assert.deepEqual(circle.of("c.py")?.steps.map(({ path }) => path), ["gone.py"]);
  });

  it("is shown with the lines that import, and says what brought in a file that no import leads to", () => {
    const sent = manifest([data, job, library, deep, file("conf/more.py", imported("conf/a.yaml", 1))]);
    const steps = chainView(sent, "lib/units.py", ({ path }, line) => `  text of ${path}:${String(line)}  `);
    assert.deepEqual(steps.map(({ path, line, code }) => [path, line, code]), [["job.py", 4, "text of job.py:4"], ["lib/io.py", 9, "text of lib/io.py:9"]]);
    assert.deepEqual(chainView(sent, "conf/more.py", () => null).map(({ path, words }) => [path, words]), [["conf/a.yaml", "included by rule conf/**"], ["conf/a.yaml", "imports conf/more.py"]]);
    assert.deepEqual(chainView(sent, "gone.py", () => null), []);
    assert.notEqual(parseHostMessage({ type: "chain", path: "lib/units.py", steps }), null);
  });
});

describe("the last run of an entry", () => {
  const job = (id: string, entry: Partial<JobRecord["entry"]> = {}, workspace = "/w") => ({ record: { ...record, id, workspace, entry: { ...record.entry, ...entry } }, status: initialStatus });
  const jobs = [job("05", { function: "load" }), job("04"), job("03", {}, "/other"), job("02", { file: "else.py" }), job("01")];

  it("is the newest job of the same file, function and folder, and older than the job in question", () => {
    assert.equal(previousRun(jobs, record)?.record.id, "04");
    assert.equal(previousRun(jobs, record, "04")?.record.id, "01");
    assert.equal(previousRun(jobs, record, "01"), undefined);
    assert.equal(previousRun(jobs, { ...record, entry: { ...record.entry, function: "load" } })?.record.id, "05");
    assert.equal(previousRun([], record), undefined);
  });
});

describe("the view of a snapshot", () => {
  it("says which files came, went or changed since the last run", () => {
    const before = manifest([job, library, file("gone.py", imported("job.py", 1))]);
    const after = manifest([job, { ...library, sha256: "other", origin: "buffer" }, { ...deep, mode: "755" }]);
    const { changes, files } = snapshotView(after, run(before));
    assert.deepEqual(changes?.files.map(({ path, change }) => [path, change]), [["gone.py", "removed"], ["lib/io.py", "changed"], ["lib/units.py", "added"]]);
    assert.deepEqual(files.map(({ path, change }) => [path, change]), [["job.py", null], ["lib/io.py", "changed"], ["lib/units.py", "added"]]);
    assert.deepEqual(snapshotView(manifest([{ ...job, mode: "755" }]), run(manifest([job]))).changes?.files, [{ path: "job.py", change: "changed", detail: "now executable" }]);
    assert.equal(snapshotView(after).changes, null);
  });

  it("names the place of a rule that stands in a file", () => {
    const { excluded } = snapshotView(manifest([job], { excluded: [{ path: "a.env", rule: "conf/.gitignore:3" }, { path: ".venv/x.py", rule: "a virtual environment" }] }));
    assert.deepEqual(excluded.map(({ place }) => place), [{ path: "conf/.gitignore", line: 3 }, null]);
  });

  it("is accepted by the page also where there is very much of everything", () => {
    const many = manifest([job, ...Array.from({ length: 120_000 }, (_, at) => file(`lib/m${String(at)}.py`, imported("job.py", at + 1)))], {
      excluded: Array.from({ length: 30_000 }, (_, at) => ({ path: `data/${String(at)}`, rule: "x".repeat(5_000) })),
      external: Array.from({ length: 9_000 }, (_, at) => `m${String(at)}`),
    });
    const view = snapshotView(many, run(manifest([])));
    assert.notEqual(parseHostMessage({ type: "snapshot", snapshot: view }), null);
    assert.deepEqual([view.total, view.files.length, view.changes?.total, view.excludedTotal], [120_001, 50_000, 120_001, 30_000]);
  });
});

describe("the list of a snapshot", () => {
  const before = manifest([job, { ...library, sha256: "older" }]);
  const sent = manifest([data, job, { ...library, origin: "buffer", size: 99 }, deep], { excluded: [{ path: "data/big.csv", rule: ".gitignore:1" }] });
  const view: SnapshotView = snapshotView(sent, run(before));
  const shown = (rows: SnapshotRows): string[] => rows.rows.map((row) => `${" ".repeat(row.level - 1)}${spokenRow(row, "the last run")}`);
  function list(): SnapshotRows {
    const rows = new SnapshotRows();
    rows.set(view, false);
    return rows;
  }

  it("has sections, the entry first, then what is not saved", () => {
    assert.deepEqual(shown(list()), [
      "Changed since the last run, 3",
      " conf/a.yaml, added since the last run",
      " lib/io.py, changed since the last run",
      " lib/units.py, added since the last run",
      "Files, 4",
      " job.py, 10 B, the entry",
      " lib/io.py, unsaved, changed since the last run, 99 B, imported by job.py line 4",
      " conf/a.yaml, added since the last run, 10 B, included by rule conf/**",
      " lib/units.py, added since the last run, 10 B, imported by lib/io.py line 9",
      "Left out, 1",
    ]);
    const { rows } = list();
    assert.deepEqual(rows.map(({ position, siblings }) => `${String(position)}/${String(siblings)}`), ["1/3", "1/3", "2/3", "3/3", "2/3", "1/4", "2/4", "3/4", "4/4", "3/3"]);
  });

  it("finds every word in name, reason, rule and mark, and shows what it finds", () => {
    const rows = list();
    const found = (filter: string): string[] => {
      rows.filter = filter;
      rows.build();
      return rows.rows.flatMap((row) => (row.kind === "file" || row.kind === "excluded" || row.kind === "change" ? [row.file.path] : []));
    };
    assert.deepEqual(found("gitignore"), ["data/big.csv"]);
    assert.deepEqual(found("UNSAVED io"), ["lib/io.py"]);
    assert.deepEqual(found("left out"), ["data/big.csv"]);
    assert.deepEqual(found("no such thing"), []);
    assert.deepEqual(rows.rows, []);
  });

  it("opens chains, asks for those it lacks, and keeps them open when the snapshot is taken anew", () => {
    const rows = list();
    const fileRow = rows.rows.find((row) => row.kind === "file" && row.file.path === "lib/units.py");
    assert.ok(fileRow?.expanded === false);
    rows.toggle(fileRow);
    assert.deepEqual(rows.missingChains, ["lib/units.py"]);
    assert.deepEqual(rows.rows.filter(({ kind }) => kind === "waiting").length, 1);
    rows.setChain("lib/units.py", chainView(sent, "lib/units.py", () => "import x"));
    assert.deepEqual([rows.missingChains, rows.rows.filter(({ kind }) => kind === "step").length], [[], 2]);
    rows.set(view, true);
    assert.deepEqual(rows.missingChains, ["lib/units.py"]);
    rows.set(view, false);
    assert.deepEqual(rows.missingChains, []);
    // The entry has no chain: there is nothing to open.
    assert.equal(rows.rows.find((row) => row.kind === "file" && row.file.path === "job.py")?.expanded, null);
  });

  it("closes sections, sorts by size, and counts what it does not list", () => {
    const rows = list();
    const section = rows.rows.find((row) => row.kind === "section" && row.section === "changes");
    assert.ok(section !== undefined);
    rows.toggle(section);
    assert.ok(!rows.rows.some(({ kind }) => kind === "change"));
    rows.sort = "size";
    rows.build();
    assert.equal(rows.rows.find((row) => row.kind === "file")?.file.path, "lib/io.py");
    rows.set({ ...view, total: 1_000 }, true);
    assert.ok(shown(rows).includes(" 996 more"));
    rows.set(null, false);
    assert.deepEqual(rows.rows, []);
  });
});
