/** The command line as programs and people meet it: streams, exit codes, JSON, and what it says when something is wrong. */
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { removeFolder } from "./removeFolder.js";

const cli = resolve(import.meta.dirname, "../../dist/cli.js");

interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe("command line", () => {
  let folder: string;
  let workspace: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-cli-"));
    workspace = join(folder, "ws");
    mkdirSync(join(workspace, ".git"), { recursive: true });
    env = { ...process.env, SLINGSHOT_STATE_DIR: join(folder, "state"), XDG_CONFIG_HOME: join(folder, "config") };
  });
  afterEach(() => { removeFolder(folder); });

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  }

  function start(words: string[], cwd = workspace): ChildProcess {
    return spawn(process.execPath, [cli, ...words], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  }

  async function finish(child: ChildProcess): Promise<Finished> {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  }

  const run = (...words: string[]): Promise<Finished> => finish(start(words));

  it("passes both streams through byte for byte and says nothing of its own with --quiet", async () => {
    write({ "a.py": "import sys\nsys.stdout.buffer.write(bytes(range(128)))\nsys.stderr.write('oops\\n')\nsys.exit(3)\n" });
    const { code, stdout, stderr } = await run("run", "--quiet", "a.py");
    assert.deepEqual([code, stdout, stderr], [3, String.fromCharCode(...Array.from({ length: 128 }, (_, n) => n)), "oops\n"]);
  });

  it("runs an overlay, a module, a folder and a function; the saved file stays as it was", async () => {
    write({ "lib.py": "WORD = 'saved'\n", "a.py": "import lib\nprint(lib.WORD)\ndef f(n: int = 1):\n    print('f', n)\n", "app/__main__.py": "print('folder')\n", "edit.txt": "WORD = 'unsaved'\n" });
    const before = statSync(join(workspace, "lib.py"), { bigint: true }).mtimeNs;
    assert.equal((await run("run", "-q", "a.py", "--overlay", "lib.py=edit.txt")).stdout, "unsaved\n");
    assert.equal((await run("run", "-q", "-m", "a")).stdout, "saved\n");
    assert.equal((await run("run", "-q", "app")).stdout, "folder\n");
    assert.equal((await run("run", "-q", "a.py::f", "--arg", "n=4")).stdout, "saved\nf 4\n");
    assert.equal(statSync(join(workspace, "lib.py"), { bigint: true }).mtimeNs, before);
  });

  it("prints JSON lines only with --json, numbered, with the job's states, log and result", async () => {
    write({ "a.py": "import sys\nprint('é')\nsys.stdout.flush()\nsys.stdout.buffer.write(b'\\xff\\n')\ndef f():\n    return {'x': 1}\n" });
    const { code, stdout } = await run("run", "--json", "a.py::f");
    assert.equal(code, 0);
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(lines.map((line) => line["seq"]), lines.map((_, n) => n));
    assert.equal(new Set(lines.map((line) => line["job"])).size, 1);
    const log = lines.filter((line) => line["type"] === "log").map((line) => (typeof line["text"] === "string" ? Buffer.from(line["text"]) : Buffer.from(String(line["base64"]), "base64")));
    assert.deepEqual(Buffer.concat(log), Buffer.from([...Buffer.from("é\n"), 0xff, 10]));
    assert.ok(lines.some((line) => line["type"] === "result" && line["mime"] === "application/json"));
    assert.equal(lines.at(-1)?.["state"], "succeeded");
  });

  it("gives 128+n for a signal", async () => {
    write({ "a.py": "import os\nos.abort()\n" });
    assert.equal((await run("run", "a.py")).code, 128 + 6);
  });

  it("detaches with the id alone; jobs, logs and cancel work from another process", async () => {
    write({ "a.py": "import time\nprint('begun', flush=True)\ntime.sleep(600)\n" });
    const { code, stdout } = await run("run", "--detach", "a.py");
    assert.equal(code, 0);
    const id = stdout.trim();
    assert.match(id, /^[0-9A-Z]{26}$/);
    const following = start(["logs", id, "--follow"]);
    const followed = finish(following);
    await once(following.stdout ?? following, "data");
    assert.match((await run("jobs")).stdout, new RegExp(`${id} .*running.*a\\.py`));
    assert.equal((await run("cancel", id)).code, 0);
    assert.deepEqual(((await run("jobs", "--json")).stdout.match(/"state": "(\w+)"/) ?? [])[1], "cancelled");
    const { code: followCode, stdout: log } = await followed;
    assert.deepEqual([followCode, log], [130, "begun\n"]);
    assert.equal((await run("logs", id)).stdout, "begun\n");
  });

  it("cancels on Ctrl-C where nobody can be asked, and leaves no process", async () => {
    write({ "a.py": "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n" });
    const child = start(["run", "-q", "a.py"]);
    const [first] = (await once(child.stdout ?? child, "data")) as [Buffer];
    child.kill("SIGINT");
    assert.equal((await finish(child)).code, 130);
    assert.throws(() => { process.kill(Number(first.toString()), 0); }, /ESRCH/);
  });

  it("leaves the job running when it is killed, and the log is whole afterwards", async () => {
    write({ "a.py": "import time\nfor n in range(40):\n    print('line', n, flush=True)\n    time.sleep(0.05)\n" });
    const child = start(["run", "a.py"]);
    await once(child.stdout ?? child, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    const [job] = JSON.parse((await run("jobs", "--json")).stdout) as { id: string }[];
    assert.ok(job);
    const { code, stdout } = await run("logs", job.id, "--follow");
    assert.deepEqual([code, stdout], [0, Array.from({ length: 40 }, (_, n) => `line ${String(n)}\n`).join("")]);
  });

  it("runs the bundle anywhere from --out", async () => {
    write({ "src/lib/__init__.py": "", "src/lib/x.py": "X = 5\n", "pyproject.toml": '[project]\nname = "lib"\n', "jobs/a.py": "import sys\nfrom lib.x import X\nprint(X, sys.argv[1:])\n" });
    const out = join(folder, "b.zip");
    assert.equal((await run("bundle", "jobs/a.py", "--out", out)).code, 0);
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    execFileSync("python3", ["-m", "zipfile", "-e", out, elsewhere]);
    assert.equal(execFileSync("python3", [".slingshot/run.py", "p"], { cwd: elsewhere, encoding: "utf8" }), "5 ['p']\n");
    assert.equal(execFileSync("python3", [join(elsewhere, ".slingshot/run.py")], { cwd: folder, encoding: "utf8" }), "5 []\n");
  });

  it("says what is wrong and what to do, with the exit codes of the agreement", async () => {
    write({
      "ok.py": "print(1)\n", "syntax.py": "def f(:\n", "missing.py": "import nowhere_to_be_found\n", "needs.py": "def f(a, b):\n    pass\n",
      "bad/.vscode/slingshot.json": '{\n "targets": {\n  "x": { "backend": "local", "cpu": 1 } } }', "bad/ok.py": "",
      "tools/.vscode/slingshot.json": '{ "targets": { "mine": { "backend": "local", "python": "./evil" } }, "defaultTarget": "mine" }', "tools/ok.py": "",
      "none/.vscode/slingshot.json": "{}", "none/ok.py": "",
    });
    const cases: [string[], number, RegExp, string?][] = [
      [[], 2, /slingshot run/],
      [["fly"], 2, /no command "fly".*--help/],
      [["run"], 2, /Name what to run/],
      [["run", "ok.py", "--wings"], 2, /--wings/],
      [["run", "ok.py", "extra"], 2, /after `--`/],
      [["run", "ok.py", "--arg", "x"], 2, /name=value/],
      [["run", "ok.py", "--target", "moon"], 2, /no target "moon".*local/],
      [["run", "gone.py"], 2, /no file .*gone\.py/],
      [["run", "ok.py", "--python", "/no/such/python"], 4, /no Python interpreter.*python/],
      [["run", "ok.py"], 2, /slingshot\.json:3.*unknown key `cpu`.*cpus/, "bad"],
      [["run", "ok.py"], 2, /not approved.*evil.*--approve/, "tools"],
      [["run", "syntax.py"], 1, /SyntaxError/],
      [["run", "missing.py"], 1, /ModuleNotFoundError: No module named 'nowhere_to_be_found'/],
      [["run", "needs.py::f"], 2, /a, b|a.*b/],
      [["logs", "NOJOB"], 2, /"NOJOB" names no job.*slingshot jobs/],
      [["cancel", "NOJOB"], 2, /names no job/],
    ];
    for (const [words, code, text, where] of cases) {
      const finished = await finish(start(words, where === undefined ? workspace : join(workspace, where)));
      const all = finished.stdout + finished.stderr;
      assert.equal(finished.code, code, `${words.join(" ")}: ${all}`);
      assert.match(all, text);
      assert.doesNotMatch(all, /internal error|at .*\.js:/, words.join(" "));
    }
  });

  it("uses what the project file names only after approval", async () => {
    const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    write({ ".vscode/slingshot.json": JSON.stringify({ targets: { mine: { backend: "local", python } } }), "ok.py": "print(1)\n" });
    assert.equal((await run("run", "-q", "ok.py", "--target", "mine")).code, 2);
    assert.equal((await run("targets", "--approve")).code, 0);
    assert.equal((await run("run", "-q", "ok.py", "--target", "mine")).stdout, "1\n");
    assert.match((await run("targets", "--check")).stdout, /mine[^]*ready[^]*Python 3/);
  });

  it("leaves records that only the user can read, and no value of an environment variable in them", async () => {
    write({ "a.py": "import os\nassert len(os.environ['TOKEN']) == 14\n" });
    const mask = process.umask(0);
    try {
      assert.equal((await run("run", "-q", "a.py", "--env", "TOKEN=hunter2hunter2")).code, 0);
    } finally {
      process.umask(mask);
    }
    const state = join(folder, "state");
    assert.equal(statSync(state).mode & 0o777, 0o700);
    assert.equal(execFileSync("find", [join(state, "jobs"), "-perm", "/077", "-not", "-type", "l"], { encoding: "utf8" }), "");
    assert.throws(() => execFileSync("grep", ["-r", "hunter2hunter2", state]), "the value is nowhere");
  });

  it("says that the state directory can't be written, and starts nothing", async () => {
    write({ "ok.py": "print(1)\n", file: "" });
    env["SLINGSHOT_STATE_DIR"] = join(workspace, "file", "state");
    const { code, stdout, stderr } = await run("run", "ok.py");
    assert.deepEqual([code, stdout], [4, ""]);
    assert.match(stderr, /no folder.*SLINGSHOT_STATE_DIR/);
  });

  it("shows a job's end although nobody followed it", async () => {
    write({ "a.py": "print('x')\n" });
    const { stdout } = await run("run", "--detach", "a.py");
    const exit = join(folder, "state", "jobs", stdout.trim(), "run", "exit.json");
    while (!existsSync(exit)) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.match((await run("jobs")).stdout, /succeeded/);
  });

  it("compares a job with the folder and with another job, restores it, and cleans", async () => {
    write({ "a.py": "import lib\nprint(lib.N)\n", "lib.py": "N = 1\n" });
    const id = async (): Promise<string> => {
      await run("run", "-q", "a.py");
      return (JSON.parse((await run("jobs", "--json")).stdout) as { id: string }[])[0]?.id ?? "";
    };
    const first = await id();
    assert.deepEqual([(await run("diff", first)).code, (await run("diff", first)).stdout], [0, ""]);
    write({ "lib.py": "import more\nN = 2\n", "more.py": "" });
    assert.deepEqual((await run("diff", first)).stdout, "M lib.py\n");
    const second = await id();
    const { code, stdout } = await run("diff", first, second);
    assert.deepEqual([code, stdout], [1, "M lib.py\nA more.py\n"]);
    assert.equal((await run("restore", first, join(folder, "back"))).code, 0);
    assert.equal(readFileSync(join(folder, "back", "lib.py"), "utf8"), "N = 1\n");
    assert.match((await run("restore", second, join(folder, "back"))).stderr, /not empty.*--overwrite/);
    assert.equal((await run("restore", second, join(folder, "back"), "lib.py", "--overwrite")).code, 0);
    assert.ok(!existsSync(join(folder, "back", "more.py")));
    assert.match((await run("restore", first, join(folder, "other"), "none.py")).stderr, /no file "none.py"/);
    const cleaned = JSON.parse((await run("clean", "--max-age", "1", "--json")).stdout) as { jobs: string[]; problem: string | null };
    assert.deepEqual([cleaned.jobs, cleaned.problem], [[], null], "the newest jobs stay");
    assert.match((await run("clean", "--max-age", "soon")).stderr, /"soon" is no number of days/);
  });
});
