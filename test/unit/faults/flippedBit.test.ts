/** One bit that the disk got wrong: nothing runs over it, and the next launch is whole again. */
import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { packBundle, splitLayers } from "../../../src/bundle/pack.js";
import { SlingshotError } from "../../../src/base/errors.js";
import { filesDigest } from "../../../src/snapshot/manifest.js";
import { Workbench } from "../../contract/workbench.js";

/** Turns one bit of the file over and leaves its modification time. */
function flip(path: string, at: number): void {
  const { atime, mtime, mode } = statSync(path);
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
  chmodSync(path, mode);
  utimesSync(path, atime, mtime);
}

describe("FAULTS 45: one flipped bit", function () {
  this.timeout(120_000);
  const library = "WORD = 'as it was'\n";
  let bench: Workbench;
  beforeEach(() => {
    bench = new Workbench({ backend: "local" });
    bench.write({ "main.py": "import lib\nprint(lib.WORD)\n", "lib.py": library });
  });
  afterEach(() => { bench.dispose(); });

  const blob = (): string => bench.contents.path(createHash("sha256").update(library).digest("hex"));

  it("45: in the content store: nothing runs over it; the next launch runs", async () => {
    await bench.snapshot({ entry: "main.py" });
    flip(blob(), 9);
    // Whoever reads it first says so: the search for secrets, or the runner.
    const said = await bench.run({ entry: "main.py" }).then(({ status, stdout }) => `${status.state} ${stdout}${status.exit?.message ?? ""}`, (error: unknown) => `${error instanceof SlingshotError ? error.code : ""} ${String(error)}`);
    assert.match(said, /^(failed lib\.py is not what the snapshot holds|content-damaged .*was damaged on the disk)/);
    const next = await bench.run({ entry: "main.py" });
    assert.deepEqual([next.status.state, next.stdout], ["succeeded", "as it was\n"]);
  });

  it("45: in a tree: the runner refuses and names the file; the next launch runs", async () => {
    const { record } = await bench.run({ entry: "main.py" });
    const tree = join(bench.stateDir, "trees", filesDigest(bench.jobs.manifest(record.id).files));
    flip(join(tree, "lib.py"), 9);
    const refused = await bench.run({ entry: "main.py" });
    assert.deepEqual([refused.status.state, refused.stdout], ["failed", ""]);
    assert.match(refused.status.exit?.message ?? "", /lib\.py/);
    const next = await bench.run({ entry: "main.py" });
    assert.deepEqual([next.status.state, next.stdout], ["succeeded", "as it was\n"]);
  });

  it("45: in an archive that is kept: it is never handed to an engine, but written anew", async () => {
    const manifest = await bench.snapshot({ entry: "main.py" });
    const bundle = packBundle(manifest, bench.contents);
    for (const format of ["tar", "zip"] as const) {
      for (const layer of bundle.layers) {
        const path = await bundle.archive(layer, format);
        const whole = readFileSync(path);
        flip(path, whole.length >> 1);
        assert.equal(await packBundle(manifest, bench.contents).archive(layer, format), path);
        assert.deepEqual(readFileSync(path), whole);
      }
    }
    const left = readdirSync(join(bench.stateDir, "layers")).filter((name) => !/^[0-9a-f]{64}\.(tar|zip)(\.sha256)?$/.test(name));
    assert.deepEqual(left, []);
  });

  it("45: content that is damaged goes into no archive; the next launch stores it anew", async () => {
    const manifest = await bench.snapshot({ entry: "main.py" });
    flip(blob(), 9);
    const [layer] = splitLayers(manifest, new Set(["lib.py", "main.py"]));
    assert.ok(layer);
    await assert.rejects(packBundle(manifest, bench.contents).archive(layer, "tar"), (error: unknown) => error instanceof SlingshotError && error.code === "content-damaged");
    assert.deepEqual(readdirSync(join(bench.stateDir, "layers")), []);
    const again = await bench.snapshot({ entry: "main.py" });
    const archive = readFileSync(await packBundle(again, bench.contents).archive(layer, "tar"));
    assert.ok(archive.includes("WORD = 'as it was'"));
  });
});
