/**
 * The central proof: what runs on every executor slot of a two-worker cluster is the text on the screen, typed and not saved.
 * Each task says where a module came from, which bytes its file has, which code object a function has and what the function returns;
 * this file makes the same from the text that it typed. A build that ignores unsaved documents must fail.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sparkPython } from "../../engines/spark/sparkPython.js";
import { StandaloneCluster } from "../../engines/spark/standaloneCluster.js";
import { openWindow, stateOnDisk, type OpenedWindow, type OpenWindowOptions } from "../harness/openWindow.js";

interface ModuleEvidence { readonly origin: string; readonly file: string; readonly code: string; readonly compiledFrom: string; readonly value: unknown }
interface TaskEvidence { readonly executor: string; readonly worker: string; readonly modules: Readonly<Record<string, ModuleEvidence>> }
interface Evidence { readonly slots: number; readonly executors: readonly string[]; readonly tasks: readonly TaskEvidence[] }

const fixture = join(__dirname, "..", "fixtures", "proof");
/** Where each module of the library lies, and its function. */
const library: Readonly<Record<string, readonly [path: string, name: string]>> = {
  "harbour.tide": ["src/harbour/tide.py", "level"],
  "harbour.charts.depth": ["src/harbour/charts/depth.py", "depth"],
  "harbour.evidence": ["src/harbour/evidence.py", "functions"],
  "lights.beacon": ["src/lights/beacon.py", "colour"],
  "quay.crane": ["more/quay/crane.py", "lift"],
};
const tide = { module: "harbour.tide", file: "src/harbour/tide.py", line: 5, before: "level as on disk" };
const crane = { module: "quay.crane", file: "more/quay/crane.py", line: 5, before: "lift as on disk" };

describe("the code on the screen is the code on the cluster", function () {
  this.timeout(900_000);
  const spark = sparkPython("SLINGSHOT_SPARK_PYTHON") ?? assert.fail("SLINGSHOT_SPARK_PYTHON names no interpreter with pyspark: run `node scripts/setup.mjs spark`.");
  const python = spark.executable;
  let cluster: StandaloneCluster;
  let window: OpenedWindow;

  before(async () => {
    cluster = await StandaloneCluster.start(spark);
    window = await openWindow(options());
  });
  after(async () => {
    await window.close();
    await cluster.stop();
  });
  afterEach(function () {
    return window.explain(this.currentTest);
  });

  /** A target of the user's own, so that the project names nothing that wants approval. Each job takes one slot of each worker. */
  function options(): OpenWindowOptions {
    const conf = { "spark.cores.max": "2", "spark.executor.cores": "1", "spark.executor.memory": "512m", "spark.scheduler.minRegisteredResourcesRatio": "1.0",
      "spark.scheduler.maxRegisteredResourcesWaitingTime": "60s" };
    return { fixture, settings: { "slingshot.targets": { cluster: { backend: "spark", master: cluster.master, python, conf } } } };
  }

  /** Types `value` over what the module's function returned, without saving. */
  async function type({ workbench }: OpenedWindow, place: typeof tide, value: string): Promise<void> {
    await workbench.openFile(place.file);
    await workbench.retypeLine(place.line, `    return "${value}"`);
  }

  /** Clicks the entry's lens; resolves with the job's id. */
  async function launch({ workbench, jobs }: OpenedWindow, entry: string): Promise<string> {
    await workbench.openFile(entry);
    const known = await jobs.list();
    await workbench.codeLens(/Run on cluster/).click();
    return (await jobs.next(known)).id;
  }

  async function evidenceOf({ jobs }: OpenedWindow, id: string): Promise<Evidence> {
    const job = await jobs.until(id);
    assert.equal(job.state, "succeeded", jobs.log(id));
    const line = jobs.log(id).split("\n").find((one) => one.startsWith("EVIDENCE "));
    return JSON.parse(line?.slice("EVIDENCE ".length) ?? assert.fail(`no evidence in the log:\n${jobs.log(id)}`)) as Evidence;
  }

  /** The evidence that the text on the screen gives, made here from the fixture and what was typed. */
  function check(evidence: Evidence, typed: Readonly<Record<string, string>>): void {
    assert.equal(evidence.tasks.length, evidence.slots);
    assert.equal(evidence.slots, 2);
    assert.deepEqual([...new Set(evidence.tasks.map((task) => task.executor))].sort(), [...evidence.executors].sort(), "the executors seen are those that the driver knows");
    assert.equal(new Set(evidence.tasks.map((task) => task.worker)).size, 2, "they lie on two workers");
    for (const task of evidence.tasks) {
      assert.deepEqual(Object.keys(task.modules).sort(), Object.keys(library).sort());
      for (const [name, seen] of Object.entries(task.modules)) {
        const [path, functionName] = library[name] ?? assert.fail(name);
        const place = [tide, crane].find((one) => one.module === name);
        const value = typed[name];
        const onDisk = readFileSync(join(fixture, path), "utf8");
        const text = place === undefined || value === undefined ? onDisk : onDisk.replace(place.before, value);
        assert.equal(seen.file, createHash("sha256").update(text).digest("hex"), `the file of ${name} on executor ${task.executor}`);
        assert.equal(seen.code, codeDigest(text, seen.compiledFrom, functionName), `the code of ${name}.${functionName} on executor ${task.executor}`);
        if (place !== undefined) assert.equal(seen.value, value ?? place.before);
        assert.ok(seen.origin.endsWith(`/${path}`) && !seen.origin.startsWith(window.folder), `${seen.origin} is in the job's tree, not in the project`);
      }
      assert.equal(task.modules["harbour.charts.depth"]?.value, "seven fathoms");
      assert.equal(task.modules["lights.beacon"]?.value, "green");
    }
  }

  /** SHA-256 of the marshalled code object of a function, compiled from the text by the cluster's own Python. */
  function codeDigest(text: string, compiledFrom: string, name: string): string {
    const program = "import hashlib, marshal, sys\nsource, origin, name = sys.argv[1:]\n"
      + "code = next(one for one in compile(source, origin, 'exec', dont_inherit=True).co_consts if getattr(one, 'co_name', None) == name)\n"
      + "print(hashlib.sha256(marshal.dumps(code, 2)).hexdigest())";
    return execFileSync(python, ["-c", program, text, compiledFrom, name], { encoding: "utf8" }).trim();
  }

  for (const entry of ["src/harbour/inside.py", "jobs/outside.py"]) {
    it(`from ${entry}: edits in two import roots, then a second edit`, async () => {
      const { workbench, folder: project } = window;
      const before = [tide, crane].map(({ file }) => stateOnDisk(join(project, file)));
      if (entry.startsWith("src")) {
        // The first launch of this window chooses the target as a user does.
        await workbench.openFile(entry);
        await workbench.command("Slingshot: Choose Target…");
        await workbench.pick("cluster");
      }
      for (const round of ["first", "second"]) {
        const typed = { [tide.module]: `${round} level for ${entry}`, [crane.module]: `${round} lift for ${entry}` };
        await type(window, tide, typed[tide.module] ?? "");
        await type(window, crane, typed[crane.module] ?? "");
        const id = await launch(window, entry);
        await workbench.logLine(`tide: ${typed[tide.module] ?? ""}; crane: ${typed[crane.module] ?? ""}; depth: seven fathoms; beacon: green`).waitFor();
        check(await evidenceOf(window, id), typed);
      }
      assert.deepEqual([tide, crane].map(({ file }) => stateOnDisk(join(project, file))), before, "the files on disk are as they were");
      assert.ok(await workbench.isDirty("tide.py"));
      assert.ok(await workbench.isDirty("crane.py"));
    });
  }

  it("two jobs at the same time each see their own edit", async () => {
    await type(window, tide, "level of the one");
    const one = await launch(window, "jobs/outside.py");
    await type(window, tide, "level of the other");
    const other = await launch(window, "jobs/outside.py");
    const lift = "second lift for jobs/outside.py";
    check(await evidenceOf(window, one), { [tide.module]: "level of the one", [crane.module]: lift });
    check(await evidenceOf(window, other), { [tide.module]: "level of the other", [crane.module]: lift });
  });

  it("leaves no application at the master", async () => {
    for (const deadline = Date.now() + 30_000; (await cluster.state()).activeapps.length > 0; await delay(300)) assert.ok(Date.now() < deadline, "an application is still active");
  });

  it("a build that ignores unsaved documents fails this proof", async () => {
    const control = await openWindow({ ...options(), variant: "ignoringUnsavedEdits" });
    try {
      await control.workbench.openFile("jobs/outside.py");
      await control.workbench.command("Slingshot: Choose Target…");
      await control.workbench.pick("cluster");
      await type(control, tide, "level typed in vain");
      const evidence = await evidenceOf(control, await launch(control, "jobs/outside.py"));
      assert.throws(() => { check(evidence, { [tide.module]: "level typed in vain" }); }, /the file of harbour\.tide/);
      check(evidence, {});
    } finally {
      await control.close();
    }
  });
});
