/** The runner against plain Python, byte for byte, on every point that DESIGN 4.5 lists: each program runs both ways. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { environment, filesBelow, JobBench, plain, pythons } from "./jobBench.js";

const folder = join(import.meta.dirname, "programs");
const libraries = new Set(["broken_library.py", "warning_library.py", "random.py", "json.py", "failing_syntax_library.py"]);
const programs = readdirSync(folder).filter((name) => name.endsWith(".py") && !libraries.has(name));
/** Local files that hide modules of the standard library are only there for the program that is about them. */
const shadows = ["random.py", "json.py"];

/** All but what differs between two runs of plain Python too: addresses; and how deep a recursion got, as the runner's frames count. */
function comparable(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/0x[0-9a-f]{6,}/g, "0x").replace(/repeated 99\d more times/, "repeated 99x more times");
}

for (const python of pythons) {
  describe(`as plain Python: ${python}`, function () {
    this.timeout(60000);
    const bench = new JobBench();
    const all = filesBelow(folder);
    after(() => { bench.dispose(); });

    async function compare(files: Record<string, Buffer>, entry: { file: string | null; module?: string; isFolder?: boolean }, argv: string[]): Promise<void> {
      const options = { files, entry: entry.file, ...(entry.module === undefined ? {} : { module: entry.module }), ...(entry.isFolder === true ? { isFolder: true, roots: [dirname(String(entry.file))] } : { roots: ["."] }), argv, python };
      const ours = await bench.run(options);
      const tree = bench.treeOf(bench.manifest(options));
      const words = entry.module === undefined ? [join(tree, entry.isFolder === true ? dirname(String(entry.file)) : String(entry.file))] : ["-m", entry.module];
      const cwd = join(ours.folder, "plain");
      mkdirSync(cwd);
      const theirs = await plain(python, [...words, ...argv], entry.module === undefined ? cwd : tree);
      assert.equal(comparable(ours.out), comparable(theirs.out));
      assert.equal(comparable(ours.err), comparable(theirs.err));
      assert.deepEqual({ code: ours.exit.code, signal: ours.exit.signal }, { code: theirs.code, signal: theirs.signal });
      assert.equal(ours.exit.outcome, theirs.code === 0 ? "succeeded" : "failed");
    }

    for (const name of programs) {
      it(name, async () => {
        const files = Object.fromEntries(Object.entries(all).filter(([path]) => name === "shadowing.py" || !shadows.includes(path)));
        await compare(files, { file: name }, ["first", "second argument"]);
      });
    }

    for (const [module, ...argv] of [["package.tool"], ["package.tool", "fail"], ["package.inner", "a"], ["package.absent"], ["package"], ["source"]]) {
      it(`-m ${[module, ...argv].join(" ")}`, async () => {
        const files = Object.fromEntries(Object.entries(all).filter(([path]) => !shadows.includes(path)));
        await compare(files, { file: null, module: String(module) }, argv);
      });
    }

    for (const ending of ["", "raise ValueError('at the end')\n", "import multiprocessing\nif __name__ == '__main__':\n    multiprocessing.set_start_method('spawn')\n    with multiprocessing.Pool(1) as pool: print(pool.map(abs, [-1]))\n", "from . import near\n", "x = (\n"]) {
      it(`a folder: ${JSON.stringify(ending)}`, async () => {
        const program = "import sys, near\nprint(sys.argv, sys.path[0], near.__file__, __name__, repr(__package__), __file__, __spec__, __spec__.parent, __cached__, list(globals()), sys.flags)\nprint(getattr(sys, 'orig_argv', [])[1:], inspect_source(), __import__('inspect').getsource(C))\n";
        const first = "import inspect\ndef inspect_source(): return inspect.getsource(inspect_source)\nclass C: pass\n";
        const files = { "apps/tool/__main__.py": first + program + ending, "apps/tool/near.py": "", "near.py": "raise SystemExit('the wrong one')\n" };
        await compare(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])), { file: "apps/tool/__main__.py", isFolder: true }, ["a", "b c"]);
      });
    }

    it("a package that fails while the runner watches it being imported", async () => {
      const files = { "main.py": "try:\n    import matplotlib\nexcept ImportError as error:\n    raise RuntimeError('no plots') from error\n", "matplotlib/__init__.py": "raise ImportError('no display')\n" };
      await compare(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])), { file: "main.py" }, []);
    });

    it("variables that Python reads when it starts count, though they come with the job", async () => {
      const program = "import sys, os, time\nprint(hash('a'), sys.flags, time.strftime('%Z', time.gmtime(0)), os.environ['TZ'], sys.stdout.encoding, ascii('é'), file=sys.stderr)\nassert True\nprint(__debug__, os.environ['X'])\n";
      const env = { PYTHONHASHSEED: "7", PYTHONOPTIMIZE: "1", PYTHONIOENCODING: "latin-1", TZ: "Asia/Tokyo", X: "a\nb=é" };
      const options = { files: { "main.py": program }, entry: "main.py", env, python };
      const ours = await bench.run(options);
      const theirs = await plain(python, [join(bench.treeOf(bench.manifest(options)), "main.py")], ours.folder, { ...environment, ...env });
      assert.equal(ours.out.toString("latin1"), theirs.out.toString("latin1"));
      assert.equal(ours.err.toString("latin1"), theirs.err.toString("latin1"));
    });
  });
}
