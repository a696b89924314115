import assert from "node:assert/strict";
import { LastRuns, type JobSource } from "../../../src/editor/lastRuns.js";
import { initialStatus, type JobRecord } from "../../../src/jobs/job.js";
import type { JobSummary } from "../../../src/jobs/jobStore.js";

function job(id: string, file: string, fn: string | null = null): JobSummary {
  const record: Partial<JobRecord> = { id, workspace: "/w", entry: { file, function: fn, module: null } };
  return { record: record as JobRecord, status: initialStatus };
}

describe("last runs", () => {
  const jobs = new Map<string, JobSummary>();
  let tell: (ids: string[]) => void = () => undefined;
  let lists = 0;
  const source: JobSource = {
    list: () => {
      lists++;
      return [...jobs.values()].sort((a, b) => (a.record.id < b.record.id ? 1 : -1));
    },
    get: (id) => jobs.get(id),
    onDidChange: (listener) => {
      tell = listener;
      return { dispose: () => undefined };
    },
  };

  it("gives the newest job of each entry, reads the history once and follows changes", async () => {
    for (const one of [job("01B", "a.py"), job("01A", "a.py"), job("01C", "a.py", "f"), job("01D", "b.py")]) jobs.set(one.record.id, one);
    const runs = new LastRuns(source);
    let changes = 0;
    const read = new Promise<void>((resolve) => {
      runs.onDidChange(() => {
        changes++;
        resolve();
      });
    });
    assert.equal(runs.of("/w", "a.py", null), undefined, "the first caller does not wait for the history");
    assert.equal(lists, 0);
    await read;
    assert.equal(runs.of("/w", "a.py", null)?.record.id, "01B");
    assert.equal(runs.of("/w", "a.py", "f")?.record.id, "01C");
    assert.equal(runs.of("/other", "a.py", null), undefined);
    jobs.set("01E", job("01E", "a.py"));
    tell(["01E"]);
    assert.equal(runs.of("/w", "a.py", null)?.record.id, "01E");
    assert.equal(changes, 2);
    assert.equal(lists, 1);
    tell(["01E"]);
    assert.equal(changes, 2, "a job whose state stays is no change");
    jobs.delete("01E");
    tell(["01E"]);
    assert.equal(runs.of("/w", "a.py", null)?.record.id, "01B", "a forgotten job gives way to the one before");
    runs.dispose();
  });
});
