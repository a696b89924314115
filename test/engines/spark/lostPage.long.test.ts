/** A worker whose page can't be reached: the job ends all the same, and says what is missing. Takes over a minute, hence long. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Workbench } from "../../contract/workbench.js";
import { sharedCluster } from "./sharedCluster.js";
import { sparkPython } from "./sparkPython.js";

const python = sparkPython("SLINGSHOT_SPARK_PYTHON");

(python === undefined ? describe.skip : describe)("a driver on the cluster whose log is out of reach", function () {
  if (python === undefined) return;
  this.timeout(600_000);

  it("ends with the driver's own outcome", async () => {
    const cluster = await sharedCluster(python);
    const shared = mkdtempSync(join(tmpdir(), "slingshot-stage-"));
    const bench = new Workbench({
      backend: "spark", deployMode: "cluster", master: cluster.master, restUrl: cluster.rest, masterUi: "http://127.0.0.1:9", stage: pathToFileURL(shared).href, driverMemory: "512m",
    }, python.executable);
    bench.write({ "quits.py": "import sys\nprint('said')\nsys.exit(3)\n" });
    const { status } = await bench.run({ entry: "quits.py" });
    bench.dispose();
    rmSync(shared, { recursive: true, force: true });
    assert.deepEqual([status.state, status.exit?.code], ["failed", 3]);
    assert.match(status.exit?.message ?? "", /end of its log is missing/);
  });
});
