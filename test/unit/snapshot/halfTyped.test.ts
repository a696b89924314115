import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { LastGood } from "../../../src/snapshot/lastGood.js";
import { scanSource } from "../../../src/snapshot/scan/scanSource.js";
import type { SourceScan } from "../../../src/snapshot/scan/sourceScan.js";
import { pythonFiles, stdlibDirectory, truths } from "./astOracle.js";
import { randomFrom } from "./mutations.js";

/** What a slip of the hand does to a line. */
const slips: Record<string, (line: string, column: number) => string> = {
  "a deleted character": (line, column) => line.slice(0, column) + line.slice(column + 1),
  "a stray (": (line, column) => `${line.slice(0, column)}(${line.slice(column)}`,
  "a stray [": (line, column) => `${line.slice(0, column)}[${line.slice(column)}`,
  "a stray {": (line, column) => `${line.slice(0, column)}{${line.slice(column)}`,
  "a stray '": (line, column) => `${line.slice(0, column)}'${line.slice(column)}`,
  'a stray """': (line, column) => `${line.slice(0, column)}"""${line.slice(column)}`,
  "a half-typed def": (line) => `${/^\s*/.exec(line)?.[0] ?? ""}def f(\n${line}`,
  "a half-typed from": (line) => `${/^\s*/.exec(line)?.[0] ?? ""}from x import \n${line}`,
};
const files = Number(process.env["SLINGSHOT_TEST_LONG"] === undefined ? 60 : 1500);

interface Tree {
  iterate(visitor: { enter: (node: { name: string; from: number; to: number }) => boolean | undefined }): void;
}

/** Modules that lezer's tree names in import statements: dots and dotted name, with 1-based lines. */
function parsedImports(parse: (text: string) => Tree, text: string): Set<string> {
  const found = new Set<string>();
  parse(text).iterate({
    enter: ({ name, from, to }) => {
      if (name !== "ImportStatement") return undefined;
      const source = text.slice(from, to).replace(/#.*$/gm, "").replace(/\\\r?\n/g, " ").replace(/\s+/g, " ");
      const relative = /^from ?([. ]*)([\w.]*) import\b/.exec(source);
      if (relative !== null) found.add((relative[1] ?? "").replace(/ /g, "") + (relative[2] ?? ""));
      else for (const part of source.replace(/^import /, "").split(",")) found.add(part.trim().split(" ", 1)[0] ?? "");
      return false;
    },
  });
  return found;
}

const scanned = (scan: SourceScan): Set<string> => new Set(scan.imports.map(({ level, module }) => ".".repeat(level) + module));

describe("half-typed sources", () => {
  it("keep as many of their imports as a parser that recovers from errors finds", () => {
    const folder = process.env["SLINGSHOT_PYTHON_PARSER"];
    assert.ok(folder !== undefined, "SLINGSHOT_PYTHON_PARSER names what scripts/setup.mjs made");
    const { parser } = createRequire(join(folder, "package.json"))("@lezer/python") as { parser: { parse: (text: string) => Tree } };
    const random = randomFrom(11);
    const all = pythonFiles(stdlibDirectory()).filter((path) => !/\/(lib2to3|idlelib\/idle_test)\//.test(path));
    const mutants: { slip: string; text: string; expected: string[]; good: Buffer }[] = [];
    for (let count = 0; count < files; count++) {
      const good = readFileSync(all[Math.floor(random() * all.length)] ?? "");
      const lines = good.toString("utf8").split("\n");
      if (lines.length > 1500 || lines.length < 20) continue;
      for (const [slip, change] of Object.entries(slips)) {
        const at = Math.floor(random() * lines.length);
        const line = lines[at] ?? "";
        const changed = change(line, Math.floor(random() * (line.length + 1)));
        const untouched = scanSource(good).imports.filter((statement) => statement.line < at || statement.line > at + 8);
        mutants.push({ slip, text: [...lines.slice(0, at), changed, ...lines.slice(at + 1)].join("\n"), expected: [...new Set(untouched.map(({ level, module }) => ".".repeat(level) + module))], good });
      }
    }
    const parsed = truths(mutants.map(({ text }) => ({ source: Buffer.from(text).toString("base64") })));
    const kept = new Map<string, { expected: number; ours: number; theirs: number; joined: number }>();
    mutants.forEach(({ slip, text, expected, good }, index) => {
      if (parsed[index] !== null) return; // still Python: the other oracle's business
      const count = kept.get(slip) ?? { expected: 0, ours: 0, theirs: 0, joined: 0 };
      kept.set(slip, count);
      const scan = scanSource(Buffer.from(text));
      const lastGood = new LastGood();
      lastGood.scan("x.py", "good", () => scanSource(good), () => null);
      const joined = scanned(lastGood.scan("x.py", "bad", () => scan, () => null));
      const [ours, theirs] = [scanned(scan), parsedImports((source) => parser.parse(source), text)];
      count.expected += expected.length;
      for (const name of expected) {
        if (ours.has(name)) count.ours++;
        if (theirs.has(name)) count.theirs++;
        if (joined.has(name)) count.joined++;
      }
    });
    for (const [slip, { expected, ours, theirs, joined }] of kept) {
      const said = `${slip}: of ${String(expected)} imports elsewhere in the file the scanner keeps ${String(ours)}, with the last good list ${String(joined)}, the parser ${String(theirs)}`;
      if (process.env["SLINGSHOT_TEST_LONG"] !== undefined) console.log(`      ${said}`);
      assert.ok(expected > 50, said);
      assert.ok(joined >= theirs && joined >= expected * 0.998, said);
    }
    assert.deepEqual([...kept.keys()].sort(), Object.keys(slips).sort());
  }).timeout(600_000);
});
