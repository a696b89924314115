/** The tree: read-only, checked before every run, built once, shared by jobs. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JobBench, pythons } from "./jobBench.js";

for (const python of pythons) {
  describe(`tree: ${python}`, function () {
    this.timeout(60000);
    let bench: JobBench;
    beforeEach(() => { bench = new JobBench(); });
    afterEach(() => { bench.dispose(); });

    it("holds the bundle read-only, with cached bytecode that runs", async () => {
      const options = { files: { "p/main.py": "import lib\nprint(lib.f())\n", "p/lib.py": "def f():\n    return __file__\n", "p/go.sh": "#!/bin/sh\n" }, executable: ["p/go.sh"], entry: "p/main.py", python };
      const tree = bench.treeOf(bench.manifest(options));
      const first = await bench.run(options);
      assert.equal(first.out.toString(), join(tree, "p", "lib.py") + "\n");
      assert.equal(statSync(join(tree, "p")).mode & 0o777, 0o555);
      assert.equal(statSync(join(tree, "p", "lib.py")).mode & 0o777, 0o444);
      assert.equal(statSync(join(tree, "p", "go.sh")).mode & 0o777, 0o555);
      const cached = readdirSync(join(bench.root, "bytecode"), { recursive: true }).filter((name) => String(name).endsWith(".pyc"));
      assert.equal(cached.length, 2);
      // Another tree with the same module takes the bytecode as it is: unchecked, and under its own path.
      const changed = { ...options, files: { ...options.files, "p/main.py": "import lib\nprint(lib.f(), lib.__spec__.cached)\n" } };
      const second = await bench.run(changed);
      const other = bench.treeOf(bench.manifest(changed));
      const [path, bytecode] = second.out.toString().trim().split(" ");
      assert.equal(path, join(other, "p", "lib.py"));
      assert.equal(readFileSync(String(bytecode)).readUInt32LE(4), 1);
    });

    it("is not built again by the next run", async () => {
      const options = { files: { "main.py": "print(1)\n" }, entry: "main.py", python };
      await bench.run(options);
      const tree = bench.treeOf(bench.manifest(options));
      const state = (): number[] => [statSync(tree).ino, statSync(join(tree, "main.py")).ino, statSync(join(tree, "main.py")).ctimeMs];
      const before = state();
      await bench.run(options);
      assert.deepEqual(state(), before);
    });

    it("says when it was used last, which is what cleaning goes by", async () => {
      const options = { files: { "main.py": "print(1)\n" }, entry: "main.py", python };
      await bench.run(options);
      const tree = bench.treeOf(bench.manifest(options));
      utimesSync(tree, 1000, 1000);
      await bench.run(options);
      assert.ok(statSync(tree).mtimeMs > 1_000_000);
    });

    for (const size of [100, 6_000_000]) {
      it(`one flipped bit in a tree file of ${String(size)} bytes stops the run by name; the next run is whole again`, async () => {
        const data = Buffer.alloc(size, 65);
        const options = { files: { "main.py": "print('ran')\n", "sub/data.bin": data }, entry: "main.py", python };
        assert.equal((await bench.run(options)).exit.outcome, "succeeded");
        const path = join(bench.treeOf(bench.manifest(options)), "sub", "data.bin");
        const { atime, mtime } = statSync(path);
        chmodSync(path, 0o644);
        const damaged = Buffer.from(data);
        damaged[50] = 66;
        writeFileSync(path, damaged);
        utimesSync(path, atime, mtime);
        const refused = await bench.run(options);
        assert.deepEqual([refused.exit.outcome, refused.log.length], ["failed", 0]);
        assert.match(String(refused.exit.message), /sub\/data\.bin.*SHA-256.*again/);
        // The file was a link to the stored content, which is damaged with it and therefore gone.
        assert.equal(existsSync(bench.blob(data)), false);
        bench = Object.assign(bench, {});
        const fresh = new JobBench();
        try {
          assert.equal((await fresh.run(options)).exit.outcome, "succeeded");
        } finally {
          fresh.dispose();
        }
      });
    }

    it("damaged content in the store is refused and removed", async () => {
      const options = { files: { "main.py": "import lib\n", "lib.py": "X = 1\n" }, entry: "main.py", python };
      bench.manifest(options);
      chmodSync(bench.blob("X = 1\n"), 0o644);
      writeFileSync(bench.blob("X = 1\n"), "X = 2\n");
      const job = await bench.run(options);
      assert.equal(job.exit.outcome, "failed");
      assert.match(String(job.exit.message), /lib\.py is not what the snapshot holds/);
      assert.equal(existsSync(bench.blob("X = 1\n")), false);
      assert.equal(existsSync(bench.treeOf(bench.manifest({ ...options, files: { "main.py": "import lib\n" } }))), false);
    });

    it("several jobs that build one tree at once all run", async () => {
      const files: Record<string, string> = { "main.py": "import m0\nprint(m0.N)\n" };
      for (let n = 0; n < 60; n++) files[`m${String(n)}.py`] = `N = ${String(n)}\n`;
      const jobs = await Promise.all(Array.from({ length: 4 }, () => bench.run({ files, entry: "main.py", python })));
      assert.deepEqual(jobs.map((job) => job.out.toString()), Array.from({ length: 4 }, () => "0\n"));
      assert.equal(readdirSync(join(bench.root, "trees")).length, 1);
    });

    it("two jobs with different edits see their own code", async () => {
      const job = (text: string) => bench.run({ files: { "main.py": "import lib, time\ntime.sleep(0.2)\nprint(lib.X)\n", "lib.py": `X = '${text}'\n` }, entry: "main.py", python });
      const [one, two] = await Promise.all([job("one"), job("two")]);
      assert.deepEqual([one.out.toString(), two.out.toString()], ["one\n", "two\n"]);
    });

    it("a manifest that leads out of the tree is refused", async () => {
      for (const path of ["../escape.py", "/tmp/escape.py", "a//b.py", "a/./b.py"]) {
        const job = await bench.run({ files: { "main.py": "print(1)\n", [path]: "x = 1\n" }, entry: "main.py", python });
        assert.equal(job.exit.outcome, "failed");
        assert.match(String(job.exit.message), /outside the tree/);
      }
    });

    it("sys.path stands in the manifest's order, and the workspace itself is not on it", async () => {
      const workspace = join(bench.root, "workspace");
      const outside = join(bench.root, "elsewhere");
      const options = {
        files: { "jobs/main.py": "import sys, os\nprint('\\n'.join(sys.path))\nprint(os.environ['PYTHONPATH'])\n", "src/a.py": "", "lib/b.py": "" },
        entry: "jobs/main.py",
        roots: ["jobs", "lib"],
        declared: ["src"],
        guessed: ["."],
        env: { PYTHONPATH: `${outside}:${workspace}/lib:${workspace}` },
        workspace,
        python,
      };
      const lines = (await bench.run(options)).out.toString().trim().split("\n");
      const tree = bench.treeOf(bench.manifest(options));
      assert.equal(lines.pop(), `${outside}:${tree}/lib:${tree}`);
      assert.deepEqual(lines.slice(0, 4), [`${tree}/jobs`, `${tree}/lib`, outside, tree]);
      const site = lines.findIndex((line) => line.endsWith("site-packages"));
      const standard = lines.findIndex((line) => line.endsWith("lib-dynload"));
      assert.ok(standard < lines.indexOf(`${tree}/src`) && lines.indexOf(`${tree}/src`) < site, lines.join("\n"));
      assert.equal(lines.filter((line) => line.startsWith(workspace)).length, 0);
    });
  });
}
