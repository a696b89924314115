/** Reading ahead: in slices, one program at a time, stopped at once, and nothing of it left for the launch to do. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { inSlices } from "../../../src/language/slices.js";
import { ReadAhead } from "../../../src/language/readAhead.js";
import { DiskCache } from "../../../src/snapshot/diskCache.js";
import { LastGood } from "../../../src/snapshot/lastGood.js";
import { scanCounts } from "../../../src/snapshot/scan/scanSource.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, Workspace } from "../snapshot/workspaces.js";

const modules = 1500;

describe("reading ahead", () => {
  let workspace: Workspace;
  const log: string[] = [];

  before(() => {
    const files: Record<string, string> = { "job.py": "import lib.m0\n", "other.py": "import lib.m0\nimport json\n", "broken.py": "", "lib/__init__.py": "" };
    for (let at = 0; at < modules; at++) files[`lib/m${String(at)}.py`] = `${at + 1 < modules ? `import lib.m${String(at + 1)}\n` : ""}x = ${String(at)}\n`.repeat(3);
    workspace = new Workspace(files);
    for (const path of Object.keys(files)) workspace.age(path);
  });
  after(() => { workspace.remove(); });
  beforeEach(() => { log.length = 0; });

  function reader(): { kept: ConstructorParameters<typeof ReadAhead>[0]; readAhead: ReadAhead; read: (path: string) => Promise<void> } {
    const kept = { disk: new DiskCache(), lastGood: new LastGood(), ignores: new Map<string, never>() };
    const readAhead = new ReadAhead(kept, () => undefined, (line) => log.push(line));
    const { workspace: folder, interpreter, bundle } = workspace.request("job.py");
    return { kept, readAhead, read: (path) => readAhead.read(workspace.path(path), { workspace: folder, interpreter, bundle }, []) };
  }

  it("leaves a launch nothing to scan, and lets other work in between", async () => {
    const { kept, read } = reader();
    let turns = 0;
    const over = new AbortController();
    const others = (async () => {
      for (; !over.signal.aborted; turns++) await setImmediate();
    })();
    const before = scanCounts.sources;
    await read("job.py");
    over.abort();
    await others;
    assert.equal(scanCounts.sources - before, modules + 2);
    assert.ok(turns > 2, `other work had ${String(turns)} turns`);
    const snapshotter = new Snapshotter(kept.disk, kept.lastGood, kept.ignores);
    const ready = scanCounts.sources;
    assert.equal(workspace.take("job.py", {}, snapshotter, new MemorySink()).files.length, modules + 2);
    assert.equal(scanCounts.sources - ready, 0);
  });

  it("may be interrupted by snapshots, which see what is true", async () => {
    const { kept, read } = reader();
    const snapshotter = new Snapshotter(kept.disk, kept.lastGood, kept.ignores);
    const reading = read("job.py");
    const ids = new Set<string>();
    for (let at = 0; at < 3; at++) {
      await setImmediate();
      ids.add(workspace.take("other.py", {}, snapshotter, new MemorySink()).id);
    }
    await reading;
    assert.deepEqual([...ids], [workspace.take("other.py").id]);
  });

  it("stops when told to, or when another program is in front", async () => {
    const { readAhead, read } = reader();
    const before = scanCounts.sources;
    const first = read("job.py");
    readAhead.stop();
    await first;
    assert.ok(scanCounts.sources - before < modules, "the rest was not read");
    const second = read("job.py");
    const third = read("other.py");
    await Promise.all([second, third]);
    assert.equal(scanCounts.sources - before, modules + 3);
  });

  it("says why where it can't, and does no harm", async () => {
    const { read } = reader();
    await read("no such file.py");
    assert.match(log.join("\n"), /Could not read ahead/);
    await read("broken.py");
  });
});

describe("work in slices", () => {
  it("gives the result, begins each slice anew, and ends where it is stopped", async () => {
    function* steps(count: number): Generator<undefined, string> {
      for (let at = 0; at < count; at++) {
        for (const end = performance.now() + 3; performance.now() < end; );
        yield undefined;
      }
      return "done";
    }
    let begun = 0;
    assert.equal(await inSlices(steps(10), () => { begun++; }, new AbortController().signal), "done");
    assert.ok(begun > 1);
    assert.equal(await inSlices(steps(10), () => undefined, AbortSignal.abort()), undefined);
    const control = new AbortController();
    assert.equal(await inSlices(steps(1_000_000), () => { if (++begun > 10) control.abort(); }, control.signal), undefined);
    await assert.rejects(inSlices(failing(), () => undefined, control.signal.aborted ? new AbortController().signal : control.signal), /no disk/);
  });

  function* failing(): Generator<undefined, string> {
    yield undefined;
    throw new Error("no disk");
  }
});
