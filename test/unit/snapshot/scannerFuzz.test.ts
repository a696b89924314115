import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { scanSource } from "../../../src/snapshot/scan/scanSource.js";
import { differences, pythonFiles, stdlibDirectory, truths } from "./astOracle.js";
import { composed, mutated, randomFrom } from "./mutations.js";

/** Programs per run, and the seed: `SLINGSHOT_FUZZ_PROGRAMS`, `SLINGSHOT_FUZZ_SEED` for a long hunt. */
const programs = Number(process.env["SLINGSHOT_FUZZ_PROGRAMS"] ?? 4000);
const seed = Number(process.env["SLINGSHOT_FUZZ_SEED"] ?? 20261122);
const batch = 2000;

describe("the scanner under mutation", () => {
  it("agrees with ast on every mutated source that is still Python", () => {
    const random = randomFrom(seed);
    const files = pythonFiles(stdlibDirectory()).filter((path) => !path.includes("/lib2to3/"));
    let valid = 0;
    for (let done = 0; done < programs; done += batch) {
      const sources: string[] = [];
      while (sources.length < Math.min(batch, programs - done)) {
        const file = files[Math.floor(random() * files.length)] ?? "";
        sources.push(random() < 0.3 ? composed(random) : mutated(readFileSync(file, "utf8"), random));
      }
      const found = truths(sources.map((source) => ({ source: Buffer.from(source).toString("base64") })));
      sources.forEach((source, index) => {
        const scan = scanSource(Buffer.from(source)); // never throws, valid or not
        const truth = found[index];
        if (truth === null || truth === undefined) return;
        valid++;
        const wrong = differences(scan, truth, false);
        assert.deepEqual(wrong, [], `seed ${String(seed)}, program ${String(done + index)}:\n${source}`);
      });
    }
    assert.ok(valid > programs / 10, `only ${String(valid)} of ${String(programs)} programs were valid`);
  }).timeout(24 * 3600_000);
});
