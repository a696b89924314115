import assert from "node:assert/strict";
import { noteNames, paths, within } from "./workspaces.js";

/** A notebook of code cells; a pair gives the cell's type. */
function notebook(...cells: (string | [string, string])[]): string {
  return JSON.stringify({
    nbformat: 4, nbformat_minor: 5, metadata: {},
    cells: cells.map((cell) => (typeof cell === "string" ? { cell_type: "code", source: cell.split(/(?<=\n)/) } : { cell_type: cell[0], source: cell[1] })),
  });
}

const modules = Object.fromEntries("abcdefghi".split("").map((name) => [`${name}.py`, ""]));

describe("notebooks", () => {
  it("follows the imports of every Python cell, and of nothing else", () => {
    const text = notebook("import a\n", ["markdown", "import b"], ["raw", "import b"], "%%bash\nimport b\necho '''", "%%html\n<p>import b", "%%writefile b2.py\nimport b", "%%time\nimport c", "\n%%capture out\nimport d", "%matplotlib inline\n!pip install x\n?print\nprint?\nfiles = !ls\nx = %sql select\n%time import e\n%timeit -n 1 pass\nimport f");
    within({ "main.ipynb": text, ...modules }, (workspace) => {
      const manifest = workspace.take("main.ipynb");
      assert.deepEqual(paths(manifest), ["a.py", "c.py", "d.py", "e.py", "f.py", "main.ipynb"]);
      assert.deepEqual(noteNames(manifest), []);
    });
  });

  it("follows %run of scripts, notebooks and modules", () => {
    const files = { "main.ipynb": notebook("%run a.py --x 1", "%run b", "%run -i 'sub/two words.py'", "%run sub/other.ipynb", "%run -m pkg.tool"), ...modules, "sub/two words.py": "import near\n", "sub/near.py": "", "sub/other.ipynb": notebook("import c"), "pkg/__init__.py": "", "pkg/tool.py": "import d\n" };
    within(files, (workspace) => {
      assert.deepEqual(paths(workspace.take("main.ipynb")), ["a.py", "b.py", "c.py", "d.py", "main.ipynb", "pkg/__init__.py", "pkg/tool.py", "sub/near.py", "sub/other.ipynb", "sub/two words.py"]);
    });
  });

  it("uses in one cell what another has imported", () => {
    within({ "main.ipynb": notebook("import importlib as il, sys", "sys.path.insert(0, 'lib')", "il.import_module('inlib')"), "lib/inlib.py": "" }, (workspace) => {
      assert.deepEqual(paths(workspace.take("main.ipynb")), ["lib/inlib.py", "main.ipynb"]);
    });
  });

  it("reads the other cells where one is half typed", () => {
    within({ "main.ipynb": notebook("import a", "import b\nx = '''\nimport c", "import d", "def f(\nimport e"), ...modules }, (workspace) => {
      const manifest = workspace.take("main.ipynb");
      assert.deepEqual(paths(manifest), ["a.py", "b.py", "d.py", "e.py", "main.ipynb"]);
      assert.ok(noteNames(manifest).includes("suspicious-source:main.ipynb"));
    });
  });

  it("takes the notebook's unsaved cells", () => {
    within({ "main.ipynb": notebook("import a"), ...modules }, (workspace) => {
      const overlays = [{ path: workspace.path("main.ipynb"), bytes: Buffer.from(notebook("import b")) }];
      assert.deepEqual(paths(workspace.take("main.ipynb", { overlays })), ["b.py", "main.ipynb"]);
    });
  });

  for (const [what, text] of Object.entries({ "no JSON": "{", "no notebook": "[]", "an empty file": "", "cells that are none": '{"cells": [1, null, {"cell_type": "code"}, {"cell_type": "code", "source": 3}]}' })) {
    it(`finds nothing in ${what}`, () => {
      within({ "main.ipynb": text }, (workspace) => { assert.deepEqual(paths(workspace.take("main.ipynb")), ["main.ipynb"]); });
    });
  }
});
