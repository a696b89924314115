/** A job that is cancelled while its supervisor's interpreter still starts: nobody listens for the signal yet. */
import assert from "node:assert/strict";
import { cancelJob } from "../../../src/jobs/jobActions.js";
import { Workbench } from "../../contract/workbench.js";

describe("a cancellation right after the start", function () {
  this.timeout(60_000);
  it("is a cancelled job, never a lost one, and the program never runs", async () => {
    const bench = new Workbench({ backend: "local" });
    try {
      bench.write({ "job.py": "import time\nprint('up', flush=True)\ntime.sleep(60)\n" });
      for (let n = 0; n < 5; n++) {
        const record = await bench.start({ entry: "job.py" });
        await cancelJob(bench.jobs, bench.backends, record.id);
        const { status } = await bench.end(record);
        assert.equal(status.state, "cancelled", status.exit?.message);
      }
    } finally {
      bench.dispose();
    }
  });
});
