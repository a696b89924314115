/** The working directory: the bundle's other files in it, and what the program makes there. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, JobBench, pythons } from "./jobBench.js";

interface Output { path: string; size: number; collected: boolean }

for (const python of pythons) {
  describe(`working directory: ${python}`, function () {
    this.timeout(60000);
    const bench = new JobBench();
    after(() => { bench.dispose(); });
    const outputs = (folder: string): Output[] => JSON.parse(readFileSync(join(folder, "run", "outputs.json"), "utf8")) as Output[];

    it("reads at their paths, writes that are the job's, and a list of both new and changed files", async () => {
      const program =
        "import os\nprint(open('conf/a.yaml').read(), os.path.exists('lib.py'), sorted(os.listdir('.')))\n" +
        "open('conf/a.yaml', 'a').write('changed')\nos.makedirs('out/deep')\nopen('out/deep/r.csv', 'w').write('1,2')\nopen('with space \\u00e9.txt', 'w').write('x')\n" +
        "os.symlink('/etc/passwd', 'link')\nos.symlink('/etc', 'folder')\nos.mkdir('__pycache__')\nopen('__pycache__/x.pyc', 'w').write('')\n";
      const job = await bench.run({ files: { "main.py": program, "lib.py": "", "conf/a.yaml": "key: 1", "data/b.bin": "b" }, entry: "main.py", python });
      assert.equal(job.out.toString(), "key: 1 False ['conf', 'data']\n");
      assert.deepEqual(outputs(job.folder), [
        { path: "conf/a.yaml", size: 13, collected: true },
        { path: "out/deep/r.csv", size: 3, collected: true },
        { path: "with space é.txt", size: 1, collected: true },
      ]);
      const collected = filesBelow(join(job.folder, "outputs"));
      assert.deepEqual(Object.keys(collected).sort(), ["conf/a.yaml", "out/deep/r.csv", "with space é.txt"]);
      assert.equal(String(collected["conf/a.yaml"]), "key: 1changed");
    });

    it("collects up to the limit and lists the rest", async () => {
      const job = await bench.run({ files: { "main.py": "open('big', 'w').write('x' * 5000)\nopen('small', 'w').write('y')\n" }, entry: "main.py", python, spec: { outputsLimit: 100 } });
      assert.deepEqual(outputs(job.folder), [
        { path: "big", size: 5000, collected: false },
        { path: "small", size: 1, collected: true },
      ]);
      assert.ok(existsSync(join(job.folder, "work", "big")));
    });

    it("what a program with the rights of root writes next to its code is an output too, not part of the tree", async function () {
      if (process.getuid?.() !== 0) return this.skip();
      const options = { files: { "p/main.py": "import pathlib\nhere = pathlib.Path(__file__).parent\nprint((here / 'made.txt').exists())\n(here / 'made.txt').write_text('x')\n" }, entry: "p/main.py", python };
      for (let run = 0; run < 2; run++) {
        const job = await bench.run(options);
        assert.equal(job.out.toString(), "False\n");
        assert.deepEqual(outputs(job.folder), [{ path: "p/made.txt", size: 1, collected: true }]);
      }
    });

    it("outputs of a failed job are kept", async () => {
      const job = await bench.run({ files: { "main.py": "open('partial', 'w').write('x')\n1 / 0\n" }, entry: "main.py", python });
      assert.deepEqual(outputs(job.folder).map((output) => output.path), ["partial"]);
    });

    it("a working directory of the target's own is used as it is", async () => {
      const own = join(bench.root, "own");
      mkdirSync(own);
      const files = { "main.py": "import os\nprint(os.getcwd())\nopen('made', 'w').write('x')\n", "conf.yaml": "x" };
      const job = await bench.run({ files, entry: "main.py", python, spec: { workdir: own, prepareWorkdir: false } });
      assert.equal(job.out.toString(), own + "\n");
      assert.deepEqual(Object.keys(filesBelow(own)), ["made"]);
      const absent = await bench.run({ files, entry: "main.py", python, spec: { workdir: join(own, "absent"), prepareWorkdir: false } });
      assert.match(String(absent.exit.message), /does not exist/);
    });
  });
}
