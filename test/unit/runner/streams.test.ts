/** What a program writes is in the log once, in order, byte for byte, while it runs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { recordSize } from "../../../src/jobs/logIndex.js";
import { JobBench, pythons } from "./jobBench.js";

for (const python of pythons) {
  describe(`streams: ${python}`, function () {
    this.timeout(60000);
    const bench = new JobBench();
    after(() => { bench.dispose(); });
    const script = (text: string, more = {}) => ({ files: { "main.py": text }, entry: "main.py", python, ...more });

    /** Waits for a state that has to come; the limit is there to end a broken test. */
    async function until(condition: () => boolean): Promise<void> {
      for (let turn = 0; turn < 1500; turn++) {
        if (condition()) return;
        await sleep(20);
      }
      assert.fail("it never came");
    }
    const logOf = (folder: string): string => (existsSync(join(folder, "out.log")) ? readFileSync(join(folder, "out.log"), "latin1") : "");

    it("50,000 numbered lines, each once and in order", async () => {
      const job = await bench.run(script("for n in range(50000):\n    print('LINE', n)\n"));
      assert.equal(job.exit.outcome, "succeeded");
      assert.equal(job.out.toString(), Array.from({ length: 50000 }, (_, n) => `LINE ${String(n)}\n`).join(""));
      assert.equal(job.exit.logBytes, job.log.length);
    });

    it("every byte value, split characters and zero bytes on both streams", async () => {
      const job = await bench.run(
        script(
          "import os, sys\nfor n in range(256):\n    os.write(1, bytes([n]))\n    os.write(2, bytes([255 - n]))\n" +
            "for byte in '€😀'.encode():\n    os.write(1, bytes([byte]))\nsys.stdout.buffer.write(b'\\0' * 300000)\n",
        ),
      );
      const all = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
      assert.deepEqual(job.out, Buffer.concat([all, Buffer.from("€😀"), Buffer.alloc(300000)]));
      assert.deepEqual(job.err, Buffer.from(all).reverse());
      assert.equal(job.log.length, job.out.length + job.err.length);
    });

    it("index records follow one another without a gap, and their times never run back", async () => {
      const job = await bench.run(script("import sys\nfor n in range(300):\n    print(n)\n    print(n, file=sys.stderr)\n"));
      const index = readFileSync(join(job.folder, "out.idx"));
      assert.equal(index.length % recordSize, 0);
      let offset = 0n;
      let time = 0n;
      for (let at = 0; at < index.length; at += recordSize) {
        assert.equal(index.readBigUInt64LE(at), offset);
        assert.ok(index.readBigUInt64LE(at + 8) >= time);
        offset += BigInt(index.readUInt32LE(at + 16));
        time = index.readBigUInt64LE(at + 8);
      }
      assert.equal(Number(offset), job.log.length);
    });

    it("a line and an unfinished line are in the log while the program goes on", async () => {
      const flag = join(bench.root, `go-${String(Math.random())}`);
      const program = `import os, sys, time\nprint('whole')\nwhile not os.path.exists(${JSON.stringify(flag)}):\n    time.sleep(0.01)\nprint('un', end='')\nwhile not os.path.exists(${JSON.stringify(flag + "2")}):\n    time.sleep(0.01)\nprint('finished', flush=True)\n`;
      const job = bench.start(script(program));
      await until(() => logOf(job.folder) === "whole\n");
      writeFileSync(flag, "");
      await until(() => logOf(job.folder) === "whole\nun");
      writeFileSync(flag + "2", "");
      assert.equal((await job.done).log.toString(), "whole\nunfinished\n");
    });

    it("forks with an unfinished line neither hang nor warn nor print twice", async () => {
      const program =
        "import os, sys, time\nsys.stdout.write('x')\nsys.stdout.flush()\nfor n in range(30):\n    sys.stdout.write('.')\n    time.sleep(0.02)\n    sys.stdout.flush()\n" +
        "    pid = os.fork()\n    if pid == 0:\n        sys.stdout.write('c')\n        sys.stdout.flush()\n        os._exit(0)\n    os.waitpid(pid, 0)\nprint()\n";
      const job = await bench.run(script(program));
      assert.equal(job.out.toString(), "x" + ".c".repeat(30) + "\n");
      assert.equal(job.err.toString(), "");
      assert.equal(job.exit.outcome, "succeeded");
    });

    it("a line of many megabytes without an end", async () => {
      const job = await bench.run(script("import sys\nsys.stdout.write('a' * 8000000)\n"));
      assert.equal(job.out.length, 8000000);
    });

    it("nothing printed", async () => {
      const job = await bench.run(script("pass\n"));
      assert.deepEqual([job.log.length, job.exit.outcome, job.exit.message], [0, "succeeded", null]);
      assert.ok(existsSync(join(job.folder, "out.log")) && existsSync(join(job.folder, "out.idx")));
    });

    it("a full disk: the program waits, and nothing is lost once there is room", async function () {
      if (process.platform !== "linux" || process.getuid?.() !== 0) return this.skip();
      const small = join(bench.root, "small");
      execFileSync("mkdir", ["-p", small]);
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small], { stdio: "ignore" });
      } catch {
        // No right to mount: a limit on the size of files has the same effect on the log.
        return this.skip();
      }
      try {
        const folder = join(small, "job");
        execFileSync("mkdir", ["-p", join(folder, "run")]);
        writeFileSync(join(small, "ballast"), Buffer.alloc(600000));
        const job = bench.start(script("for n in range(60000):\n    print('LINE', n)\n", { spec: { folder, workdir: join(folder, "work") } }));
        const state = join(folder, "run", "supervisor.json");
        await until(() => existsSync(state) && readFileSync(state, "utf8").includes("full") || logOf(folder).length > 400000);
        await sleep(300);
        assert.equal(existsSync(join(folder, "run", "exit.json")), false);
        execFileSync("mount", ["-o", "remount,size=8m", small]);
        await assert.rejects(job.done); // its report lies in the other folder
        assert.equal(logOf(folder), Array.from({ length: 60000 }, (_, n) => `LINE ${String(n)}\n`).join(""));
        assert.equal((JSON.parse(readFileSync(join(folder, "run", "exit.json"), "utf8")) as { outcome: string }).outcome, "succeeded");
      } finally {
        execFileSync("umount", ["-l", small]);
      }
    });

    it("a limit on file sizes acts like a full disk until it is lifted", async function () {
      if (process.platform !== "linux") return this.skip();
      const job = bench.start(script("import time\ntime.sleep(0.5)\nfor n in range(30000):\n    print('LINE', n)\n"));
      await until(() => existsSync(join(job.folder, "out.log")));
      const limit = (bytes: string): void => { execFileSync("prlimit", ["--pid", String(job.process.pid), `--fsize=${bytes}`]); };
      limit("100000:unlimited");
      await until(() => logOf(job.folder).length === 100000);
      await until(() => readFileSync(join(job.folder, "run", "supervisor.json"), "utf8").includes("full"));
      limit("unlimited:unlimited");
      const ended = await job.done;
      assert.equal(ended.out.toString(), Array.from({ length: 30000 }, (_, n) => `LINE ${String(n)}\n`).join(""));
      assert.equal(ended.exit.outcome, "succeeded");
    });
  });
}
