import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copiedText } from "../../../src/panel/copiedText.js";
import { LogReader } from "../../../src/panel/logReader.js";
import { LogSearch } from "../../../src/panel/logSearch.js";
import type { Query } from "../../../src/panel/matcher.js";

describe("search in the log", () => {
  let folder: string;
  let path: string;
  let reader: LogReader;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-search-"));
    path = join(folder, "out.log");
    reader = new LogReader(path, null);
  });
  afterEach(async () => {
    await reader.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const signal = new AbortController().signal;
  async function grow(text: string): Promise<void> {
    appendFileSync(path, text);
    while (await reader.advance());
  }
  async function searched(query: Partial<Query>): Promise<LogSearch> {
    const search = new LogSearch(reader, { query: "", matchCase: false, regex: false, ...query });
    await search.advance(signal, () => undefined);
    return search;
  }

  it("finds every match in a long log, once, in order, and wraps around", async () => {
    writeFileSync(path, "");
    const lines = Array.from({ length: 50_000 }, (_, at) => (at % 1000 === 7 ? `needle ${String(at)} and needle` : `line ${String(at)}`));
    await grow(lines.join("\n") + "\n");
    const search = await searched({ query: "NEEDLE" });
    assert.equal(search.count, 100);
    const places: [number, number][] = [];
    let at = { line: 0, column: 0 };
    for (let step = 0; step < 100; step++) {
      const match = search.seek(at.line, at.column, false);
      assert.equal(match?.ordinal, step);
      places.push([match.line, match.column]);
      at = { line: match.line, column: match.column + 1 };
    }
    assert.deepEqual(places.slice(0, 4), [[7, 0], [7, 13], [1007, 0], [1007, 16]]);
    assert.equal(search.seek(at.line, at.column, false)?.ordinal, 0);
    assert.equal(search.seek(7, 0, true)?.ordinal, 99);
    assert.equal(search.seek(1007, 16, true)?.ordinal, 2);
  });

  it("goes on as the log grows, and never counts an unfinished line twice", async () => {
    writeFileSync(path, "");
    await grow("a needle\nneed");
    const search = await searched({ query: "needle" });
    assert.equal(search.count, 1);
    await grow("le here\n");
    await search.advance(signal, () => undefined);
    await search.advance(signal, () => undefined);
    assert.equal(search.count, 2);
    assert.deepEqual(search.seek(1, 0, false), { ordinal: 1, line: 1, column: 0, length: 6 });
  });

  it("finds what stands in a last line that has no end, until that line says something else", async () => {
    writeFileSync(path, "");
    await grow("a needle\nneedle and needle");
    const search = await searched({ query: "needle" });
    assert.equal(search.count, 3);
    assert.deepEqual(search.seek(1, 1, false), { ordinal: 2, line: 1, column: 11, length: 6 });
    await search.advance(signal, () => undefined);
    assert.equal(search.count, 3);
    await grow("\r40 %");
    await search.advance(signal, () => undefined);
    assert.equal(search.count, 1);
    await grow(" needle\nneedle");
    await search.advance(signal, () => undefined);
    assert.deepEqual([search.count, search.scanned], [3, 2]);
    assert.equal((await searched({ query: "^needle$", regex: true })).count, 1);
  });

  it("sees what is shown: no colours, no overwritten text", async () => {
    writeFileSync(path, "");
    await grow("\u001b[31mne\u001b[0medle\nneedle\rother\nNeedle (1+1)\n");
    assert.equal((await searched({ query: "needle", matchCase: true })).count, 1);
    assert.equal((await searched({ query: "needle" })).count, 2);
    assert.equal((await searched({ query: "(1+1)" })).count, 1);
    assert.equal((await searched({ query: "^n\\w+", regex: true })).count, 2);
    assert.equal((await searched({ query: "x*", regex: true })).count, 0);
  });

  it("says what is wrong with a regular expression", async () => {
    writeFileSync(path, "");
    await grow("text\n");
    const search = await searched({ query: "(", regex: true });
    assert.match(search.problem ?? "", /regular expression/);
    assert.equal(search.count, 0);
  });

  it("stops a regular expression that never ends, says so, and goes on with the next one", async () => {
    writeFileSync(path, "");
    await grow(`first\n${"a".repeat(60)}!\nlast\n`);
    const search = await searched({ query: "first|(a+)+$", regex: true });
    assert.match(search.problem ?? "", /too long at line 2/);
    assert.deepEqual([search.count, search.scanned], [1, 1]);
    assert.equal((await searched({ query: "^l.st$", regex: true })).count, 1);
  });

  it("searches lines that come while it searches", async () => {
    writeFileSync(path, "");
    await grow("needle\n".repeat(20_000));
    const search = new LogSearch(reader, { query: "needle", matchCase: true, regex: false });
    const searching = search.advance(signal, () => undefined);
    await grow("needle\n");
    await searching;
    assert.equal(search.count, 20_001);
  });

  it("copies a selection over many lines as it is shown", async () => {
    writeFileSync(path, "");
    await grow(Array.from({ length: 10_000 }, (_, at) => `\u001b[32mline\u001b[0m ${String(at)}`).join("\n") + "\nlast");
    const some = await copiedText(reader, { line: 9, column: 5 }, { line: 11, column: 4 });
    assert.deepEqual(some, { text: "9\nline 10\nline", cut: false });
    const all = await copiedText(reader, { line: 0, column: 0 }, { line: 10_000, column: 1e9 });
    assert.equal(all.text, Array.from({ length: 10_000 }, (_, at) => `line ${String(at)}`).join("\n") + "\nlast");
  });
});
