import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, noteNames, paths, within } from "./workspaces.js";

const sha = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("buffers before disk", () => {
  it("takes the text of the buffer, its imports and its digest", () => {
    within({ "main.py": "import old\n", "old.py": "", "new.py": "" }, (workspace) => {
      const bytes = Buffer.from("import new\n");
      const sink = new MemorySink();
      const manifest = workspace.take("main.py", { overlays: [{ path: workspace.path("main.py"), bytes }] }, new Snapshotter(), sink);
      assert.deepEqual(paths(manifest), ["main.py", "new.py"]);
      const entry = manifest.files[0];
      assert.equal(entry?.origin, "buffer");
      assert.equal(entry.sha256, sha("import new\n"));
      assert.deepEqual(sink.contents.get(entry.sha256), bytes);
    });
  });

  it("goes back to the disk when the buffer is gone", () => {
    within({ "main.py": "import old\n", "old.py": "", "new.py": "" }, (workspace) => {
      const snapshotter = new Snapshotter();
      const overlays = [{ path: workspace.path("main.py"), bytes: Buffer.from("import new\n") }];
      assert.deepEqual(paths(workspace.take("main.py", { overlays }, snapshotter)), ["main.py", "new.py"]);
      assert.deepEqual(paths(workspace.take("main.py", {}, snapshotter)), ["main.py", "old.py"]);
    });
  });

  it("sees files that exist in the editor only", () => {
    within({ "main.py": "from pkg import fresh\n" }, (workspace) => {
      const overlays = ["pkg/__init__.py", "pkg/fresh.py"].map((path) => ({ path: workspace.path(path), bytes: Buffer.from("") }));
      assert.deepEqual(paths(workspace.take("main.py", { overlays })), ["main.py", "pkg/__init__.py", "pkg/fresh.py"]);
    });
  });

  it("runs an untitled document from the workspace folder", () => {
    within({ "lib.py": "" }, (workspace) => {
      const path = ".slingshot/untitled/Untitled-1.py";
      const manifest = workspace.take("lib.py", { entry: { file: path }, overlays: [{ path, bytes: Buffer.from("import lib\n") }] });
      assert.deepEqual(paths(manifest), [path, "lib.py"]);
      assert.equal(manifest.entry.file, path);
      assert.deepEqual(manifest.importRoots, ["."]);
    });
  });

  it("joins the last good imports after a stray triple quote", () => {
    within({ "main.py": "", "one.py": "", "two.py": "" }, (workspace) => {
      const snapshotter = new Snapshotter();
      const take = (text: string) => workspace.take("main.py", { overlays: [{ path: workspace.path("main.py"), bytes: Buffer.from(text) }] }, snapshotter);
      take("import one\nx = 1\nimport two\n");
      const manifest = take('import one\nx = """\nimport two\n');
      assert.deepEqual(paths(manifest), ["main.py", "one.py", "two.py"]);
      assert.ok(noteNames(manifest).includes("suspicious-source:main.py"));
    });
  });

  it("joins the saved imports where no good buffer was seen before", () => {
    within({ "main.py": "import one\nimport two\n", "one.py": "", "two.py": "" }, (workspace) => {
      const overlays = [{ path: workspace.path("main.py"), bytes: Buffer.from('import one\nx = """\nimport two\n') }];
      assert.deepEqual(paths(workspace.take("main.py", { overlays })), ["main.py", "one.py", "two.py"]);
    });
  });

  it("reads half-typed statements around the imports", () => {
    const text = "import one\ndef f(\nfrom two import (a,\nimport three\nx = foo(bar[\nclass C:\n  import four\n";
    within({ "main.py": text, "one.py": "", "two.py": "", "three.py": "", "four.py": "" }, (workspace) => {
      assert.deepEqual(paths(workspace.take("main.py")), ["four.py", "main.py", "one.py", "three.py", "two.py"]);
    });
  });
});

describe("a snapshot's identity", () => {
  const files = { "main.py": "import lib\n", "lib.py": "x = 1\n", "pyproject.toml": '[project]\nname = "lib"\n' };

  it("is the same in any folder, and from buffer or disk", () => {
    within(files, (first) => {
      within(files, (second) => {
        const id = first.take("main.py").id;
        assert.equal(second.take("main.py").id, id);
        assert.equal(second.take("main.py", { overlays: [{ path: second.path("lib.py"), bytes: Buffer.from("x = 1\n") }] }).id, id);
        assert.notEqual(second.take("main.py", { overlays: [{ path: second.path("lib.py"), bytes: Buffer.from("x = 2\n") }] }).id, id);
      });
    });
  });

  it("is the digest of the lines of the contract", () => {
    within({ "main.py": "import lib\n", "lib.py": "x = 1\n" }, (workspace) => {
      const { id } = workspace.take("main.py");
      const lines = ["slingshot 1", "entry main.py - -", "root .", `644 ${sha("x = 1\n")} 6 lib.py`, `644 ${sha("import lib\n")} 11 main.py`];
      assert.equal(id, sha(lines.join("\n") + "\n"));
    });
  });
});
