/** `python .slingshot/run.py` in an unpacked bundle: any directory, nothing installed, plain Python's behaviour. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { JobBench, plain, pythons, runnerDir, type JobOptions } from "./jobBench.js";

for (const python of pythons) {
  describe(`unpacked bundle: ${python}`, function () {
    this.timeout(60000);
    const bench = new JobBench();
    let count = 0;
    after(() => { bench.dispose(); });

    function unpack(options: JobOptions): string {
      const root = join(bench.root, `unpacked-${String(++count)}`);
      mkdirSync(join(root, ".slingshot", "runner"), { recursive: true });
      for (const [path, content] of Object.entries(options.files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
      writeFileSync(join(root, ".slingshot", "manifest.json"), JSON.stringify(bench.manifest(options)));
      for (const name of readdirSync(runnerDir).filter((file) => file.endsWith(".py")))
        copyFileSync(join(runnerDir, name), join(root, ".slingshot", name === "run.py" ? name : join("runner", name)));
      return root;
    }
    const run = (root: string, ...words: string[]) => plain(python, [join(root, ".slingshot", "run.py"), ...words], bench.root);

    it("is as plain Python: modules, arguments, traceback, exit code", async () => {
      const program = "import sys, os, lib\nprint(sorted(sys.modules), sys.argv, os.getcwd(), __file__, list(globals()), sys.path)\nlib.f()\n";
      const root = unpack({ files: { "main.py": program, "lib.py": "def f():\n    raise ValueError('bad')\n" }, entry: "main.py" });
      const ours = await run(root, "a", "b c");
      const theirs = await plain(python, [join(root, "main.py"), "a", "b c"], bench.root);
      assert.equal(ours.out.toString(), theirs.out.toString());
      assert.equal(ours.err.toString(), theirs.err.toString());
      assert.equal(ours.code, 1);
    });

    it("is as plain Python for a folder", async () => {
      const program = "import sys, near\nprint(sys.argv[1:], sys.path, __file__, repr(__package__), __spec__.name, __spec__.origin, list(globals()))\nnear.f()\n";
      const root = unpack({ files: { "app/__main__.py": program, "app/near.py": "def f():\n    raise ValueError('bad')\n" }, entry: "app/__main__.py", isFolder: true });
      const ours = await run(root, "a");
      const theirs = await plain(python, [join(root, "app"), "a"], bench.root);
      assert.deepEqual([ours.code, ours.out.toString(), ours.err.toString()], [1, theirs.out.toString(), theirs.err.toString()]);
    });

    it("runs modules and functions", async () => {
      const files = { "pkg/__init__.py": "", "pkg/m.py": "from . import n\nprint(__name__, n.X)\ndef f(a: int, b='x'):\n    return [a, b]\n", "pkg/n.py": "X = 1\n" };
      const module = await run(unpack({ files, entry: "pkg/m.py", module: "pkg.m", roots: ["."] }));
      assert.equal(module.out.toString(), "__main__ 1\n");
      const called = await run(unpack({ files, entry: "pkg/m.py", function: "f", roots: ["."] }), "a=3", "b:=[1]");
      assert.equal(called.out.toString(), "pkg.m 1\n[3, [1]]\n");
    });

    it("names the file that stayed behind when the program asks for it", async () => {
      const program = "import importlib, sys, pkg\ntry:\n    importlib.import_module('pkg.' + sys.argv[1])\nexcept ImportError: pass\ntry: open(pkg.__path__[0] + '/conf.ini')\nexcept OSError: pass\ntry: import pkg.never\nexcept ImportError: pass\nprint('done')\n";
      const root = unpack({ files: { "main.py": program, "pkg/__init__.py": "" }, entry: "main.py", roots: ["."] });
      writeFileSync(join(root, ".slingshot", "absent.json"), JSON.stringify({ files: ["pkg/late.py", "pkg/conf.ini", "pkg/other.py"] }));
      const ended = await run(root, "late");
      assert.deepEqual([ended.code, ended.out.toString()], [0, "done\n"]);
      const lines = ended.err.toString().trimEnd().split("\n");
      assert.equal(lines.length, 2, ended.err.toString());
      assert.match(lines[0] ?? "", /^slingshot: pkg\/late\.py is in the workspace but was not sent.*bundle\.include/);
      assert.match(lines[1] ?? "", /^slingshot: pkg\/conf\.ini /);
    });

    it("refuses a file that is not what the snapshot holds", async () => {
      const root = unpack({ files: { "main.py": "print('ran')\n" }, entry: "main.py" });
      writeFileSync(join(root, "main.py"), "print('run')\n");
      const refused = await run(root);
      assert.deepEqual([refused.code, refused.out.toString()], [3, ""]);
      assert.match(refused.err.toString(), /^main\.py is not what the snapshot holds.*Unpack the bundle again\.\n$/);
    });
  });
}
