// A real HDFS for the tests: name node and data node of the Hadoop version that Spark's package has, one jar from Maven by Spark's own means.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { mustRun } from "./command.mjs";

const version = "3.4.2";
const jar = `org.apache.hadoop_hadoop-client-minicluster-${version}.jar`;

/**
 * @param {string} python an interpreter with pyspark
 * @returns {Promise<{ jar: string, made: boolean }>}
 */
export async function setUpHdfs(python) {
  const { folder, made } = await cached("hdfs", [jar], async (target) => {
    const remedy = "See whether Maven's central repository can be reached, then try again.";
    const where = await mustRun("pyspark", "Set up again.", python, ["-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"]);
    const submit = join(where.trim().split("\n").at(-1), "bin", "spark-submit");
    // What the jar asks for beside itself is among Spark's own.
    const others = ["api", "runtime"].map((name) => `org.apache.hadoop:hadoop-client-${name}`).join(",");
    await mustRun("HDFS", remedy, submit, ["--packages", `org.apache.hadoop:hadoop-client-minicluster:${version}`, "--exclude-packages", others, "--conf", `spark.jars.ivy=${target}`,
      "--class", "org.apache.hadoop.util.VersionInfo", "spark-internal"], { limitMs: 600_000 });
    if (!existsSync(join(target, "jars", jar))) throw new Error(`Spark did not bring ${jar}`);
  });
  return { jar: join(folder, "jars", jar), made };
}
