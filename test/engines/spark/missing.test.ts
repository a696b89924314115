/** What is missing is said before anything starts, within 10 s, with a remedy. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlingshotError } from "../../../src/base/errors.js";
import { Workbench } from "../../contract/workbench.js";
import { freePort } from "../../../src/base/freePort.js";
import { sparkPython } from "./sparkPython.js";

const python = sparkPython("SLINGSHOT_SPARK_PYTHON");

(python === undefined ? describe.skip : describe)("what a spark target lacks", function () {
  if (python === undefined) return;
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "slingshot-missing-"));
  const silent: Server = createServer();
  let silentPort = 0;
  before(async () => {
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    silentPort = typeof address === "object" && address !== null ? address.port : 0;
  });
  after(() => {
    silent.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function refusal(target: Record<string, unknown>, env: Record<string, string> = {}): Promise<{ submit: SlingshotError; check: string }> {
    const bench = new Workbench({ backend: "spark", ...target }, python?.executable);
    try {
      bench.write({ "job.py": "print(1)\n" });
      const submit = await bench.start({ entry: "job.py", env }).then(() => assert.fail("it was started"), (error: unknown) => error);
      assert.ok(submit instanceof SlingshotError, String(submit));
      const settings = Object.fromEntries(Object.entries(target));
      const found = await (await bench.backends.get("spark")).check({ name: "t", backend: "spark", settings, source: "user" }, AbortSignal.timeout(10_000));
      return { submit, check: found.ready ? "ready" : found.problems.join("\n") };
    } finally {
      bench.dispose();
    }
  }

  it("no Java", async () => {
    const { submit, check } = await refusal({ master: "local[1]", javaHome: join(folder, "none") });
    assert.equal(submit.exitCode, 4);
    assert.match(submit.message, /none has no bin\/java/);
    assert.match(submit.remedy, /Install Java 17/);
    assert.match(check, /has no bin\/java/);
  });

  it("a Java that is too old for this Spark", async () => {
    mkdirSync(join(folder, "old/bin"), { recursive: true });
    writeFileSync(join(folder, "old/bin/java"), "#!/bin/sh\nexit 1\n");
    chmodSync(join(folder, "old/bin/java"), 0o755);
    writeFileSync(join(folder, "old/release"), 'IMPLEMENTOR="x"\nJAVA_VERSION="11.0.2"\n');
    const { submit, check } = await refusal({ master: "local[1]", javaHome: join(folder, "old") });
    assert.match(submit.message, /needs Java 17 or later; .* is Java 11/);
    assert.match(check, /needs Java 17/);
  });

  it("no Spark", async () => {
    const { submit, check } = await refusal({ master: "local[1]", sparkHome: folder });
    assert.match(submit.message, /is no Spark installation/);
    assert.match(check, /is no Spark installation/);
  });

  it("a master that nobody listens for, one that accepts and says nothing", async () => {
    const closed = await refusal({ master: `spark://127.0.0.1:${String(await freePort())}` });
    assert.equal(closed.submit.exitCode, 4);
    assert.match(closed.submit.message, /unreachable: 127\.0\.0\.1:\d+: connection refused/);
    assert.match(closed.check, /connection refused/);
    const hung = await refusal({ master: `spark://127.0.0.1:${String(silentPort)}` });
    assert.match(hung.submit.message, /accepts connections but does not answer/);
    assert.match(hung.check, /accepts connections but does not answer/);
  });

  it("a master URL, a stage, a property that can't be meant", async () => {
    assert.match((await refusal({ master: "spark:host" })).submit.message, /none that Spark knows/);
    assert.match((await refusal({ master: "spark://h:1", deployMode: "cluster" })).submit.message, /no `stage`/);
    assert.match((await refusal({ master: "local[1]", conf: { "spark.master": "yarn" } })).submit.remedy, /Set `master`/);
  });

  it("says of yarn and Kubernetes that they are passed through untested", async () => {
    const bench = new Workbench({ backend: "spark", master: "yarn" }, python.executable);
    const found = await (await bench.backends.get("spark")).check({ name: "t", backend: "spark", settings: { master: "yarn" }, source: "user" }, AbortSignal.timeout(10_000));
    bench.dispose();
    assert.ok(found.ready);
    assert.match(found.details.join("\n"), /not tested/);
  });

  it("a Spark that dies while it starts, in the program's own error with the engine's last words", async () => {
    const bench = new Workbench({ backend: "spark", master: "local[1]", conf: { "spark.driver.extraJavaOptions": "-Xmx1g" } }, python.executable);
    bench.write({ "job.py": "print('up')\nfrom pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate()\n" });
    const { status, stdout, stderr } = await bench.run({ entry: "job.py" });
    bench.dispose();
    assert.deepEqual([status.state, stdout], ["failed", "up\n"]);
    assert.match(stderr, /Spark's JVM ended before it was ready[^]*Xmx/);
  });
});
