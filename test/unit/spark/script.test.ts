import assert from "node:assert/strict";
import { masterAddresses, properties, propertiesText } from "../../../src/backends/spark/script.js";
import { sparkTarget } from "../../../src/backends/spark/settings.js";

const target = (settings: Record<string, unknown>) => sparkTarget({ name: "t", backend: "spark", source: "user", settings });
const launch = { job: "01J", title: "job.py", uiPort: 4321, archives: ["file:///a.tgz#a"], executorPython: "./a/bin/python", env: { TOKEN_X: "v" } };

describe("spark: properties of a job", () => {
  it("translates the common vocabulary, and lets the user's own properties win", () => {
    const own = target({ master: "spark://h:7077", cpus: 2, memory: "2 GB", gpus: 1, nodes: 3, name: "n", packages: ["a:b:1"], conf: { "spark.executor.memory": "3g", "spark.ui.port": 5, "spark.archives": "own.zip" } });
    const values = properties(own, launch);
    assert.equal(values["spark.executor.cores"], "2");
    assert.equal(values["spark.cores.max"], "6");
    assert.equal(values["spark.executor.memory"], "3g");
    assert.equal(values["spark.executor.resource.gpu.amount"], "1");
    assert.equal(values["spark.app.name"], "n");
    assert.equal(values["spark.jars.packages"], "a:b:1");
    assert.equal(values["spark.ui.port"], "5");
    assert.equal(values["spark.archives"], "own.zip,file:///a.tgz#a");
    assert.equal(values["spark.slingshot.job"], "01J");
  });

  it("gives the job's environment to executors of a cluster, hidden on Spark's pages; local tasks have the driver's", () => {
    const remote = properties(target({ master: "spark://h:7077" }), launch);
    assert.equal(remote["spark.executorEnv.TOKEN_X"], "v");
    assert.match("spark.executorEnv.TOKEN_X", new RegExp((remote["spark.redaction.regex"] ?? "").replace("(?i)", "")));
    const here = properties(target({ master: "local[2]", memory: "1 GiB" }), launch);
    assert.equal(here["spark.executorEnv.TOKEN_X"], undefined);
    assert.equal(here["spark.driver.memory"], "1048576k");
  });

  it("writes a properties file that gives back every value as it was", () => {
    assert.equal(propertiesText({ "a.b": " x=y\\z\n#é" }), "a.b=\\ x=y\\\\z\\n#\\u00e9\n");
    assert.equal(propertiesText({ "k:1 2": "😀" }), "k\\:1\\ 2=\\ud83d\\ude00\n");
  });

  it("finds the masters of a URL", () => {
    assert.deepEqual(masterAddresses("spark://a:1,b"), [{ host: "a", port: 1 }, { host: "b", port: 7077 }]);
    assert.deepEqual(masterAddresses("spark://[::1]:9"), [{ host: "::1", port: 9 }]);
    assert.deepEqual(masterAddresses("local[2]"), []);
  });

  it("refuses what Spark or Slingshot can't mean, and says what is meant", () => {
    const refused = (settings: Record<string, unknown>, text: RegExp): void => {
      assert.throws(() => target(settings), text);
    };
    refused({ master: "foo" }, /none that Spark knows/);
    refused({ master: "local[2]", deployMode: "cluster" }, /needs a standalone master/);
    refused({ master: "spark://h:1", deployMode: "cluster" }, /no `stage`/);
    refused({ master: "spark://h:1", deployMode: "cluster", stage: "/plain" }, /none of file:, hdfs:, s3a:/);
    refused({ master: "local[2]", conf: { "spark.pyspark.python": "x" } }, /sets spark\.pyspark\.python/);
  });
});
