/** A job's snapshot beside what its entry would bring along now, both taken of a real workspace. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProgram } from "../../../src/base/findProgram.js";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { probeInterpreter } from "../../../src/snapshot/interpreter.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";
import { closureDifferences } from "../../../src/snapshot/presentClosure.js";
import { placesOf, presentDifferences } from "../../../src/snapshot/presentFiles.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";

describe("a snapshot beside the present closure", () => {
  let state: string;
  let workspace: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "slingshot-closure-"));
    workspace = join(state, "ws");
    write({ "job.py": "import kept, left, gone\n", "kept.py": "K = 1\n", "left.py": "L = 1\n", "gone.py": "G = 1\n", "came.py": "C = 1\n" });
  });
  afterEach(() => { rmSync(state, { recursive: true, force: true }); });

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  }

  async function take(overlays: ReadonlyMap<string, Uint8Array> = new Map()): Promise<Manifest> {
    const interpreter = await probeInterpreter(findProgram("python3", workspace) ?? "python3", join(state, "caches"));
    const given = [...overlays].map(([path, bytes]) => ({ path, bytes }));
    return new Snapshotter().take({ workspace, folders: [], cwd: workspace, entry: { file: join(workspace, "job.py") }, overlays: given, interpreter, bundle: {} }, new ContentStore(state)).manifest;
  }

  async function told(before: Manifest, now: Manifest | null, overlays: ReadonlyMap<string, Uint8Array> = new Map()): Promise<string[]> {
    const place = placesOf(workspace, [workspace]);
    const found = closureDifferences(before, await presentDifferences(before.files, place, overlays), now, place);
    for (const difference of found) assert.equal(difference.place, join(workspace, difference.path));
    return found.map(({ kind, path, before: old, after }) => `${kind} ${path}${old === null ? "" : " before"}${after === null ? "" : " after"}`);
  }

  it("is equal where nothing was touched", async () => {
    const before = await take();
    assert.deepEqual(await told(before, await take()), []);
    assert.deepEqual(await told(before, null), []);
  });

  it("names what came in and what is no longer imported, by the text on the screen", async () => {
    const before = await take();
    rmSync(join(workspace, "gone.py"));
    write({ "kept.py": "K = 2\n" });
    const typed = new Map([[join(workspace, "job.py"), Buffer.from("import kept, came\n")]]);
    assert.deepEqual(await told(before, await take(typed), typed), ["added came.py after", "removed gone.py before", "changed job.py before", "changed kept.py before", "removed left.py before"]);
    assert.deepEqual(await told(before, null, typed), ["removed gone.py before", "changed job.py before", "changed kept.py before"], "without a present snapshot, the files that were sent");
  });

  it("counts a file that changed and is no longer imported as no longer there", async () => {
    const before = await take();
    write({ "job.py": "import kept, gone\n", "left.py": "L = 2\n" });
    assert.deepEqual(await told(before, await take()), ["changed job.py before", "removed left.py before"]);
  });

  it("shows files from elsewhere by their content alone", () => {
    const file = (path: string, sha256: string): Manifest["files"][number] => ({ path, mode: "644", size: 1, sha256, origin: "disk", reason: { kind: "import" } });
    const [before, now] = [{ files: [file(".slingshot/roots/x/a.py", "1"), file(".slingshot/untitled/Untitled-1.py", "1")] }, { files: [file(".slingshot/roots/x/a.py", "2"), file(".slingshot/untitled/Untitled-2.py", "1")] }];
    assert.deepEqual(closureDifferences(before, [], now, placesOf("/w", ["/w"])).map(({ kind, place, before: old, after }) => [kind, place, old?.sha256, after?.sha256]), [
      ["changed", null, "1", "2"],
      ["removed", ".slingshot/untitled/Untitled-1.py", "1", undefined],
      ["added", ".slingshot/untitled/Untitled-2.py", undefined, "1"],
    ]);
  });
});
