/** The driver itself on a worker of the cluster: submitted over REST, its log read from the worker by offset. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { hadoopFolder } from "../../../src/backends/spark/stage.js";
import { cancelJob } from "../../../src/jobs/jobActions.js";
import { Workbench } from "../../contract/workbench.js";
import { jobProcesses } from "./jobProcesses.js";
import { sharedCluster } from "./sharedCluster.js";
import { sparkPython } from "./sparkPython.js";
import type { StandaloneCluster } from "./standaloneCluster.js";
import { parseText, writeLibrary } from "./tagLibrary.js";

const python = sparkPython("SLINGSHOT_SPARK_PYTHON");

(python === undefined ? describe.skip : describe)("spark in cluster mode", function () {
  if (python === undefined) return;
  this.timeout(600_000);
  let cluster: StandaloneCluster;
  let bench: Workbench;
  const shared = mkdtempSync(join(tmpdir(), "slingshot-stage-"));
  const settings = (conf: Record<string, string>) => ({
    backend: "spark", deployMode: "cluster", master: cluster.master, restUrl: cluster.rest, masterUi: cluster.ui, stage: pathToFileURL(shared).href, driverMemory: "512m",
    conf: { "spark.executor.memory": "512m", "spark.cores.max": "1", ...conf },
  });
  before(async () => {
    cluster = await sharedCluster(python);
    bench = new Workbench(settings({}), python.executable);
    writeLibrary(bench, python, "saved");
  });
  after(() => {
    bench.dispose();
    rmSync(shared, { recursive: true, force: true });
  });

  it("runs the unsaved code on a worker and brings log, result and outputs home", async () => {
    bench.write({
      "there.py": `import os, sys
from pyspark.sql import SparkSession, functions
from tags.parse import label
def job(spark: SparkSession, word: str):
    print("where", os.path.basename(os.path.dirname(os.path.dirname(os.path.dirname(os.getcwd())))), os.environ["SLINGSHOT_TEST_WORD"])
    print("é€😀", word)
    sys.stderr.write("to stderr\\n")
    open("made.csv", "w").write("a,b\\n")
    for n in range(20000):
        print("LINE", n, "äöü" * 4)
    print(spark.sparkContext.master, spark.sparkContext.appName, spark.range(1).select(functions.udf(label)("id")).collect()[0][0])
    return spark.range(3).select(functions.udf(label)("id").alias("tag"))
`,
    });
    const { record, status, stdout, stderr } = await bench.run({
      entry: "there.py", function: "job", arguments: { word: { text: "$(x) 'y'" } }, env: { SLINGSHOT_TEST_WORD: "a b" }, overlays: { "tags/parse.py": parseText("unsaved") },
    });
    const text = Buffer.from(stdout, "latin1").toString("utf8");
    assert.deepEqual([status.state, status.exit?.code], ["succeeded", 0], text.slice(-2000));
    assert.ok(record.merged);
    assert.equal(stderr, "");
    const lines = text.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^where driver-\d+-\d+ a b$/);
    assert.equal(lines[1], "é€😀 $(x) 'y'");
    assert.ok(lines.includes("to stderr"));
    assert.deepEqual(lines.filter((line) => line.startsWith("LINE")), Array.from({ length: 20000 }, (_, n) => `LINE ${String(n)} ${"äöü".repeat(4)}`));
    assert.equal(lines.at(-1), `${cluster.master} there.py::job unsaved rules 0 namespace`);
    const paths = bench.jobs.paths(record.id);
    const table = JSON.parse(readFileSync(join(paths.results, "result.table.json"), "utf8")) as { rows: unknown[][] };
    assert.deepEqual(table.rows, [0, 2, 4].map((n) => [`unsaved rules ${String(n)} namespace`]));
    assert.equal(readFileSync(join(paths.outputs, "made.csv"), "utf8"), "a,b\n");
    assert.match(readFileSync(paths.engineLog, "utf8"), /INFO|WARN/);
    assert.deepEqual(readdirSync(shared), [], "nothing is left on the stage");
    assert.ok(status.dashboard?.startsWith("http://"));
  });

  it("says a program's own exit code", async () => {
    bench.write({ "code.py": "import sys\nprint('before')\nsys.exit(7)\n" });
    const { status, stdout } = await bench.run({ entry: "code.py" });
    assert.deepEqual([status.state, status.exit?.code, stdout], ["failed", 7, "before\n"]);
  });

  it("ends driver, program and application when it is cancelled, also where the program ignores SIGTERM", async () => {
    bench.write({ "stubborn.py": "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\nwhile True: time.sleep(1)\n" });
    const record = await bench.start({ entry: "stubborn.py" });
    const driver = String(bench.status(record.id).ref?.["driver"]);
    const alive = (): string[] => [...jobProcesses(record.id), ...jobProcesses(driver)];
    const ending = bench.end(record);
    await bench.printed(record.id, "up");
    assert.ok(alive().some((line) => line.includes("supervise.py")));
    assert.deepEqual(await cancelJob(bench.jobs, bench.backends, record.id), { confirmed: true });
    assert.equal((await ending).status.state, "cancelled");
    for (let tries = 0; tries < 100 && alive().length > 0; tries++) await sleep(100);
    assert.deepEqual(alive(), []);
    assert.deepEqual((await cluster.state()).activedrivers, []);
    assert.ok(!existsSync(join(shared, record.id)));
  });

  it("shows the values of variables and of references on no command line and in no log of Spark", async () => {
    process.env["SLINGSHOT_TEST_SECRET"] = "conf-value-5521";
    const own = new Workbench(settings({ "spark.hadoop.my.own": "${env:SLINGSHOT_TEST_SECRET}" }), python.executable);
    try {
      own.write({
        "quiet.py": `import glob, os
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
def open_words():
    return b" ".join(open(path, "rb").read() for path in glob.glob("/proc/[0-9]*/cmdline") if os.path.exists(path))
there = spark.sparkContext.parallelize([0], 1).map(lambda _: os.environ["MY_VARIABLE"]).first()
print(os.environ["MY_VARIABLE"] == there, there[::-1], spark.sparkContext._jsc.hadoopConfiguration().get("my.own")[::-1])
print([word in open_words() for word in (os.environ["MY_VARIABLE"].encode(), os.environ["MY_OTHER"].encode(), b"conf-value-" + b"5521")])
`,
      });
      const { record, status, stdout } = await own.run({ entry: "quiet.py", env: { MY_VARIABLE: "variable-value-7781", MY_OTHER: "variable-value-7782" } });
      assert.equal(stdout, "True 1877-eulav-elbairav 1255-eulav-fnoc\n[False, False, False]\n", status.exit?.message);
      assert.doesNotMatch(readFileSync(own.jobs.paths(record.id).engineLog, "utf8"), /value-(7781|7782|5521)/);
    } finally {
      delete process.env["SLINGSHOT_TEST_SECRET"];
      own.dispose();
    }
  });

  it("finds a driver whose submission was never recorded, and does not give up one that still waits", async () => {
    const spark = await bench.backends.get("spark");
    bench.write({ "sleep.py": "import time\nprint('up', flush=True)\ntime.sleep(600)\n" });
    const record = await bench.start({ entry: "sleep.py" });
    const ending = bench.end(record);
    await bench.printed(record.id, "up");
    assert.deepEqual(await spark.find(record, undefined), bench.status(record.id).ref);
    rmSync(join(shared, record.id, "driver.json"));
    rmSync(join(dirname(bench.jobs.paths(record.id).run("spec.json")), "driver.json"));
    assert.deepEqual(await spark.find(record, undefined), bench.status(record.id).ref, "by its command");
    await cancelJob(bench.jobs, bench.backends, record.id);
    await ending;
    const large = new Workbench({ ...settings({}), driverMemory: "500 GB" }, python.executable);
    try {
      large.write({ "job.py": "print(1)\n" });
      const waiting = await large.start({ entry: "job.py" });
      await assert.rejects(async () => (await large.backends.get("spark")).find(waiting, undefined), /not known yet: drivers wait/);
      const ended = large.end(waiting);
      assert.deepEqual(await cancelJob(large.jobs, large.backends, waiting.id), { confirmed: true });
      assert.equal((await ended).status.state, "cancelled");
      assert.equal(await (await large.backends.get("spark")).find(waiting, undefined), undefined);
    } finally {
      large.dispose();
    }
  });

  it("moves files through Hadoop's commands where the stage is no shared folder", async () => {
    const stage = hadoopFolder(pathToFileURL(join(shared, "hadoop")).href, python.home, process.env);
    const [file, back] = [join(shared, "one.txt"), join(shared, "back.txt")];
    writeFileSync(file, "content");
    mkdirSync(join(shared, "hadoop"), { recursive: true });
    await stage.put({ "a.txt": file, "deep/b.txt": file });
    assert.equal(readFileSync(join(shared, "hadoop/deep/b.txt"), "utf8"), "content");
    assert.ok(await stage.get("a.txt", back));
    assert.equal(readFileSync(back, "utf8"), "content");
    assert.equal(await stage.get("absent", back), false);
    await stage.remove();
    assert.ok(!existsSync(join(shared, "hadoop")));
  });
});
