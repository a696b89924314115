import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import type { ContentSink } from "../../../src/snapshot/request.js";
import { MemorySink, paths, within, type Workspace } from "../snapshot/workspaces.js";

/** Milliseconds for which a later write is not told from an earlier one by its times alone. */
const granularity = 2100;

function rest(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Writes over the file in place: same inode, same size. */
function overwrite(path: string, text: string): void {
  const file = openSync(path, "r+");
  writeSync(file, text);
  closeSync(file);
}

function textOf(workspace: Workspace, snapshotter: Snapshotter, name: string): string {
  const sink = new MemorySink();
  const manifest = workspace.take("main.py", {}, snapshotter, sink);
  return sink.contents.get(manifest.files.find((file) => file.path === name)?.sha256 ?? "")?.toString() ?? "";
}

describe("FAULTS 42: tools that write while or between snapshots are taken", function () {
  this.timeout(60_000);

  const ways: Record<string, (path: string, text: string) => void> = {
    "in place, same size": overwrite,
    "in place, same size, its time set back (touch -r)": (path, text) => {
      const { atime, mtime } = statSync(path);
      overwrite(path, text);
      utimesSync(path, atime, mtime);
    },
    "by rename, same size, its time kept (rsync -t)": (path, text) => {
      const { atime, mtime } = statSync(path);
      writeFileSync(`${path}.new`, text);
      utimesSync(`${path}.new`, atime, mtime);
      renameSync(`${path}.new`, path);
    },
    "by rename, a time long ago": (path, text) => {
      writeFileSync(`${path}.new`, text);
      utimesSync(`${path}.new`, 1e9, 1e9);
      renameSync(`${path}.new`, path);
    },
    "a time to come (a clock set back since)": (path, text) => {
      overwrite(path, text);
      utimesSync(path, 4e9, 4e9);
    },
  };
  for (const [way, write] of Object.entries(ways)) {
    it(`42: ${way}: the next snapshot has the new text, however soon it comes`, () => {
      within({ "main.py": "import lib\n", "lib.py": "x = 0\n" }, (workspace) => {
        const snapshotter = new Snapshotter();
        for (let n = 0; n < 60; n++) {
          const text = `x = ${String(n % 10)}\n`;
          write(workspace.path("lib.py"), text);
          assert.equal(textOf(workspace, snapshotter, "lib.py"), text);
        }
        rest(granularity);
        const last = readFileSync(workspace.path("lib.py"), "utf8");
        for (const text of [last, "x = a\n", "x = b\n"]) {
          if (text !== last) write(workspace.path("lib.py"), text);
          assert.equal(textOf(workspace, snapshotter, "lib.py"), text);
        }
      });
    });
  }

  it("42: a file rewritten in the same tick as it was read is noticed, although its times and size are the same", () => {
    within({ "main.py": "import lib\n", "lib.py": "x = 0\n" }, (workspace) => {
      let n = 0;
      const sink = new MemorySink();
      const meddling: ContentSink = {
        has: (digest) => sink.has(digest),
        put: (digest, bytes) => {
          sink.put(digest, bytes);
          if (n < 3) {
            const { atime, mtime } = statSync(workspace.path("lib.py"));
            overwrite(workspace.path("lib.py"), `x = ${String(++n)}\n`);
            utimesSync(workspace.path("lib.py"), atime, mtime);
          }
        },
      };
      const manifest = workspace.take("main.py", {}, new Snapshotter(), meddling);
      assert.equal(sink.contents.get(manifest.files.find((file) => file.path === "lib.py")?.sha256 ?? "")?.toString(), "x = 3\n");
    });
  });

  it("42: a formatter that empties a file and then writes it: the snapshot waits for the text", () => {
    within({ "main.py": "import lib\n", "lib.py": "x = 'long ago'\n" }, (workspace) => {
      const program = "const { workerData: [flag, path] } = require('node:worker_threads'); const fs = require('node:fs'); const file = fs.openSync(path, 'w'); Atomics.store(flag, 0, 1); Atomics.notify(flag, 0); Atomics.wait(flag, 1, 0, 10); fs.writeSync(file, \"x = 'formatted'\\n\"); fs.closeSync(file);";
      const seen: string[] = [];
      for (let tries = 0; tries < 10 && !seen.includes("x = 'formatted'\n"); tries++) {
        const flag = new Int32Array(new SharedArrayBuffer(8));
        const worker = new Worker(program, { eval: true, workerData: [flag, workspace.path("lib.py")] });
        worker.unref();
        Atomics.wait(flag, 0, 0, 10_000);
        assert.equal(statSync(workspace.path("lib.py")).size, 0);
        seen.push(textOf(workspace, new Snapshotter(), "lib.py"));
        rest(100);
      }
      assert.ok(seen.includes("x = 'formatted'\n"), JSON.stringify(seen));
    });
  });

  it("42: files of the folders that come and go, but are none of the job's, hold nothing up", () => {
    within({ "main.py": "import lib\n", "lib.py": "" }, (workspace) => {
      let n = 0;
      const busy: ContentSink = { has: () => { workspace.write(`log${String(n++)}.txt`, ""); return true; }, put: () => undefined };
      const snapshotter = new Snapshotter();
      for (let tries = 0; tries < 5; tries++) assert.deepEqual(paths(workspace.take("main.py", {}, snapshotter, busy)), ["lib.py", "main.py"]);
      assert.ok(n > 5);
    });
  });

  it("42: a module that appears beside the closure while it is read is in the snapshot whole, or not at all", () => {
    const names = ["one", "two", "three"];
    within({ "main.py": names.map((name) => `try:\n    import ${name}.mod\nexcept ImportError:\n    pass\n`).join(""), "zero.py": "" }, (workspace) => {
      let done = false;
      const sink = new MemorySink();
      const appearing: ContentSink = {
        has: (digest) => sink.has(digest),
        put: (digest, bytes) => {
          sink.put(digest, bytes);
          if (!done) for (const name of names) workspace.write(`${name}/mod.py`, "");
          done = true;
        },
      };
      assert.deepEqual(paths(workspace.take("main.py", {}, new Snapshotter(), appearing)), ["main.py", ...names.map((name) => `${name}/mod.py`).sort()]);
    });
  });
});
