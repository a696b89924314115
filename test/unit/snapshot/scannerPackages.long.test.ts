import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compareFiles } from "./compareFiles.js";

/** Every Python file of an environment's packages. */
function packageFiles(python: string): string[] {
  const site = execFileSync(python, ["-I", "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], { encoding: "utf8" }).trim();
  return readdirSync(site, { recursive: true }).map(String).filter((name) => name.endsWith(".py")).map((name) => join(site, name)).sort();
}

describe("the scanner on popular packages", () => {
  it("finds the same imports as ast in at least 10,000 files", () => {
    const pythons = ["SLINGSHOT_PROJECTS_PYTHON", "SLINGSHOT_SPARK_PYTHON"].map((name) => process.env[name]);
    assert.ok(pythons.every((python) => python !== undefined), "the environments that scripts/setup.mjs makes are named by variables");
    const { wrong, compared, names } = compareFiles(pythons.flatMap(packageFiles));
    console.log(`      ${String(compared)} files with ${String(names)} imports`);
    assert.deepEqual(wrong.slice(0, 50), []);
    assert.ok(compared >= 10_000, `only ${String(compared)} files were compared`);
  }).timeout(1_800_000);
});
