import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, openSync, closeSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePiece } from "../../../src/jobs/logIndex.js";
import { LogReader, pageLimit } from "../../../src/panel/logReader.js";
import type { LogRow } from "../../../src/panel/messages.js";
import { plainText } from "../../../src/panel/terminalText.js";

describe("the log reader", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-log-"));
    path = join(folder, "out.log");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function indexed(streams: string | null = null): Promise<LogReader> {
    const reader = new LogReader(path, streams);
    while (await reader.advance());
    return reader;
  }
  async function all(reader: LogReader): Promise<LogRow[]> {
    const rows: LogRow[] = [];
    for (let at = 0; at < reader.lineCount; at += pageLimit) rows.push(...(await reader.rows(at, pageLimit)));
    return rows;
  }
  async function shown(bytes: Buffer | string): Promise<string[]> {
    writeFileSync(path, bytes);
    const reader = await indexed();
    const rows = await all(reader);
    await reader.close();
    return rows.map((row) => row.text);
  }

  it("gives each of 1,000,000 lines exactly, from any page", async function () {
    this.timeout(60_000);
    const file = openSync(path, "w");
    const total = 1_000_000;
    for (let at = 0; at < total; at += 10_000) {
      writeSync(file, Array.from({ length: 10_000 }, (_, more) => `LINE ${String(at + more)} ${"x".repeat((at + more) % 37)}\n`).join(""));
    }
    closeSync(file);
    const reader = await indexed();
    assert.equal(reader.lineCount, total);
    assert.equal(reader.wholeLines, total);
    const expected = (line: number): string => `LINE ${String(line)} ${"x".repeat(line % 37)}`;
    for (let at = 0; at < total; at += pageLimit) {
      const rows = await reader.rows(at, pageLimit);
      assert.equal(rows.length, Math.min(pageLimit, total - at));
      rows.forEach((row, more) => {
        if (row.text !== expected(at + more)) assert.equal(row.text, expected(at + more));
      });
    }
    for (const first of [999_999, 777_777, 3, 500_001]) assert.equal((await reader.rows(first, 1))[0]?.text, expected(first));
    assert.deepEqual(await reader.rows(total, 5), []);
    await reader.close();
  });

  it("shows a log the same however its writes were split", async () => {
    const bytes = Buffer.from("caf\u00e9 \u{1f469}\u200d\u{1f680}\r\n\u001b[31mred \u6f22\u5b57\u001b[0m\n50%\r100%\ntail \u{1f680}");
    const whole = await shown(bytes);
    assert.deepEqual(whole.map(plainText), ["caf\u00e9 \u{1f469}\u200d\u{1f680}", "red \u6f22\u5b57", "100%", "tail \u{1f680}"]);
    for (let split = 1; split < bytes.length; split++) {
      writeFileSync(path, bytes.subarray(0, split));
      const reader = await indexed();
      for (const row of await all(reader)) assert.ok(!row.text.includes("\ufffd"), `a cut character shows at byte ${String(split)}`);
      appendFileSync(path, bytes.subarray(split));
      while (await reader.advance());
      assert.deepEqual((await all(reader)).map((row) => row.text), whole, `split at byte ${String(split)}`);
      await reader.close();
    }
    writeFileSync(path, "");
    const reader = await indexed();
    for (const byte of bytes) {
      appendFileSync(path, Buffer.of(byte));
      while (await reader.advance());
    }
    assert.deepEqual((await all(reader)).map((row) => row.text), whole, "byte by byte");
    await reader.close();
  });

  it("collapses 100,000 updates of a progress bar to the last, also while the line is unfinished", async () => {
    const bar = Array.from({ length: 100_000 }, (_, at) => `\r${String(at)}/100000 [=====]`).join("");
    assert.deepEqual(await shown(`start\n${bar}\nend\n`), ["start", "99999/100000 [=====]", "end"]);
    assert.deepEqual(await shown(`start\n${bar}`), ["start", "99999/100000 [=====]"]);
    assert.deepEqual(await shown("a\rb\r\r\n\r\n"), ["b", ""]);
  });

  it("truncates a line of 50 MB, with the lines around it whole", async function () {
    this.timeout(60_000);
    const size = 50_000_000;
    writeFileSync(path, Buffer.concat([Buffer.from("before\n"), Buffer.alloc(size, "\u20ac"), Buffer.from("\nafter\nlast")]));
    const reader = await indexed();
    const rows = await reader.rows(0, 10);
    assert.deepEqual([rows[0]?.text, rows[2]?.text, rows[3]?.text], ["before", "after", "last"]);
    const long = rows[1];
    assert.ok(long !== undefined && long.text.length <= 8192 && /^\u20ac+$/.test(long.text));
    assert.equal(long.cut, size - Buffer.byteLength(long.text));
    assert.deepEqual((await reader.rows(2, 1)).map((row) => row.text), ["after"]);
    await reader.close();
  });

  it("truncates an unfinished long line too, and completes it later", async () => {
    writeFileSync(path, Buffer.concat([Buffer.from("one\n"), Buffer.alloc(300_000, "z")]));
    const reader = await indexed();
    assert.equal(reader.lineCount, 2);
    assert.equal((await reader.rows(1, 1))[0]?.cut, 300_000 - 8192);
    appendFileSync(path, "zz\nthree\n");
    while (await reader.advance());
    const rows = await reader.rows(0, 9);
    assert.deepEqual(rows.map((row) => [row.text.length, row.cut]), [[3, 0], [8192, 300_002 - 8192], [5, 0]]);
    await reader.close();
  });

  it("keeps lines right at every length around the index stride", async () => {
    for (const length of [65_533, 65_534, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073]) {
      const texts = await shown(`a\n${"b".repeat(length)}\nc\n${"d".repeat(length)}\ne`);
      assert.deepEqual(texts.map((text) => [text[0], text.length]), [["a", 1], ["b", 8192], ["c", 1], ["d", 8192], ["e", 1]], String(length));
    }
  });

  it("shows bytes that are no UTF-8 as U+FFFD", async () => {
    const rows = await shown(Buffer.from([0x61, 0xff, 0xfe, 0x00, 0x62, 10, 0xc3, 10, 0xe2, 0x82, 10]));
    assert.deepEqual(rows.map(plainText), ["a\ufffd\ufffd\ufffdb", "\ufffd", "\ufffd"]);
  });

  it("carries colours over lines and pages, as a terminal does", async () => {
    const body = Array.from({ length: 5000 }, (_, at) => `line ${String(at)} of a long red text`).join("\n");
    const rows = await shown(`plain\n\u001b[1;31m${body}\n\u001b[0mplain again\n`);
    assert.equal(rows[0], "plain");
    for (const at of [2, 700, 3000, 5000]) assert.equal(rows[at], `\u001b[1;31mline ${String(at - 1)} of a long red text`);
    assert.equal(rows[5002 - 1]?.startsWith("\u001b[1;31m\u001b[0m"), true);
    const reader = await indexed();
    assert.equal((await reader.rows(4000, 1))[0]?.text, "\u001b[1;31mline 3999 of a long red text");
    await reader.close();
  });

  it("tells standard error apart, and survives an index that is cut off or missing", async () => {
    const streams = join(folder, "out.idx");
    writeFileSync(path, "out 1\nerr 1\nerr 2\nout 2\nout 3\n");
    const pieces = [
      encodePiece({ offset: 0, length: 6, at: 1000, stream: "stdout" }),
      encodePiece({ offset: 6, length: 12, at: 2000, stream: "stderr" }),
      encodePiece({ offset: 18, length: 12, at: 3000, stream: "stdout" }),
    ];
    const seen = async (): Promise<[boolean, number][]> => {
      const reader = await indexed(streams);
      const rows = await all(reader);
      assert.equal((await reader.rows(2, 1))[0]?.error, rows[2]?.error);
      await reader.close();
      return rows.map((row) => [row.error, row.at]);
    };
    assert.deepEqual(await seen(), Array.from({ length: 5 }, () => [false, 0]));
    writeFileSync(streams, Buffer.concat(pieces));
    assert.deepEqual(await seen(), [[false, 1000], [true, 2000], [true, 2000], [false, 3000], [false, 3000]]);
    truncateSync(streams, 24 + 24 + 7);
    assert.deepEqual(await seen(), [[false, 1000], [true, 2000], [true, 2000], [false, 0], [false, 0]]);
  });

  it("begins anew when the log was truncated, and waits for one that does not exist yet", async () => {
    const reader = await indexed();
    assert.equal(reader.lineCount, 0);
    writeFileSync(path, "first\nsecond\n");
    while (await reader.advance());
    assert.equal(reader.lineCount, 2);
    writeFileSync(path, "new\n");
    while (await reader.advance());
    assert.deepEqual([reader.generation, reader.lineCount, (await reader.rows(0, 5))[0]?.text], [1, 1, "new"]);
    await reader.close();
  });
});
