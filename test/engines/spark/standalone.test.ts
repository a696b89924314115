/** The driver on this machine, executors on the two workers of a standalone cluster. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cancelJob } from "../../../src/jobs/jobActions.js";
import { Workbench } from "../../contract/workbench.js";
import { jobProcesses } from "./jobProcesses.js";
import { sharedCluster } from "./sharedCluster.js";
import { sparkPython, type SparkPython } from "./sparkPython.js";
import type { StandaloneCluster } from "./standaloneCluster.js";
import { parseText, writeLibrary } from "./tagLibrary.js";

const python = sparkPython("SLINGSHOT_SPARK_PYTHON");

/** What a task says of one function of the library. */
interface Proof {
  executor: string;
  worker: string;
  file: string;
  sha256: string;
  code: string;
  value: string;
  path: string[];
}

const proofJob = `import hashlib, json, marshal, os, sys, time, urllib.request
from pyspark.sql import SparkSession, functions
from tags import parse

def proof():
    code = parse.label.__code__.replace(co_filename="")
    with open(parse.__file__, "rb") as source:
        digest = hashlib.sha256(source.read()).hexdigest()
    where = os.getcwd()
    return {"executor": os.path.basename(where), "worker": os.path.dirname(os.path.dirname(where)), "file": parse.__file__,
            "sha256": digest, "code": hashlib.sha256(marshal.dumps(code, 2)).hexdigest(), "value": parse.label(21), "path": sys.path}

def task(_):
    yield proof()

spark = SparkSession.builder.getOrCreate()
sc = spark.sparkContext
slots = int(sys.argv[1])
api = sc.uiWebUrl + "/api/v1/applications/" + sc.applicationId + "/executors"
for _ in range(600):
    executors = [one for one in json.load(urllib.request.urlopen(api)) if one["id"] != "driver" and one["isActive"]]
    if sum(one["totalCores"] for one in executors) == slots:
        break
    time.sleep(0.1)
print(json.dumps({
    "driver": proof(),
    "executors": [one["id"] for one in executors],
    "tasks": sc.parallelize(range(slots), slots).barrier().mapPartitions(task).collect(),
    "udf": [row[0] for row in spark.range(0, 8, 1, 4).select(functions.udf(lambda n: parse.label(n))("id")).collect()],
}))
`;

(python === undefined ? describe.skip : describe)("spark on a standalone cluster", function () {
  if (python === undefined) return;
  this.timeout(600_000);
  let cluster: StandaloneCluster;
  let bench: Workbench;
  before(async () => {
    cluster = await sharedCluster(python);
    bench = new Workbench({ backend: "spark", master: cluster.master, conf: { "spark.executor.memory": "512m", "spark.cores.max": "${env:SLINGSHOT_TEST_CORES}" } }, python.executable);
    writeLibrary(bench, python, "saved");
    bench.write({ "proof.py": proofJob });
  });
  after(() => {
    bench.dispose();
  });

  it("runs the unsaved code in every slot of both workers, equal to the driver's", async () => {
    process.env["SLINGSHOT_TEST_CORES"] = "4";
    const text = parseText("unsaved");
    const { status, stdout, stderr } = await bench.run({ entry: "proof.py", argv: ["4"], overlays: { "tags/parse.py": text } });
    assert.equal(status.state, "succeeded", stderr);
    const said = JSON.parse(stdout) as { driver: Proof; executors: string[]; tasks: Proof[]; udf: string[] };
    assert.deepEqual([...new Set(said.tasks.map((one) => one.executor))].sort(), said.executors.sort(), "the executors are those that Spark names");
    assert.equal(new Set(said.tasks.map((one) => one.worker)).size, 2, "both workers");
    const expected = { sha256: createHash("sha256").update(text).digest("hex"), code: codeDigest(python, text), value: "unsaved rules 42 namespace" };
    for (const { file, path, sha256, code, value } of [said.driver, ...said.tasks]) {
      assert.deepEqual({ sha256, code, value }, expected);
      assert.equal(path[0], dirname(dirname(file)), "the bundle's root is the first import root");
      assert.ok(path.findIndex((entry) => entry.endsWith("lib-dynload")) < path.findIndex((entry) => entry.endsWith("site-packages")));
      assert.equal(statSync("/proc/self").isDirectory() && path.filter((entry) => entry === path[0]).length, 1);
    }
    assert.deepEqual(said.udf, Array.from({ length: 8 }, (_, n) => `unsaved rules ${String(n * 2)} namespace`));
    assert.equal(readFileSync(join(bench.workspace, "tags/parse.py"), "utf8"), parseText("saved"));
    assert.ok(status.dashboard?.startsWith("http://127.0.0.1:"), "Spark's page is linked");
  });

  it("runs two jobs with different edits at the same time, each its own", async () => {
    process.env["SLINGSHOT_TEST_CORES"] = "2";
    const words = ["first", "second"];
    const both = await Promise.all(words.map((word) => bench.run({ entry: "proof.py", argv: ["2"], overlays: { "tags/parse.py": parseText(word) } })));
    const values = both.map(({ status, stdout, stderr }) => {
      assert.equal(status.state, "succeeded", stderr);
      return (JSON.parse(stdout) as { tasks: Proof[] }).tasks.map((one) => one.value);
    });
    assert.deepEqual(values, words.map((word) => Array.from({ length: 2 }, () => `${word} rules 42 namespace`)));
  });

  it("refuses a tree that did not arrive as it was sent, in the task's own error", async () => {
    process.env["SLINGSHOT_TEST_CORES"] = "2";
    // With a seal of their own the damaged archives are sent as they are: what is damaged on its way is met by the workers alone.
    const layers = join(bench.stateDir, "layers");
    const replaceInArchives = (from: string, to: string): void => {
      for (const name of readdirSync(layers).filter((one) => one.endsWith(".tar"))) {
        const bytes = readFileSync(join(layers, name), "latin1").replace(from, to);
        writeFileSync(join(layers, name), bytes, "latin1");
        writeFileSync(join(layers, `${name}.sha256`), createHash("sha256").update(bytes, "latin1").digest("hex"));
      }
    };
    replaceInArchives('NAME = "namespace"', 'NAME = "nomespace"');
    const { status, stdout, stderr } = await bench.run({ entry: "proof.py", argv: ["2"] });
    assert.deepEqual([status.state, stdout], ["failed", ""]);
    assert.match(stderr, /Slingshot refuses to run this code on .*: space\/part\.py has the digest/);
    replaceInArchives('NAME = "nomespace"', 'NAME = "namespace"');
  });

  it("shows progress, and leaves no process and no application when it is cancelled", async () => {
    process.env["SLINGSHOT_TEST_CORES"] = "2";
    bench.write({ "long.py": "import time\nfrom pyspark.sql import SparkSession\nsc = SparkSession.builder.getOrCreate().sparkContext\nprint('up', flush=True)\nsc.parallelize(range(600), 600).foreach(lambda _: time.sleep(0.3))\n" });
    const record = await bench.start({ entry: "long.py" });
    const ending = bench.end(record);
    await bench.printed(record.id, "up");
    while ((bench.status(record.id).progress?.done ?? 0) < 2) await sleep(200);
    assert.equal(bench.status(record.id).progress?.total, 600);
    assert.match(bench.status(record.id).progress?.text ?? "", /^job 0 · stage 1 of 1 · \d+ of 600 tasks$/);
    assert.ok(jobProcesses(record.id).length >= 2, "driver and JVM run");
    const outcome = await cancelJob(bench.jobs, bench.backends, record.id);
    assert.deepEqual(outcome, { confirmed: true });
    assert.equal((await ending).status.state, "cancelled");
    assert.deepEqual(jobProcesses(record.id), []);
    // The master hears of it by the closed connection.
    for (let tries = 0; tries < 50 && (await cluster.state()).activeapps.length > 0; tries++) await sleep(100);
    assert.deepEqual((await cluster.state()).activeapps, []);
  });
});

/** What the driver and every task must say of `label`: the test compiles the text itself. */
function codeDigest(spark: SparkPython, text: string): string {
  // Version 2 of marshal: later ones depend on reference counts.
  const program = "import hashlib, marshal, sys\nbody = compile(sys.stdin.read(), '', 'exec')\ncode = next(c for c in body.co_consts if getattr(c, 'co_name', '') == 'label')\nprint(hashlib.sha256(marshal.dumps(code.replace(co_filename=''), 2)).hexdigest())";
  return execFileSync(spark.executable, ["-c", program], { input: text, encoding: "utf8" }).trim();
}
