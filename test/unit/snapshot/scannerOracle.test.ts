import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareFiles } from "./compareFiles.js";
import { newestPython, python, pythonFiles, stdlibDirectory } from "./astOracle.js";

describe("the scanner against CPython's ast", () => {
  // SLINGSHOT_TEST_SOURCES adds further trees, apart by colons.
  it("finds the same imports in the whole standard library", () => {
    const trees = [stdlibDirectory(), ...(process.env["SLINGSHOT_TEST_SOURCES"] ?? "").split(":").filter((tree) => tree !== "")];
    const { wrong, compared, names } = compareFiles(trees.flatMap(pythonFiles));
    assert.deepEqual(wrong.slice(0, 50), []);
    assert.ok(compared > 500 && names > 5000, `only ${String(compared)} files with ${String(names)} imports were compared`);
  }).timeout(240_000);

  it("finds the same imports in the standard library of the newest Python", () => {
    const newest = process.env["SLINGSHOT_NEWEST_PYTHON"];
    assert.ok(newest !== undefined, "SLINGSHOT_NEWEST_PYTHON names what scripts/setup.mjs made");
    const folder = mkdtempSync(join(tmpdir(), "slingshot-stdlib-"));
    try {
      execFileSync(python(), ["-I", "-m", "zipfile", "-e", join(newest, "package", "python_stdlib.zip"), folder]);
      const { wrong, compared, names } = compareFiles(pythonFiles(folder), newestPython(newest));
      assert.deepEqual(wrong.slice(0, 50), []);
      assert.ok(compared > 400 && names > 3000, `only ${String(compared)} files with ${String(names)} imports were compared`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(240_000);

  it("agrees with the newest Python on what older ones can't parse", () => {
    const newest = process.env["SLINGSHOT_NEWEST_PYTHON"] ?? "";
    const sources = [
      "type X = int; import a\ntype Y[T] = list[T]\nimport b\n",
      "def f[T: (int, str) = int](x: T) -> T:\n    import c\nclass C[*Ts, **P]: import d\n",
      "try: import e\nexcept* ImportError: import f\n",
      "try:\n    import g\nexcept ValueError, ImportError:\n    import h\n",
      "x = t'{import_} {{import no}}' rt'\\{y}'; import i\n",
      "x = f'{f'{f\"{1}\"}'}' f'''{\n# import no\nz}'''; import j\n",
      "match x:\n    case {'import': import_, **rest} if rest: import k\n    case _: import l\nmatch = case = type = 1; import m\n",
      "with (open(a) as b, c as d,): import n\n",
      "async def f():\n    return [x async for x in y]; import o\n",
      "print(f'{x!r:{'{'}>{10}}'); import p\n",
    ];
    const files = sources.map((source) => ({ source: Buffer.from(source) }));
    const { wrong, compared } = compareFiles(files, newestPython(newest));
    assert.deepEqual(wrong, []);
    assert.equal(compared, sources.length);
  }).timeout(120_000);
});
