import assert from "node:assert/strict";
import { separate, variablesOfJvm } from "../../../src/backends/spark/secrets.js";

describe("spark: what a driver on the cluster is told in private", () => {
  it("keeps variables of executors and values of references out of the request", () => {
    const values = { "spark.app.name": "n", "spark.hadoop.a": "resolved", "spark.b": "plain", "spark.executorEnv.X": "1" };
    const { open, hidden } = separate(values, {}, { "spark.hadoop.a": "${secret:A}", "spark.b": "plain" });
    assert.deepEqual(open, { "spark.app.name": "n", "spark.b": "plain" });
    assert.deepEqual(hidden, { "spark.hadoop.a": "resolved", "spark.executorEnv.X": "1" });
  });

  it("gives the JVM its credentials as properties, unless the target sets them", () => {
    const env = { AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s", HADOOP_USER_NAME: "u", TOKEN: "t" };
    assert.deepEqual(separate({ "spark.hadoop.fs.s3a.access.key": "own" }, env, undefined), {
      open: { "spark.hadoop.fs.s3a.access.key": "own" },
      hidden: { "spark.hadoop.fs.s3a.secret.key": "s" },
    });
    assert.deepEqual(variablesOfJvm(env), { HADOOP_USER_NAME: "u" });
  });
});
