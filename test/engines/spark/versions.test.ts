/** Executors in processes of their own without a cluster, on every Spark at hand: Spark 4, and Spark 3.5 where it is given. */
import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Workbench } from "../../contract/workbench.js";
import { sparkPython } from "./sparkPython.js";
import { parseText, writeLibrary } from "./tagLibrary.js";

const program = `import os
from pyspark.sql import SparkSession, functions
from tags.parse import label
spark = SparkSession.builder.getOrCreate()
print(spark.version)
print(spark.range(1).select(functions.udf(label)("id")).collect()[0][0])
print(spark.sparkContext.parallelize([3], 1).map(label).collect()[0])
`;

for (const variable of ["SLINGSHOT_SPARK_PYTHON", "SLINGSHOT_SPARK35_PYTHON"] as const) {
  const python = sparkPython(variable);
  (python === undefined ? describe.skip : describe)(`spark of ${variable}`, function () {
    if (python === undefined) return;
    this.timeout(600_000);
    // The workers of local-cluster keep their folders in SPARK_HOME/work, and nothing else says where.
    const work = join(python.home, "work");
    const kept = existsSync(work);
    after(() => {
      if (!kept) rmSync(work, { recursive: true, force: true });
    });
    for (const master of variable === "SLINGSHOT_SPARK_PYTHON" ? ["local-cluster[2,1,512]"] : ["local[2]", "local-cluster[2,1,512]"]) {
      it(`runs the unsaved code on ${master}`, async () => {
        const bench = new Workbench({ backend: "spark", master, conf: { "spark.executor.memory": "512m" } }, python.executable);
        try {
          writeLibrary(bench, python, "saved");
          bench.write({ "job.py": program });
          const { status, stdout, stderr } = await bench.run({ entry: "job.py", overlays: { "tags/parse.py": parseText("unsaved") } });
          assert.equal(status.state, "succeeded", stderr);
          const [version, udf, rdd] = stdout.trim().split("\n");
          assert.match(version ?? "", variable === "SLINGSHOT_SPARK_PYTHON" ? /^4\./ : /^3\.5\./);
          assert.deepEqual([udf, rdd], ["unsaved rules 0 namespace", "unsaved rules 6 namespace"]);
        } finally {
          bench.dispose();
        }
      });
    }
  });
}
