import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { scanSource } from "../../../src/snapshot/scan/scanSource.js";
import { differences, pythonFiles, stdlibDirectory, truths } from "./astOracle.js";

describe("the scanner against CPython's ast", () => {
  // SLINGSHOT_TEST_SOURCES adds further trees, apart by colons.
  it("finds the same imports in the whole standard library", () => {
    const trees = [stdlibDirectory(), ...(process.env["SLINGSHOT_TEST_SOURCES"] ?? "").split(":").filter((tree) => tree !== "")];
    const files = trees.flatMap(pythonFiles);
    const found = truths(files.map((path) => ({ path })));
    let compared = 0;
    let names = 0;
    const wrong: string[] = [];
    files.forEach((path, index) => {
      const truth = found[index];
      if (truth === null || truth === undefined) return;
      compared++;
      names += truth.imports.length;
      wrong.push(...differences(scanSource(readFileSync(path)), truth, true).map((difference) => `${path}: ${difference}`));
    });
    assert.deepEqual(wrong.slice(0, 50), []);
    assert.ok(compared > 500 && names > 5000, `only ${String(compared)} files with ${String(names)} imports were compared`);
  }).timeout(240_000);
});
