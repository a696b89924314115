/** The driver itself on a worker of the cluster: submitted over REST, its log read from the worker by offset. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  before(async () => {
    cluster = await sharedCluster(python);
    bench = new Workbench(
      { backend: "spark", deployMode: "cluster", master: cluster.master, restUrl: cluster.rest, masterUi: cluster.ui, stage: pathToFileURL(shared).href, driverMemory: "512m", conf: { "spark.executor.memory": "512m", "spark.cores.max": "1" } },
      python.executable,
    );
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
    const record = await bench.start({ entry: "stubborn.py", env: { SLINGSHOT_TEST_WORD: "stubborn-in-cluster-mode" } });
    const ending = bench.end(record);
    await bench.printed(record.id, "up");
    assert.ok(jobProcesses("stubborn-in-cluster-mode").length > 0);
    assert.deepEqual(await cancelJob(bench.jobs, bench.backends, record.id), { confirmed: true });
    assert.equal((await ending).status.state, "cancelled");
    for (let tries = 0; tries < 100 && jobProcesses("stubborn-in-cluster-mode").length > 0; tries++) await sleep(100);
    assert.deepEqual(jobProcesses("stubborn-in-cluster-mode"), []);
    assert.deepEqual((await cluster.state()).activedrivers, []);
    assert.ok(!existsSync(join(shared, record.id)));
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
