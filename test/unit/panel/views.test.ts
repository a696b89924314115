import assert from "node:assert/strict";
import { initialStatus, reduce, type JobEvent, type JobRecord, type JobStatus } from "../../../src/jobs/job.js";
import { failureOf } from "../../../src/panel/failure.js";
import { jobView } from "../../../src/panel/jobView.js";
import { parseHostMessage } from "../../../src/panel/messages.js";
import { panelHtml } from "../../../src/panel/panelHtml.js";
import { leftOutAsSecret } from "../../../src/snapshot/manifest.js";
import { remedyFor } from "../../../src/panel/remedy.js";
import { snapshotView } from "../../../src/panel/snapshotModel.js";
import { tableOf } from "../../../src/panel/tableModel.js";
import { dayOf, escapedMarkdown, jobItem } from "../../../src/tree/jobItem.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";

const record: JobRecord = {
  version: 1,
  id: "01JD9GZ6T3W8Q0X5V7N2M4K1YB",
  createdAt: 1_000,
  workspace: "/w",
  entry: { file: "daily.py", function: null, module: null },
  title: "daily.py",
  target: { name: "dev", backend: "spark", settings: {} },
  argv: [],
  arguments: {},
  envNames: [],
  snapshot: "5".repeat(64),
  tree: "a".repeat(64),
  files: 3,
  bytes: 10,
  merged: false,
};
const facts = { results: 1, outputs: 2, engineLog: false, explained: false };
const after = (...events: JobEvent[]): JobStatus => events.reduce(reduce, initialStatus);
const running: JobEvent[] = [
  { at: 1_000, type: "submitting" },
  { at: 2_000, type: "submitted", ref: {} },
  { at: 3_000, type: "running", dashboard: "http://127.0.0.1:4040" },
];

describe("the head of the panel", () => {
  it("says state, target, time and progress of a running job", () => {
    const progress = { done: 40, total: 200, active: 8, failed: 0, unit: "tasks", text: "40 of 200 tasks" };
    const view = jobView({ record, status: after(...running, { at: 4_000, type: "progress", progress }) }, facts);
    assert.equal(view.stateText, "Running");
    assert.deepEqual([view.startedAt, view.endedAt, view.cancellable, view.dashboard], [3_000, null, true, true]);
    assert.deepEqual(view.progress, { fraction: 0.2, failed: false, text: "40 of 200 tasks" });
    assert.notEqual(parseHostMessage({ type: "job", job: view, now: 5 }), null);
  });

  it("says how a job failed, that it is being cancelled, and that contact is lost", () => {
    const failed = after(...running, { at: 9_000, type: "ended", exit: { outcome: "failed", code: null, signal: "SIGKILL", message: "Out of memory." } });
    const view = jobView({ record, status: failed }, facts);
    assert.deepEqual([view.stateText, view.final, view.endedAt, view.dashboard], ["Failed (SIGKILL)", true, 9_000, false]);
    assert.deepEqual(view.notices, [{ severity: "error", text: "Out of memory." }]);
    assert.equal(jobView({ record, status: after(...running, { at: 4_000, type: "cancel-requested" }) }, facts).stateText, "Cancelling");
    assert.match(jobView({ record, status: after(...running, { at: 4_000, type: "unreachable", message: "x" }) }, facts).remark ?? "", /^No contact since /);
  });

  it("opens no dashboard but the web's, and bounds hostile texts", () => {
    const status = after(...running, { at: 4_000, type: "dashboard", url: "command:evil" });
    const view = jobView({ record: { ...record, title: "x".repeat(100_000) }, status }, facts);
    assert.equal(view.dashboard, false);
    assert.notEqual(parseHostMessage({ type: "job", job: view, now: 5 }), null);
  });
});

describe("a job in the tree", () => {
  it("has words for its state, tokens for menus and a stable id", () => {
    const item = jobItem({ record, status: after(...running) });
    assert.equal(item.id, record.id);
    assert.match(item.description, /^dev · since \d\d:\d\d$/);
    assert.equal(item.context, "job;running;cancellable");
    assert.equal(item.spoken, "daily.py, Running, on dev");
    const ended = jobItem({ record, status: after(...running, { at: 15_000, type: "ended", exit: { outcome: "failed", code: 3, signal: null } }) });
    assert.deepEqual([ended.description, ended.context], ["dev · 12 s", "job;failed;ended;forgettable"]);
    assert.equal(ended.spoken, "daily.py, Failed (exit code 3), on dev, took 12 s");
  });

  it("names days", () => {
    const noon = new Date(2026, 10, 22, 12).getTime();
    assert.equal(dayOf(noon - 3_600_000, noon), "Today");
    assert.equal(dayOf(noon - 24 * 3_600_000, noon), "Yesterday");
    assert.match(dayOf(noon - 5 * 24 * 3_600_000, noon), /17/);
  });

  it("escapes every sign that Markdown knows", () => {
    for (const text of ["[x](command:workbench.action.quit)", "``` \r# h\r```", "<img src=x>", "**b** _i_ ~~s~~ | t", "$(flame) &lt;", "https://example.org"]) {
      const escaped = escapedMarkdown(text);
      assert.ok(!/[\r\n]/.test(escaped));
      assert.ok(!/(^|[^\\])[[\]()`<>*_#|~$&:]/.test(escaped.replace(/\\\\/g, "")), escaped);
    }
  });
});

describe("the failure card", () => {
  const error = {
    type: "ModuleNotFoundError",
    message: "No module named 'etl.gone'",
    frames: [
      { file: "etl/jobs/daily.py", line: 4, name: "<module>", text: "import etl.gone" },
      { file: "/usr/lib/python3.11/importlib/__init__.py", line: 126, name: "import_module", text: null },
    ],
    notes: ["seen on worker 3"],
  };
  const manifest = (paths: string[]): Pick<Manifest, "importRoots" | "fallbackRoots" | "files"> => ({
    importRoots: ["etl/jobs", "src"],
    fallbackRoots: { declared: [], guessed: ["."] },
    files: paths.map((path) => ({ path, mode: "644", size: 1, sha256: "", origin: "disk", reason: { kind: "entry" } })),
  });

  it("shows the exception and links the frames of the snapshot", () => {
    const failure = failureOf(error);
    assert.equal(failure?.title, "ModuleNotFoundError");
    assert.equal(failure.message, "No module named 'etl.gone'\nseen on worker 3");
    assert.deepEqual(failure.frames.map((frame) => [frame.file, frame.linked]), [["etl/jobs/daily.py", true], ["/usr/lib/python3.11/importlib/__init__.py", false]]);
    assert.notEqual(parseHostMessage({ type: "failure", failure }), null);
    for (const bad of [null, [], {}, { ...error, frames: [{}] }, { ...error, type: 3 }]) assert.equal(failureOf(bad), null);
  });

  it("shows the line of a syntax error, and both ends of a deep recursion", () => {
    const syntax = failureOf({ ...error, type: "SyntaxError", frames: [], syntax: { file: "etl/bad.py", line: 3, column: 1, text: "  def" } });
    assert.deepEqual(syntax?.frames[0], { file: "etl/bad.py", line: 3, function: "", code: "def", linked: true });
    const deep = failureOf({ ...error, frames: Array.from({ length: 200 }, (_, line) => ({ file: "a.py", line, name: "f", text: "f()" })) });
    assert.deepEqual([deep?.frames.length, deep?.frames[0]?.line, deep?.frames.at(-1)?.line], [24, 0, 199]);
  });

  it("says what to do about a module or a file that was not sent", () => {
    const failure = failureOf(error);
    assert.ok(failure !== null);
    assert.match(remedyFor(failure, manifest(["etl/jobs/daily.py"]), (path) => path === "src/etl/gone.py")?.text ?? "", /^src\/etl\/gone\.py is in the workspace but was not sent.*bundle\.include/);
    assert.match(remedyFor(failure, manifest([]), () => false)?.text ?? "", /no module "etl".*pip install etl/);
    const other = { ...failure, title: "PySparkRuntimeError", message: "[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.9 than that in driver: 3.11, PySpark cannot run with different minor versions." };
    assert.match(remedyFor(other, manifest([]), () => false)?.text ?? "", /executorPython.*Python 3\.11/);
    assert.equal(remedyFor(failure, manifest(["src/etl/gone.py"]), (path) => path === "src/etl/gone.py"), null);
    const file = { ...failure, title: "FileNotFoundError", message: "[Errno 2] No such file or directory: 'conf/a.yaml'" };
    assert.match(remedyFor(file, manifest([]), (path) => path === "conf/a.yaml")?.text ?? "", /conf\/a\.yaml is in the workspace/);
    assert.match(remedyFor(file, { ...manifest([]), excluded: [{ path: "conf/a.yaml", rule: leftOutAsSecret }] }, (path) => path === "conf/a.yaml")?.text ?? "", /left out as you have decided.*Ask About Secrets Again/);
    assert.equal(remedyFor({ ...file, message: "[Errno 2] No such file or directory: '../../etc/passwd'" }, manifest([]), () => true), null);
    assert.equal(remedyFor({ ...failure, title: "ValueError" }, manifest([]), () => true), null);
  });

  it("offers the change that mends it: the file, the packages around it, and a root that is none yet", () => {
    const module = { title: "ModuleNotFoundError", message: "No module named 'etl.deep.gone'" };
    const has = (...paths: string[]) => (path: string) => paths.includes(path);
    const sent = manifest(["src/etl/__init__.py"]);
    assert.deepEqual(remedyFor(module, sent, has("src/etl/__init__.py", "src/etl/deep/__init__.py", "src/etl/deep/gone.py"))?.mend, {
      label: "Include src/etl/deep/gone.py",
      changes: [{ add: "include", value: "src/etl/deep/__init__.py" }, { add: "include", value: "src/etl/deep/gone.py" }],
    });
    const rootless = { ...sent, importRoots: ["jobs"] };
    assert.deepEqual(remedyFor(module, rootless, has("src/etl/deep/gone.py"))?.mend?.changes, [{ add: "include", value: "src/etl/deep/gone.py" }, { add: "roots", value: "src" }]);
    const file = { title: "FileNotFoundError", message: "[Errno 2] No such file or directory: 'conf/a[1].yaml'" };
    assert.deepEqual(remedyFor(file, sent, () => true)?.mend?.changes, [{ add: "include", value: "conf/a?1?.yaml" }]);
    assert.equal(remedyFor(module, sent, () => false)?.mend, null);
  });
});

describe("results and snapshot", () => {
  it("bound tables, and refuse what is none", () => {
    const table = tableOf({
      columns: Array.from({ length: 300 }, (_, at) => ({ name: at, type: "int" })),
      rows: Array.from({ length: 1500 }, () => Array.from({ length: 300 }, () => ({ deep: null }))),
      truncated: false,
      source: "pandas",
    });
    assert.deepEqual([table?.columns.length, table?.rows.length, table?.rows[0]?.length], [200, 1000, 200]);
    assert.equal(table?.rows[0]?.[0], '{"deep":null}');
    assert.equal(table.note, "The first 1,000 rows. The first 200 of 300 columns. From pandas.");
    assert.deepEqual(tableOf({ columns: [{ name: "a", type: "x" }], rows: [[null], [1.5], ["t"], []] })?.rows, [[null], ["1.5"], ["t"], [null]]);
    for (const bad of [null, {}, { columns: [], rows: [1] }, { columns: "x", rows: [] }]) assert.equal(tableOf(bad), null);
  });

  it("lists unsaved files first, and says why each file is there", () => {
    const view = snapshotView({
      id: "5".repeat(64),
      workspace: "/w",
      entry: { file: "daily.py", function: "load", module: null },
      importRoots: ["."],
      fallbackRoots: { declared: ["src"], guessed: ["."] },
      files: [
        { path: "a.py", mode: "644", size: 10, sha256: "", origin: "disk", reason: { kind: "import", by: "daily.py", line: 4 } },
        { path: "conf/x.yaml", mode: "644", size: 5, sha256: "", origin: "disk", reason: { kind: "include", detail: "conf/**" } },
        { path: "daily.py", mode: "644", size: 7, sha256: "", origin: "buffer", reason: { kind: "entry" } },
      ],
      external: ["numpy"],
      notes: [{ kind: "unresolved", subject: "x", severity: "warning", text: "no x", file: "daily.py", line: 9 }],
      excluded: [],
      timings: { closureMs: 0, hashMs: 0, packMs: 0 },
    });
    assert.deepEqual(view.files.map(({ path, unsaved, reason }) => [path, unsaved, reason]), [
      ["daily.py", true, "the entry"],
      ["a.py", false, "imported by"],
      ["conf/x.yaml", false, "included by rule conf/**"],
    ]);
    assert.deepEqual([view.entry, view.bytes, view.unsaved, view.fallbackRoots], ["daily.py::load", 22, 1, ["src", ". (guessed)"]]);
    assert.notEqual(parseHostMessage({ type: "snapshot", snapshot: view }), null);
  });

  it("load in a page that allows one script and nothing from elsewhere", () => {
    const html = panelHtml({ script: "vscode-resource:/dist/panel.js", style: "vscode-resource:/media/panel.css", source: "vscode-resource:", nonce: "n0nce" });
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    assert.equal(policy, "default-src 'none'; img-src blob:; style-src vscode-resource:; script-src 'nonce-n0nce'");
    assert.equal(html.match(/<script/g)?.length, 1);
  });
});
