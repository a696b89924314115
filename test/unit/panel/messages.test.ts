import assert from "node:assert/strict";
import { parseHostMessage, parseWebviewMessage } from "../../../src/panel/messages.js";

describe("messages of the panel", () => {
  it("pass where they are well formed", () => {
    const good = [
      { type: "ready", job: null },
      { type: "view", source: "program", attempt: 1, tail: 40 },
      { type: "rows", request: 1, source: "engine", attempt: 2, first: 0, count: 512 },
      { type: "open", file: "etl/a.py", line: 3, extra: "ignored" },
      { type: "copy", source: "program", attempt: 1, from: { line: 0, column: 0 }, to: { line: 9, column: 1e9 } },
      { type: "action", action: "cancel" },
    ];
    for (const message of good) assert.deepEqual(parseWebviewMessage(message), message);
    assert.equal(parseHostMessage({ type: "found", token: 1, count: 2, searched: 9, limited: false, done: true, problem: null })?.type, "found");
  });

  it("are refused where anything is odd", () => {
    const bad: unknown[] = [
      null,
      undefined,
      7,
      "ready",
      [],
      {},
      { type: "nope" },
      { type: "__proto__" },
      { type: "constructor" },
      { type: "toString" },
      { type: ["ready"], job: null },
      Object.create({ type: "ready", job: null }) as unknown,
      { type: "ready" },
      { type: "ready", job: 1 },
      { type: "ready", job: "x".repeat(2000) },
      { type: "rows", request: 1, source: "program", attempt: 1, first: 0, count: 100_000 },
      { type: "rows", request: 1, source: "program", attempt: 1, first: -1, count: 1 },
      { type: "rows", request: 1.5, source: "program", attempt: 1, first: 0, count: 1 },
      { type: "rows", request: Number.NaN, source: "program", attempt: 1, first: 0, count: 1 },
      { type: "rows", request: 1, source: "hasOwnProperty", attempt: 1, first: 0, count: 1 },
      { type: "action", action: "__proto__" },
      { type: "action", action: "workbench.action.quit" },
      { type: "copy", source: "program", attempt: 1, from: Object.create({ line: 0, column: 0 }) as unknown, to: { line: 0, column: 0 } },
      JSON.parse('{"type":"open","__proto__":{"file":"a","line":1}}') as unknown,
      { type: "search", token: 1, query: "x".repeat(5000), matchCase: false, regex: false },
    ];
    for (const message of bad) assert.equal(parseWebviewMessage(message), null, JSON.stringify(message));
    assert.equal(parseHostMessage({ type: "rows", request: 1, source: "program", attempt: 1, generation: 0, first: 0, rows: [{ text: 1 }] }), null);
    assert.equal(parseHostMessage({ type: "job", job: { id: "x" }, now: 1 }), null);
  });
});
