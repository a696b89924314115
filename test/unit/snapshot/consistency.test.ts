import assert from "node:assert/strict";
import { renameSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { SlingshotError } from "../../../src/base/errors.js";
import type { ContentSink } from "../../../src/snapshot/request.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, noteNames, paths, within } from "./workspaces.js";

describe("one moment", () => {
  it("takes the snapshot again when a file changes underneath, and never mixes", () => {
    within({ "main.py": "import lib\n", "lib.py": "old = 1\n" }, (workspace) => {
      let changed = false;
      const sink = new MemorySink();
      const meddling: ContentSink = {
        has: (digest) => sink.has(digest),
        put: (digest, bytes) => {
          if (!changed) writeFileSync(workspace.path("lib.py"), "new = 22\n");
          changed = true;
          sink.put(digest, bytes);
        },
      };
      const manifest = workspace.take("main.py", {}, new Snapshotter(), meddling);
      const lib = manifest.files.find((file) => file.path === "lib.py");
      assert.equal(sink.contents.get(lib?.sha256 ?? "")?.toString(), "new = 22\n");
    });
  });

  it("refuses by name when files never come to rest", () => {
    within({ "main.py": "import lib\n", "lib.py": "x = 0\n" }, (workspace) => {
      let count = 0;
      const restless: ContentSink = {
        has: () => {
          writeFileSync(workspace.path("lib.py"), `x = ${"1".repeat(++count)}\n`);
          return true;
        },
        put: () => undefined,
      };
      assert.throws(() => workspace.take("main.py", {}, new Snapshotter(), restless), (error: unknown) => error instanceof SlingshotError && error.kind === "refused" && error.code === "changed" && error.message.includes("lib.py"));
    });
  });

  it("notices every change between snapshots: content of equal size and time, new files, renames", () => {
    within({ "main.py": "import a\n", "a.py": "x = 1\n", "b.py": "" }, (workspace) => {
      const snapshotter = new Snapshotter();
      const before = workspace.take("main.py", {}, snapshotter);
      const { atime, mtime } = statSync(workspace.path("main.py"));
      workspace.write("main.py", "import b\n");
      utimesSync(workspace.path("main.py"), atime, mtime);
      const after = workspace.take("main.py", {}, snapshotter);
      assert.deepEqual(paths(after), ["b.py", "main.py"]);
      assert.notEqual(after.id, before.id);
      workspace.write("b/__init__.py", "");
      assert.deepEqual(paths(workspace.take("main.py", {}, snapshotter)), ["b/__init__.py", "main.py"]);
      renameSync(workspace.path("b"), workspace.path("c"));
      assert.deepEqual(paths(workspace.take("main.py", {}, snapshotter)), ["b.py", "main.py"]);
    });
  });

  it("hands known content to a new sink from the same bytes", () => {
    within({ "main.py": "import a\n", "a.py": "x = 1\n" }, (workspace) => {
      workspace.age("main.py");
      workspace.age("a.py");
      const snapshotter = new Snapshotter();
      const sink = new MemorySink();
      workspace.take("main.py", {}, snapshotter, sink);
      workspace.take("main.py", {}, snapshotter, sink);
      assert.equal(sink.puts, 2);
      const other = new MemorySink();
      const manifest = workspace.take("main.py", {}, snapshotter, other);
      for (const file of manifest.files) assert.equal(other.contents.get(file.sha256)?.length, file.size);
    });
  });

  it("stops when asked", () => {
    within({ "main.py": "" }, (workspace) => {
      assert.throws(() => new Snapshotter().take(workspace.request("main.py"), new MemorySink(), AbortSignal.abort()), (error: unknown) => error instanceof SlingshotError && error.kind === "cancelled");
    });
  });
});

describe("links", () => {
  it("bundles linked code under the link's name and ends in loops", () => {
    within({ "main.py": "import linked.mod\nimport alias\n", "real/mod.py": "", "real/other.py": "" }, (workspace) => {
      symlinkSync("real", workspace.path("linked"));
      symlinkSync("real/other.py", workspace.path("alias.py"));
      symlinkSync("..", workspace.path("real/up"));
      const manifest = workspace.take("main.py", { bundle: { include: ["**/*.json"] } });
      assert.deepEqual(paths(manifest), ["alias.py", "linked/mod.py", "main.py"]);
    });
  });

  it("does not follow links to data outside, and says so", () => {
    within({ "secret.txt": "x" }, (outside) => {
      within({ "main.py": "open('conf/s.txt')\n", "conf/a.yaml": "" }, (workspace) => {
        symlinkSync(outside.path("secret.txt"), workspace.path("conf/s.txt"));
        symlinkSync("nowhere", workspace.path("conf/gone.txt"));
        const manifest = workspace.take("main.py", { bundle: { include: ["conf/**"] } });
        assert.deepEqual(paths(manifest), ["conf/a.yaml", "main.py"]);
        assert.ok(noteNames(manifest).includes("link-outside:conf/s.txt"));
        assert.ok(noteNames(manifest).includes("dangling-link:conf/gone.txt"));
      });
    });
  });
});
