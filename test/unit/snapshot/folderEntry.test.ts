/** A folder with `__main__.py` as entry: what `python folder/` runs. */
import assert from "node:assert/strict";
import { SlingshotError } from "../../../src/base/errors.js";
import { snapshotId } from "../../../src/snapshot/manifest.js";
import { noteNames, paths, within } from "./workspaces.js";

describe("a folder as entry", () => {
  it("has the folder as first import root, and is told from its file by the launch alone", () => {
    within({ "app/__main__.py": "import near\n", "app/near.py": "", "near.py": "" }, (workspace) => {
      const folder = workspace.take("app");
      const script = workspace.take("app/__main__.py");
      assert.deepEqual(folder.entry, { file: "app/__main__.py", function: null, module: null, folder: true });
      assert.deepEqual(script.entry, { file: "app/__main__.py", function: null, module: null });
      assert.deepEqual([folder.importRoots, paths(folder)], [["app"], ["app/__main__.py", "app/near.py"]]);
      assert.equal(folder.id, script.id);
      assert.equal(folder.id, snapshotId(folder));
    });
  });

  it("may be a package that imports nothing relatively, the workspace folder, or have given roots", () => {
    within({ "__main__.py": "import pkg.a\n", "pkg/__init__.py": "", "pkg/__main__.py": "import a\n", "pkg/a.py": "" }, (workspace) => {
      assert.deepEqual(workspace.take("pkg").importRoots, ["pkg"]);
      assert.deepEqual(paths(workspace.take("pkg")), ["pkg/__main__.py", "pkg/a.py"]);
      assert.equal(workspace.take(".").entry.folder, true);
      assert.equal(workspace.take("pkg", { roots: ["pkg"] }).entry.folder, true);
      // Another root before it: runpy would not find this file.
      assert.equal(workspace.take("pkg", { roots: [".", "pkg"] }).entry.folder, undefined);
    });
  });

  it("runs as a module where it imports relatively and its folder is a package, else says that it can't", () => {
    within({ "pkg/__init__.py": "", "pkg/__main__.py": "from . import a\n", "pkg/a.py": "", "app/__main__.py": "from . import b\n", "app/b.py": "" }, (workspace) => {
      assert.deepEqual(workspace.take("pkg").entry, { file: "pkg/__main__.py", function: null, module: "pkg.__main__" });
      assert.ok(noteNames(workspace.take("app")).includes("relative-import-in-script:app/__main__.py"));
    });
  });

  it("is refused without __main__.py", () => {
    within({ "app/main.py": "" }, (workspace) => {
      assert.throws(() => workspace.take("app"), (error) => error instanceof SlingshotError && error.code === "no-entry");
    });
  });
});
