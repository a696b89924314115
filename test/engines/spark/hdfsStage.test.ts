/** Cluster mode with the job's files on a real HDFS. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../src/base/freePort.js";
import { cancelJob } from "../../../src/jobs/jobActions.js";
import { Workbench } from "../../contract/workbench.js";
import { Hdfs } from "./hdfs.js";
import { sharedCluster } from "./sharedCluster.js";
import { sparkPython } from "./sparkPython.js";
import type { StandaloneCluster } from "./standaloneCluster.js";
import { parseText, writeLibrary } from "./tagLibrary.js";

const python = sparkPython("SLINGSHOT_SPARK_PYTHON");
const jar = process.env["SLINGSHOT_HDFS_JAR"];
if (jar === undefined) {
  if (process.env["CI"] !== undefined) throw new Error("SLINGSHOT_HDFS_JAR is not set: run the suites by npm test");
  process.stderr.write("skipped: SLINGSHOT_HDFS_JAR names no HDFS\n");
}

(python === undefined || jar === undefined ? describe.skip : describe)("spark in cluster mode with a stage on HDFS", function () {
  if (python === undefined || jar === undefined) return;
  this.timeout(600_000);
  let cluster: StandaloneCluster;
  let hdfs: Hdfs;
  let bench: Workbench;
  const settings = (stage: string) => ({
    backend: "spark", deployMode: "cluster", master: cluster.master, restUrl: cluster.rest, masterUi: cluster.ui, stage, driverMemory: "512m",
    conf: { "spark.executor.memory": "512m", "spark.cores.max": "1" },
  });
  before(async () => {
    [cluster, hdfs] = await Promise.all([sharedCluster(python), Hdfs.start(python, jar)]);
    bench = new Workbench(settings(`${hdfs.address}/jobs`), python.executable);
    writeLibrary(bench, python, "saved");
  });
  after(async () => {
    bench.dispose();
    await hdfs.stop();
  });

  it("runs the unsaved code on driver and executors, brings results and outputs home, and leaves nothing there", async () => {
    bench.write({
      "there.py": `from pyspark.sql import SparkSession, functions
from tags.parse import label
def job(spark: SparkSession):
    print("started")
    open("made.csv", "w").write("a,b\\n")
    return [row.tag for row in spark.range(3).select(functions.udf(label)("id").alias("tag")).collect()]
`,
    });
    const { record, status, stdout } = await bench.run({ entry: "there.py", function: "job", overlays: { "tags/parse.py": parseText("unsaved") } });
    assert.deepEqual([status.state, status.exit?.code, stdout], ["succeeded", 0, "started\n"], status.exit?.message);
    const paths = bench.jobs.paths(record.id);
    assert.deepEqual(JSON.parse(readFileSync(join(paths.results, "result.json"), "utf8")), [0, 2, 4].map((n) => `unsaved rules ${String(n)} namespace`));
    assert.equal(readFileSync(join(paths.outputs, "made.csv"), "utf8"), "a,b\n");
    assert.deepEqual(hdfs.list().filter((path) => path.includes(record.id)), []);
  });

  it("removes the job's files there when the job is cancelled", async () => {
    bench.write({ "sleep.py": "import time\nprint('up', flush=True)\ntime.sleep(600)\n" });
    const record = await bench.start({ entry: "sleep.py" });
    const ending = bench.end(record);
    await bench.printed(record.id, "up");
    assert.notDeepEqual(hdfs.list().filter((path) => path.includes(record.id)), []);
    await cancelJob(bench.jobs, bench.backends, record.id);
    assert.equal((await ending).status.state, "cancelled");
    assert.deepEqual(hdfs.list().filter((path) => path.includes(record.id)), []);
  });

  it("says that the stage can't be reached, and starts no driver", async () => {
    const gone = new Workbench(settings(`hdfs://127.0.0.1:${String(await freePort())}/jobs`), python.executable);
    try {
      gone.write({ "job.py": "print(1)\n" });
      await assert.rejects(gone.start({ entry: "job.py" }), /could not be put on hdfs:.*Check `stage`|Connection refused/s);
      assert.deepEqual((await cluster.state()).activedrivers, []);
    } finally {
      gone.dispose();
    }
  });
});
