/** How a job ends: by itself, by a signal, by cancelling; and that nothing of it stays behind. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { JobBench, pythons } from "./jobBench.js";

for (const python of pythons) {
  describe(`ending: ${python}`, function () {
    this.timeout(60000);
    const bench = new JobBench();
    after(() => { bench.dispose(); });
    const script = (text: string, more = {}) => ({ files: { "main.py": text }, entry: "main.py", python, ...more });
    const alive = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
      } catch {
        return false;
      }
    };
    async function untilLog(folder: string, text: string): Promise<string> {
      for (let turn = 0; turn < 1500; turn++) {
        const log = existsSync(join(folder, "out.log")) ? readFileSync(join(folder, "out.log"), "utf8") : "";
        if (log.includes(text)) return log;
        await sleep(20);
      }
      assert.fail(`never printed: ${text}`);
    }

    it("an exception is the failure's message, and is kept as data", async () => {
      const job = await bench.run(script("def f():\n    raise ValueError('bad\\nworse')\n\n\ntry:\n    f()\nexcept ValueError as error:\n    raise KeyError('k') from error\n"));
      assert.deepEqual([job.exit.outcome, job.exit.code, job.exit.signal, job.exit.message], ["failed", 1, null, "KeyError: 'k'"]);
      const error = JSON.parse(readFileSync(join(job.folder, "results", "error.json"), "utf8")) as unknown;
      assert.deepEqual(error, {
        type: "KeyError",
        message: "'k'",
        frames: [{ file: "main.py", line: 8, name: "<module>", text: "raise KeyError('k') from error" }],
        cause: {
          type: "ValueError",
          message: "bad\nworse",
          frames: [
            { file: "main.py", line: 6, name: "<module>", text: "f()" },
            { file: "main.py", line: 2, name: "f", text: "raise ValueError('bad\\nworse')" },
          ],
        },
      });
    });

    it("a syntax error in the entry is kept with its place", async () => {
      const job = await bench.run(script("x = 1\ny = = 2\n"));
      const error = JSON.parse(readFileSync(join(job.folder, "results", "error.json"), "utf8")) as { type: string; syntax: object };
      assert.equal(error.type, "SyntaxError");
      assert.deepEqual(error.syntax, { file: "main.py", line: 2, column: 5, text: "y = = 2" });
      assert.match(String(job.exit.message), /^SyntaxError: invalid syntax/);
    });

    it("sys.exit's text is the message", async () => {
      const job = await bench.run(script("import sys\nsys.exit('no input')\n"));
      assert.deepEqual([job.exit.code, job.exit.message, job.err.toString()], [1, "no input", "no input\n"]);
    });

    it("a crash in native code and a kill say what that usually means", async () => {
      const crash = await bench.run(script("import os\nos.kill(os.getpid(), 11)\nimport time\ntime.sleep(5)\n"));
      assert.deepEqual([crash.exit.code, crash.exit.signal], [null, "SIGSEGV"]);
      assert.match(String(crash.exit.message), /PYTHONFAULTHANDLER/);
      const kill = await bench.run(script("import os\nos.kill(os.getpid(), 9)\n"));
      assert.match(String(kill.exit.message), /memory/);
    });

    it("cancel ends a program that ignores SIGTERM, and its children", async () => {
      const program =
        "import os, signal, subprocess, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: print('ignored', flush=True))\n" +
        "child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(\"deaf\", flush=True); time.sleep(600)'])\n" +
        "print('pids', os.getpid(), child.pid, flush=True)\nwhile True:\n    time.sleep(1)\n";
      const job = bench.start(script(program, { spec: { grace: 4 } }));
      const log = await untilLog(job.folder, "deaf");
      job.process.kill("SIGTERM");
      job.process.kill("SIGTERM");
      const ended = await job.done;
      assert.deepEqual([ended.exit.outcome, ended.exit.signal], ["cancelled", "SIGKILL"]);
      assert.match(ended.out.toString(), /ignored/);
      for (const pid of /pids (\d+) (\d+)/.exec(log)?.slice(1) ?? assert.fail()) assert.equal(alive(Number(pid)), false);
    });

    it("cancel lets a program clean up", async () => {
      const program = "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\ntry:\n    print('ready')\n    time.sleep(600)\nfinally:\n    print('cleaned')\n";
      const job = bench.start(script(program, { spec: { grace: 20 } }));
      await untilLog(job.folder, "ready");
      job.process.kill("SIGTERM");
      const ended = await job.done;
      assert.deepEqual([ended.exit.outcome, ended.exit.code, ended.out.toString()], ["cancelled", 0, "ready\ncleaned\n"]);
    });

    it("cancel before the program runs: it never does", async () => {
      const big = Buffer.alloc(40_000_000, 7);
      const job = bench.start({ files: { "main.py": "print('ran')\n", "data.bin": big }, entry: "main.py", python });
      for (let turn = 0; turn < 1000 && !existsSync(join(job.folder, "run", "supervisor.json")); turn++) await sleep(2);
      job.process.kill("SIGTERM");
      const ended = await job.done;
      assert.equal(ended.exit.outcome, "cancelled");
    });

    it("hang-ups and interrupts of the supervisor don't end the job", async () => {
      const job = bench.start(script("import time\nprint('ready')\ntime.sleep(1)\nprint('end')\n"));
      await untilLog(job.folder, "ready");
      job.process.kill("SIGHUP");
      job.process.kill("SIGINT");
      assert.deepEqual((await job.done).exit.outcome, "succeeded");
    });

    it("a child that prints after the program's end is heard", async () => {
      const job = await bench.run(script("import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 0.6; echo late'])\nprint('done')\n"));
      assert.deepEqual([job.out.toString(), job.exit.outcome, job.exit.message], ["done\nlate\n", "succeeded", null]);
    });

    it("a child that would run on is ended, and it is said", async () => {
      const job = await bench.run(script("import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)\n"));
      assert.equal(job.exit.outcome, "succeeded");
      assert.match(String(job.exit.message), /left running/);
      assert.equal(alive(Number(job.out.toString())), false);
    });

    it("the supervisor's state names the processes; files are private; the environment's file is gone", async () => {
      const job = bench.start(script("import os, time\nprint(os.getpid(), os.getpgid(0), os.environ['SECRET'])\ntime.sleep(0.3)\n", { env: { SECRET: "s3cr3t" } }));
      await untilLog(job.folder, "s3cr3t");
      const state = JSON.parse(readFileSync(join(job.folder, "run", "supervisor.json"), "utf8")) as { pid: number; group: number; startTicks: number };
      assert.equal(state.pid, job.process.pid);
      const ended = await job.done;
      assert.equal(ended.out.toString(), `${String(state.group)} ${String(state.group)} s3cr3t\n`);
      for (const name of ["out.log", "out.idx", "run/exit.json", "run/supervisor.json", "run/outputs.json", "results/index.json"])
        assert.equal(statSync(join(job.folder, name)).mode & 0o777, 0o600, name);
      assert.equal(existsSync(join(job.folder, "run", "env.json")), false);
    });

    it("works where there is no fork", async () => {
      const prelude = "import os, runpy, sys; del os.fork; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')";
      const job = await bench.run({ ...script("import sys\nprint('out', sys.argv[1:], __file__[-7:])\nprint('err', file=sys.stderr)\nopen('made', 'w').write('x')\nsys.exit(3)\n", { argv: ["a b"] }), prelude: ["-c", prelude] });
      assert.equal(job.out.toString(), "out ['a b'] main.py\n");
      assert.equal(job.err.toString(), "err\n");
      assert.deepEqual([job.exit.outcome, job.exit.code, job.exit.logBytes], ["failed", 3, job.log.length]);
      assert.equal(existsSync(join(job.folder, "run", "go")), false);
      assert.ok(existsSync(join(job.folder, "outputs", "made")));
    });

    // Few machines have one: the test is there where SLINGSHOT_TEST_OLD_PYTHON names it.
    const old = process.env["SLINGSHOT_TEST_OLD_PYTHON"];
    if (old !== undefined) it("an old Python is refused in words", async () => {
      const job = await bench.run({ ...script("print(1)\n"), python: old });
      assert.match(String(job.exit.message), /needs? Python 3\.8/);
    });
  });
}
