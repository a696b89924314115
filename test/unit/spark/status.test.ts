import assert from "node:assert/strict";
import { exactBytes, exitOf, logWindow, progressOf } from "../../../src/backends/spark/status.js";

const data = { stageIds: [4, 5, 6], numTasks: 20, numActiveTasks: 2, numCompletedIndices: 7, numSkippedTasks: 4, numFailedTasks: 1, numCompletedStages: 1, numSkippedStages: 1 };

/** What a worker's page gives for bytes [start, end) of a log. */
function page(log: Buffer, start: number, end: number): Buffer {
  const header = `==== Bytes ${String(start)}-${String(end)} of ${String(log.length)} of /work/driver-1/stdout ====\n`;
  return Buffer.from(header + new TextDecoder("utf-8", { ignoreBOM: true }).decode(log.subarray(start, end)));
}

function read(log: Buffer, size: number): Buffer {
  const pieces: Buffer[] = [];
  for (let offset = 0; offset < log.length; ) {
    const window = logWindow(page(log, offset, Math.min(offset + size, log.length)));
    assert.ok(window);
    const bytes = exactBytes(window, window.end === log.length);
    assert.ok(bytes.length > 0);
    pieces.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat(pieces);
}

describe("spark: what the engine says", () => {
  it("counts partitions of the running jobs", () => {
    assert.equal(progressOf([]), undefined);
    assert.deepEqual(progressOf([{ jobId: 3, ...data }]), { done: 7, total: 16, active: 2, failed: 1, unit: "tasks", text: "job 3 · stage 3 of 3 · 7 of 16 tasks" });
    assert.equal(progressOf([{ jobId: 3, ...data }, { jobId: 4, ...data }])?.text, "2 jobs · stage 3 of 3 · 14 of 32 tasks");
  });

  it("puts windows of a log together, wherever they cut a character", () => {
    const log = Buffer.from("plain\nüñí €uro 😀😀 end\n\ufffd legal\n");
    for (let size = 4; size <= log.length; size++) assert.equal(read(log, size).toString(), log.toString(), String(size));
  });

  it("keeps offsets true where the log is no UTF-8 at all", () => {
    const log = Buffer.concat([Buffer.from("a\n"), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from("b\n")]);
    const bytes = read(log, 1000);
    assert.equal(bytes.length, log.length);
    assert.equal(bytes.toString("latin1"), "a\n???b\n");
  });

  it("knows a page that is no log", () => {
    assert.equal(logWindow(Buffer.from("Error: invalid log directory /x/")), undefined);
    assert.equal(logWindow(Buffer.from("")), undefined);
  });

  it("lets the program's own report decide, but for a kill", () => {
    const report = { outcome: "failed" as const, code: 7, signal: null };
    assert.equal(exitOf("FAILED", report, undefined), report);
    assert.equal(exitOf("KILLED", report, undefined).outcome, "cancelled");
    assert.deepEqual(exitOf("FINISHED", undefined, undefined), { outcome: "succeeded", code: 0, signal: null });
    assert.match(exitOf("ERROR", undefined, "disk gone").message ?? "", /disk gone/);
  });
});
