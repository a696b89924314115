import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { SlingshotError } from "../../../src/base/errors.js";
import { interpreterFor, probeInterpreter } from "../../../src/snapshot/interpreter.js";
import { stdlibNames } from "../../../src/snapshot/stdlib.js";
import { python } from "./astOracle.js";
import { Workspace } from "./workspaces.js";

describe("probing an interpreter", () => {
  let place: Workspace;
  beforeEach(() => {
    place = new Workspace({});
  });
  afterEach(() => {
    place.remove();
  });

  function program(name: string, text: string, mode = 0o755): string {
    writeFileSync(place.path(name), text);
    chmodSync(place.path(name), mode);
    return place.path(name);
  }

  async function fails(path: string, code: string): Promise<void> {
    await assert.rejects(probeInterpreter(path, place.path("cache")), (error: unknown) => {
      assert.ok(error instanceof SlingshotError, String(error));
      assert.equal(error.kind, "unavailable");
      assert.equal(error.code, code);
      assert.notEqual(error.remedy, "");
      return true;
    });
  }

  it("says what the interpreter says of itself", async () => {
    const info = await probeInterpreter(python(), place.path("cache"));
    const expected = JSON.parse(execFileSync(python(), ["-I", "-c", "import sys, json, importlib.machinery as m; print(json.dumps([list(sys.version_info[:3]), sys.implementation.cache_tag, m.EXTENSION_SUFFIXES]))"], { encoding: "utf8" })) as unknown[];
    assert.deepEqual([info.version, info.cacheTag, info.extensionSuffixes], expected);
    assert.ok(info.sitePaths.every((path) => /packages$/.test(path)));
  });

  it("runs nothing of the folder that the caller stands in, and asks once", async () => {
    const evil = "raise SystemExit('workspace code ran')";
    for (const name of ["json.py", "sitecustomize.py", "site.py", "importlib.py"]) place.write(name, evil);
    const real = execFileSync(python(), ["-I", "-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    mkdirSync(place.path("bin"));
    const path = program("bin/counting", `#!/bin/sh\necho x >> ${place.path("count")}\nexec ${real} "$@"\n`);
    const before = process.cwd();
    process.chdir(place.folder);
    try {
      const first = await probeInterpreter(path, place.path("cache"));
      assert.deepEqual(await probeInterpreter(path, place.path("cache")), first);
    } finally {
      process.chdir(before);
    }
    assert.equal(execFileSync("wc", ["-l", place.path("count")], { encoding: "utf8" }).trim().split(" ")[0], "1");
    assert.equal(readdirSync(join(place.path("cache"), "interpreters")).length, 1);
  });

  it("tells missing, unusable, failing and old ones apart", async () => {
    await fails(place.path("gone"), "no-interpreter");
    await fails("no-such-python-anywhere", "no-interpreter");
    await fails(place.folder, "no-interpreter");
    await fails(program("plain", "x", 0o644), "not-executable");
    await fails(program("broken", "#!/bin/sh\necho oops >&2\nexit 3\n"), "interpreter-fails");
    await fails(program("liar", "#!/bin/sh\necho hello\n"), "no-python");
    await fails(program("old", '#!/bin/sh\necho \'{"executable": "/x", "version": [3, 7, 9]}\'\n'), "python-too-old");
  });

  it("gives up on one that hangs", async () => {
    await fails(program("hanging", "#!/bin/sh\nexec sleep 60\n"), "interpreter-hangs");
  }).timeout(20_000);

  it("knows versions without running anything", () => {
    assert.deepEqual(interpreterFor("3.9").version, [3, 9, 0]);
    assert.deepEqual(interpreterFor("3.13.2").version, [3, 13, 2]);
    for (const wrong of ["2.7", "3.7", "three", ""]) assert.throws(() => interpreterFor(wrong), (error: unknown) => error instanceof SlingshotError && error.kind === "usage");
  });

  it("has the standard library of each version", () => {
    assert.ok(stdlibNames(3, 11).has("asyncore") && !stdlibNames(3, 12).has("asyncore"));
    assert.ok(stdlibNames(3, 11).has("tomllib") && !stdlibNames(3, 10).has("tomllib"));
    assert.ok(stdlibNames(3, 14).has("annotationlib") && !stdlibNames(3, 13).has("annotationlib"));
    assert.ok(stdlibNames(3, 8).has("binhex") && stdlibNames(3, 99).has("annotationlib"));
  });
});
