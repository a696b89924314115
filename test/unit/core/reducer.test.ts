import assert from "node:assert/strict";
import { initialStatus, isFinal, reduce, type JobEvent, type JobStatus } from "../../../src/jobs/job.js";

const run = (...events: JobEvent[]): JobStatus => events.reduce(reduce, initialStatus);
const ended = (outcome: "succeeded" | "failed" | "cancelled" | "lost", at = 9): JobEvent => ({ at, type: "ended", exit: { outcome, code: null, signal: null } });

describe("job reducer", () => {
  it("goes through the states of a plain job", () => {
    const states = [{ at: 1, type: "submitting" }, { at: 2, type: "submitted", ref: {} }, { at: 3, type: "running" }, ended("succeeded")] as JobEvent[];
    let status = initialStatus;
    const seen = states.map((event) => (status = reduce(status, event)).state);
    assert.deepEqual(seen, ["submitting", "queued", "running", "succeeded"]);
    assert.deepEqual([status.submittedAt, status.startedAt, status.endedAt], [2, 3, 9]);
  });

  it("never leaves a final state, but evidence re-opens a lost job", () => {
    for (const outcome of ["succeeded", "failed", "cancelled"] as const) {
      const status = run({ at: 1, type: "running" }, ended(outcome), { at: 10, type: "running" }, ended("failed"), { at: 12, type: "queued" });
      assert.equal(status.state, outcome);
    }
    const lost = run({ at: 1, type: "running" }, ended("lost"));
    assert.ok(isFinal(lost.state));
    assert.equal(reduce(lost, { at: 20, type: "running" }).state, "running");
    assert.equal(reduce(lost, ended("succeeded")).state, "succeeded");
  });

  it("keeps the time since when contact is lost, and forgets it with the first sign of life", () => {
    const away = run({ at: 1, type: "running" }, { at: 5, type: "unreachable", message: "" }, { at: 8, type: "unreachable", message: "" });
    assert.equal(away.unreachableSince, 5);
    assert.equal(away.state, "running");
    assert.equal(reduce(away, { at: 9, type: "reachable" }).unreachableSince, null);
    assert.equal(reduce(away, ended("succeeded")).unreachableSince, null);
  });

  it("takes a job adopted after a crash, whatever was recorded before", () => {
    assert.equal(run({ at: 1, type: "running" }, { at: 2, type: "submitted", ref: { pid: 1 } }).state, "running");
    assert.deepEqual(run({ at: 1, type: "submitted", ref: { pid: 1 } }).ref, { pid: 1 });
  });

  it("re-opens a job that was taken for never submitted and then was, but no other", () => {
    const late = run({ at: 1, type: "submitting" }, ended("failed"), { at: 10, type: "submitted", ref: { pid: 1 } });
    assert.deepEqual([late.state, late.exit, late.endedAt], ["queued", null, null]);
    const over = run({ at: 1, type: "submitted", ref: { pid: 1 } }, ended("failed"), { at: 10, type: "submitted", ref: { pid: 1 } });
    assert.equal(over.state, "failed");
  });

  it("counts a requeue as a new attempt, and an older one not", () => {
    const again = run({ at: 1, type: "running" }, { at: 2, type: "attempt", attempt: 2 });
    assert.deepEqual([again.attempt, again.state], [2, "queued"]);
    assert.equal(reduce(again, { at: 3, type: "attempt", attempt: 1 }).attempt, 2);
  });

  it("gives no negative duration when the clock goes back", () => {
    const status = run({ at: 100, type: "running" }, ended("succeeded", 40));
    assert.ok((status.endedAt ?? 0) >= (status.startedAt ?? 0));
  });
});
