/** The driver and its tasks on this machine: `local[2]`. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Workbench } from "../../contract/workbench.js";
import { sparkPython } from "./sparkPython.js";
import { parseText, writeLibrary } from "./tagLibrary.js";

const python = sparkPython("SLINGSHOT_SPARK_PYTHON");

(python === undefined ? describe.skip : describe)("spark on local[2]", function () {
  if (python === undefined) return;
  this.timeout(600_000);
  let bench: Workbench;
  before(() => {
    bench = new Workbench({ backend: "spark", master: "local[2]", name: "the name", memory: "700 MB", conf: { "spark.sql.shuffle.partitions": 3, "spark.hadoop.my.secret": "s3cr#t: é\\x" }, env: { "SLINGSHOT_TEST_WORD": "job's own" } }, python.executable);
    writeLibrary(bench, python, "saved");
  });
  after(() => {
    bench.dispose();
  });

  it("prints its first line before Spark is there; supplies the session; workers see the tree; previews the frame", async () => {
    bench.write({
      "frame.py": `import json, os, sys
print("up", flush=True)
from pyspark.sql import SparkSession, functions
from tags.parse import label
def look(n):
    import tags
    return json.dumps([label(n), tags.__file__, [p for p in sys.path if "rees" in p or "site-packages" in p and not "pyspark" in p or p.endswith("lib-dynload")], os.environ.get("SLINGSHOT_TEST_WORD")])
def job(spark: SparkSession, rows: int):
    sc = spark.sparkContext
    print(json.dumps([sc.appName, sc.getConf().get("spark.sql.shuffle.partitions"), sc.getConf().get("spark.driver.memory"), sc._jsc.hadoopConfiguration().get("my.secret"), sys.path]))
    print(spark.range(1).select(functions.udf(look)("id")).collect()[0][0])
    print(sc.parallelize([1], 1).map(look).collect()[0])
    job_free = spark.range(rows).select(functions.col("id"), functions.udf(label)("id").alias("tag"))
    return job_free
`,
    });
    const { record, status, stdout, stderr } = await bench.run({ entry: "frame.py", function: "job", arguments: { rows: { text: "2000" } }, overlays: { "tags/parse.py": parseText("unsaved") } });
    assert.equal(status.state, "succeeded", stderr);
    const [up, own, udf, rdd] = stdout.trim().split("\n");
    assert.equal(up, "up");
    const [name, partitions, memory, secret, driverPath] = JSON.parse(own ?? "") as [string, string, string, string, string[]];
    assert.deepEqual([name, partitions, memory, secret], ["the name", "3", "683594k", "s3cr#t: é\\x"]);
    const tree = join(bench.stateDir, "trees", record.tree);
    for (const line of [udf, rdd]) {
      const [text, file, path, word] = JSON.parse(line ?? "") as [string, string, string[], string];
      assert.match(text, /^unsaved rules \d namespace$/);
      assert.equal(file, join(tree, "tags", "__init__.py"));
      assert.equal(path[0], tree);
      assert.ok(path.findIndex((entry) => entry.endsWith("lib-dynload")) < path.findIndex((entry) => entry.endsWith("site-packages")), path.join());
      assert.equal(driverPath[0], tree);
      assert.equal(word, "job's own");
    }
    const results = bench.jobs.paths(record.id).results;
    const table = JSON.parse(readFileSync(join(results, "result.table.json"), "utf8")) as { columns: { name: string; type: string }[]; rows: unknown[][]; truncated: boolean; source: string };
    assert.deepEqual(table.columns, [{ name: "id", type: "bigint" }, { name: "tag", type: "string" }]);
    assert.deepEqual([table.rows.length, table.rows[7], table.truncated, table.source], [1000, [7, "unsaved rules 14 namespace"], true, "spark"]);
    const run = join(bench.jobs.paths(record.id).folder, "run");
    assert.deepEqual(readdirSync(run).filter((file) => /propert|gateway|env/.test(file)), [], "nothing that holds a secret is left");
    assert.match(readFileSync(bench.jobs.paths(record.id).engineLog, "utf8"), /log4j|WARN/);
    assert.equal(statSync(bench.jobs.paths(record.id).engineLog).mode & 0o777, 0o600);
  });

  it("shows the worker's traceback and the driver's, and keeps both", async () => {
    bench.write({ "broken.py": "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\ndef divide(n):\n    return 1 / n\nprint(spark.sparkContext.parallelize([0], 1).map(divide).collect())\n" });
    const { record, status, stderr } = await bench.run({ entry: "broken.py" });
    assert.deepEqual([status.state, status.exit?.code], ["failed", 1]);
    assert.match(stderr, /broken\.py", line 5, in <module>/);
    assert.match(stderr, /broken\.py", line 4, in divide[^]*ZeroDivisionError/);
    const error = readFileSync(join(bench.jobs.paths(record.id).results, "error.json"), "utf8");
    assert.match(error, /ZeroDivisionError/);
    assert.match(error, /"file":"broken\.py"/);
  });

  it("runs a script that never asks for Spark, and one that stops its session, without waiting for anything", async () => {
    bench.write({ "none.py": "print('no Spark')\n", "stops.py": "from pyspark.sql import SparkSession\nspark = SparkSession.builder.master('local[1]').appName('own').getOrCreate()\nprint(spark.range(3).count(), spark.sparkContext.master, spark.sparkContext.appName)\nspark.stop()\n" });
    const [none, stops] = await Promise.all([bench.run({ entry: "none.py" }), bench.run({ entry: "stops.py" })]);
    assert.deepEqual([none.status.state, none.stdout], ["succeeded", "no Spark\n"]);
    assert.deepEqual([stops.status.state, stops.stdout], ["succeeded", "3 local[1] own\n"], stops.stderr);
    assert.ok(!existsSync(join(bench.workspace, "spark-warehouse")));
  });
});
