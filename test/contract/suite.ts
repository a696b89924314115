/** What every backend must do, run against the real engine. Adding a backend means passing this. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { cancelJob, forgetJob } from "../../src/jobs/jobActions.js";
import { compiledModule } from "./compiledModule.js";
import type { Workbench } from "./workbench.js";

export interface Engine {
  name: string;
  open(): Promise<Workbench>;
  close?(): Promise<void>;
}

export function contractSuite(engine: Engine): void {
  describe(`contract: ${engine.name}`, () => {
    let bench: Workbench;
    before(async () => { bench = await engine.open(); });
    after(async () => {
      bench.dispose();
      await engine.close?.();
    });

    it("succeeds, with both streams whole and apart", async () => {
      bench.write({ "ok.py": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('end')\n" });
      const { status, stdout, stderr } = await bench.run({ entry: "ok.py" });
      assert.deepEqual([status.state, status.exit?.code, stdout, stderr], ["succeeded", 0, "out\nend\n", "err\n"]);
    });

    it("fails with the program's exit code, its text, its signal", async () => {
      bench.write({
        "exits.py": "import sys\nsys.exit(7)\n", "says.py": "import sys\nsys.exit('no luck')\n",
        "raises.py": "raise ValueError('bad thing')\n", "dies.py": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n",
      });
      const [code, text, raised, killed] = [await bench.run({ entry: "exits.py" }), await bench.run({ entry: "says.py" }), await bench.run({ entry: "raises.py" }), await bench.run({ entry: "dies.py" })];
      assert.deepEqual([code.status.state, code.status.exit?.code], ["failed", 7]);
      assert.deepEqual([text.status.exit?.code, text.stderr], [1, "no luck\n"]);
      assert.equal(raised.status.exit?.code, 1);
      assert.match(raised.stderr, /^Traceback[^]*raises\.py", line 1[^]*ValueError: bad thing\n$/);
      assert.equal(raised.stderr.match(/File "/g)?.length, 1, `only frames of the program: ${raised.stderr}`);
      assert.deepEqual([killed.status.state, killed.status.exit?.signal], ["failed", "SIGSEGV"]);
    });

    it("is succeeded, not running for ever, when it prints nothing", async () => {
      bench.write({ "quiet.py": "" });
      const { status, stdout, stderr } = await bench.run({ entry: "quiet.py" });
      assert.deepEqual([status.state, stdout, stderr], ["succeeded", "", ""]);
    });

    it("cancels a running program, also one that ignores SIGTERM, and twice", async () => {
      bench.write({ "sleep.py": "import time\nprint('up', flush=True)\ntime.sleep(600)\n", "stubborn.py": "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\nwhile True: time.sleep(1)\n" });
      for (const entry of ["sleep.py", "stubborn.py"]) {
        const record = await bench.start({ entry });
        const ending = bench.end(record);
        await bench.printed(record.id, "up");
        const [first, second] = await Promise.all([cancelJob(bench.jobs, bench.backends, record.id), cancelJob(bench.jobs, bench.backends, record.id)]);
        assert.ok(first.confirmed && second.confirmed);
        const { status } = await ending;
        assert.equal(status.state, "cancelled", entry);
        assert.ok((await cancelJob(bench.jobs, bench.backends, record.id)).confirmed, "cancelling what has ended is confirmed");
      }
    });

    it("is told of a program that was killed, and of one that ran out of memory", async () => {
      bench.write({
        "killed.py": "import os, signal\nprint('last words', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n",
        "memory.py": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))\nx = bytearray(1 << 32)\n",
      });
      const killed = await bench.run({ entry: "killed.py" });
      assert.deepEqual([killed.status.state, killed.status.exit?.signal, killed.stdout], ["failed", "SIGKILL", "last words\n"]);
      const memory = await bench.run({ entry: "memory.py" });
      assert.deepEqual([memory.status.state, memory.status.exit?.code], ["failed", 1]);
      assert.match(memory.stderr, /MemoryError/);
    });

    it("keeps 50 MB of lines with counter and checksum, each once and in order", async () => {
      bench.write({ "many.py": "import zlib\nfor n in range(100000):\n    text = 'LINE %d %s' % (n, 'x' * (480 + n % 20))\n    print(text, '%08x' % zlib.crc32(text.encode()))\n" });
      const { stdout } = await bench.run({ entry: "many.py" });
      const lines = stdout.split("\n");
      assert.deepEqual([lines.length, lines.pop()], [100_001, ""]);
      lines.forEach((line, n) => {
        const text = line.slice(0, -9);
        assert.ok(line.startsWith(`LINE ${String(n)} `) && crc32(text).toString(16).padStart(8, "0") === line.slice(-8), `line ${String(n)}: ${line}`);
      });
    });

    it("keeps one line of 50 MB, every byte value, and characters that come in pieces", async () => {
      bench.write({
        "bytes.py": "import os, sys, time\nos.write(1, bytes(range(256)))\nfor byte in 'é😀'.encode():\n    os.write(1, bytes([byte]))\n    time.sleep(0.05)\nfor _ in range(50): sys.stdout.write('y' * 1000000)\n",
      });
      const { stdout } = await bench.run({ entry: "bytes.py" });
      const wanted = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, n) => n)), Buffer.from("é😀"), Buffer.alloc(50_000_000, "y")]);
      assert.equal(createHash("sha256").update(stdout, "latin1").digest("hex"), createHash("sha256").update(wanted).digest("hex"));
    });

    it("hands over arguments and environment as they are, however awkward", async () => {
      bench.write({ "argv.py": "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.environ['AWKWARD'], os.environ['A.b-c']]))\n" });
      const characters = Array.from({ length: 255 }, (_, n) => `${String.fromCharCode(n + 1)}x`);
      const awkward = ["", " ", "a b", "'", '"', "`id`", "$(id)", "; rm -rf x", "\\", "-x", "--conf", "a=b,c", "é😀", "line\nbreak", "*", "%PATH%", "#SBATCH", "!!", "~", ...characters];
      const { stdout } = await bench.run({ entry: "argv.py", argv: awkward, env: { AWKWARD: awkward.join("|"), "A.b-c": "" } });
      assert.deepEqual(JSON.parse(Buffer.from(stdout, "latin1").toString("utf8")), [awkward, awkward.join("|"), ""]);
    });

    it("loads a compiled module", async () => {
      bench.write({ "native/_answer.abi3.so": compiledModule(), "native/job.py": "import _answer\nprint(_answer.answer(), _answer.__file__.endswith('_answer.abi3.so'))\n" });
      const { stdout, stderr } = await bench.run({ entry: "native/job.py" });
      assert.equal(stdout, "42 True\n", stderr);
    });

    it("calls a function with arguments by its annotations and keeps its result", async () => {
      bench.write({ "fn.py": "from typing import List\ndef job(n: int, ratio: float, name, flags: List[str], on: bool = False):\n    return {'n': n + 1, 'ratio': ratio, 'name': name, 'flags': flags, 'on': on}\n" });
      const args = { n: { text: "41" }, ratio: { text: "0.5" }, name: { text: "7" }, flags: { json: ["a"] }, on: { text: "true" } };
      const { record, status, stderr } = await bench.run({ entry: "fn.py", function: "job", arguments: args });
      assert.equal(status.state, "succeeded", stderr);
      const folder = bench.jobs.paths(record.id).results;
      const [result] = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { file: string; mime: string }[];
      assert.equal(result?.mime, "application/json");
      assert.deepEqual(JSON.parse(readFileSync(join(folder, result.file), "utf8")), { n: 42, ratio: 0.5, name: "7", flags: ["a"], on: true });
      const missing = await bench.run({ entry: "fn.py", function: "job", arguments: { n: { text: "1" } } });
      assert.deepEqual([missing.status.state, missing.status.exit?.code], ["failed", 2]);
      assert.match(missing.stderr, /ratio/);
    });

    it("reads a data file relative to the workspace and collects what it writes; the project is untouched", async () => {
      bench.write({ ".vscode/slingshot.json": '{ "bundle": { "include": ["conf/**"] } }', "conf/a.yaml": "rate: 3\n", "relative.py": "text = open('conf/a.yaml').read()\nopen('conf/a.yaml', 'a').write('more')\nopen('out.csv', 'w').write('a,b\\n')\nprint(text, end='')\n" });
      const before = statSync(join(bench.workspace, "conf/a.yaml"), { bigint: true }).mtimeNs;
      const { record, status, stdout, stderr } = await bench.run({ entry: "relative.py" });
      assert.deepEqual([status.state, stdout], ["succeeded", "rate: 3\n"], stderr);
      const paths = bench.jobs.paths(record.id);
      const outputs = JSON.parse(readFileSync(paths.run("outputs.json"), "utf8")) as { path: string }[];
      assert.deepEqual(outputs.map((output) => output.path).sort(), ["conf/a.yaml", "out.csv"]);
      assert.equal(readFileSync(join(paths.outputs, "out.csv"), "utf8"), "a,b\n");
      assert.equal(statSync(join(bench.workspace, "conf/a.yaml"), { bigint: true }).mtimeNs, before);
      assert.ok(!existsSync(join(bench.workspace, "out.csv")));
    });

    it("runs the unsaved text of package, namespace package and data file next to a module", async () => {
      bench.write({
        "lib/pkg/__init__.py": "", "lib/pkg/core.py": "import os\ndef value():\n    return 'saved ' + open(os.path.join(os.path.dirname(__file__), 'note.txt')).read()\n",
        "lib/pkg/note.txt": "note", "lib/space/mod.py": "WHERE = 'namespace'\n", "lib/job.py": "from pkg.core import value\nimport space.mod\nprint(value(), space.mod.WHERE)\n",
      });
      const edited = "import os\ndef value():\n    return 'unsaved ' + open(os.path.join(os.path.dirname(__file__), 'note.txt')).read()\n";
      bench.write({ ".vscode/slingshot.json": '{ "bundle": { "include": ["lib/pkg/*.txt"] } }' });
      assert.equal((await bench.run({ entry: "lib/job.py" })).stdout, "saved note namespace\n");
      assert.equal((await bench.run({ entry: "lib/job.py", overlays: { "lib/pkg/core.py": edited } })).stdout, "unsaved note namespace\n");
    });

    it("runs two versions of one file at once, each its own", async () => {
      bench.write({ "versions/v.py": "V = 0\n", "versions/job.py": "import time, v\ntime.sleep(1)\nimport importlib\nprint(v.V, open(v.__file__).read().strip())\n" });
      const both = await Promise.all([1, 2].map((n) => bench.run({ entry: "versions/job.py", overlays: { "versions/v.py": `V = ${String(n)}\n` } })));
      assert.deepEqual(both.map((job) => job.stdout), ["1 V = 1\n", "2 V = 2\n"]);
    });

    it("stores nothing again for the same snapshot, and one file for a one-line edit of many", async () => {
      const files = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`big/m${String(n)}.py`, `N = ${String(n)}\n`]));
      bench.write({ ...files, "big/job.py": `${Object.keys(files).map((path) => `import ${path.slice(4, -3)}`).join("\n")}\nprint(m7.N)\n` });
      assert.equal((await bench.run({ entry: "big/job.py" })).stdout, "7\n");
      const before = bench.contentCount();
      await bench.run({ entry: "big/job.py" });
      assert.equal(bench.contentCount(), before);
      assert.equal((await bench.run({ entry: "big/job.py", overlays: { "big/m7.py": "N = 70\n" } })).stdout, "70\n");
      assert.equal(bench.contentCount(), before + 1);
    });

    it("forgets a job that has ended", async () => {
      bench.write({ "gone.py": "print('x')\n" });
      const { record } = await bench.run({ entry: "gone.py" });
      await forgetJob(bench.jobs, bench.backends, record.id);
      assert.ok(!existsSync(bench.jobs.paths(record.id).folder));
    });
  });
}
