/** Slingshot itself killed between the submission and its record, at any moment: no job is doubled and none is lost. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Workbench } from "../../contract/workbench.js";
import { SshServer } from "./sshServer.js";

const cli = resolve(import.meta.dirname, "../../../dist/cli.js");

describe("ssh: crashes", () => {
  let server: SshServer;
  let folder: string;
  before(async () => { server = await SshServer.start(); });
  after(async () => { await server.close(); });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-crash-"));
    mkdirSync(join(folder, "ws", ".git"), { recursive: true });
    mkdirSync(join(folder, "config", "slingshot"), { recursive: true });
    writeFileSync(join(folder, "config", "slingshot", "targets.json"), JSON.stringify({ box: server.target() }));
    writeFileSync(join(folder, "ws", "job.py"), `open(${JSON.stringify(join(folder, "witness"))}, "a").write("ran\\n")\nprint("done")\n`);
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  function start(...words: string[]): ChildProcess {
    const env = { ...process.env, SLINGSHOT_STATE_DIR: join(folder, "state"), XDG_CONFIG_HOME: join(folder, "config") };
    return spawn(process.execPath, [cli, ...words], { cwd: join(folder, "ws"), env, stdio: ["ignore", "pipe", "inherit"] });
  }

  async function output(child: ChildProcess): Promise<string> {
    const pieces: Buffer[] = [];
    child.stdout?.on("data", (bytes: Buffer) => pieces.push(bytes));
    await once(child, "close");
    return Buffer.concat(pieces).toString();
  }

  /** What follows a condition at once. */
  async function killWhen(condition: () => boolean, late: number): Promise<void> {
    const child = start("run", "--detach", "job.py", "--target", "box");
    const ended = once(child, "close");
    while (!condition() && child.exitCode === null) await sleep(2);
    await sleep(late);
    child.kill("SIGKILL");
    await ended;
  }

  const hostJobs = (): string[] => { const jobs = join(server.stateDir, "host", "jobs"); return existsSync(jobs) ? readdirSync(jobs).filter((name) => !name.startsWith(".")) : []; };
  const ownJobs = (): string[] => { const jobs = join(folder, "state", "jobs"); return existsSync(jobs) ? readdirSync(jobs).filter((name) => !name.startsWith(".")) : []; };

  it("adopts a job that the host has, however early the launching process died", async () => {
    let adopted = 0;
    for (const late of [0, 1, 5, 20, 60]) {
      const before = new Set(hostJobs());
      const own = new Set(ownJobs());
      rmSync(join(folder, "witness"), { force: true });
      await killWhen(() => hostJobs().some((id) => !before.has(id)), late);
      const [id] = ownJobs().filter((one) => !own.has(one));
      assert.ok(id, "the record is written before anything is sent");
      const log = await output(start("logs", id, "--follow"));
      assert.equal(log, "done\n");
      assert.equal(readFileSync(join(folder, "witness"), "utf8"), "ran\n", "it ran once");
      assert.deepEqual(hostJobs().filter((one) => !before.has(one)), [id]);
      adopted++;
    }
    assert.equal(adopted, 5);
  });

  it("ends a job as never submitted that the host has never heard of, and runs it where it has", async () => {
    const before = hostJobs().length;
    await killWhen(() => ownJobs().length > 0, 0);
    const [id] = ownJobs();
    assert.ok(id);
    await output(start("logs", id, "--follow"));
    const [job, ...others] = JSON.parse(await output(start("jobs", "--json"))) as { state: string }[];
    const arrived = hostJobs().length - before;
    assert.deepEqual([job?.state, others.length], [arrived === 1 ? "succeeded" : "failed", 0]);
    assert.equal(existsSync(join(folder, "witness")), arrived === 1);
  });

  it("shares one connection among the jobs of a host", async () => {
    const bench = new Workbench(server.target());
    try {
      bench.write({ "wait.py": "import sys, time\nprint('up', flush=True)\ntime.sleep(2)\nprint(sys.argv[1])\n" });
      const all = Promise.all(Array.from({ length: 8 }, (_, n) => bench.run({ entry: "wait.py", argv: [String(n)] })));
      let most = 0;
      const count = setInterval(() => { most = Math.max(most, server.clients().length); }, 200);
      await all.finally(() => { clearInterval(count); });
      assert.deepEqual((await all).map((job) => job.stdout), Array.from({ length: 8 }, (_, n) => `up\n${String(n)}\n`));
      assert.equal(most, 1);
    } finally {
      bench.dispose();
    }
  });

  it("cleans up by age: what is old and unused goes, what a job needs stays", async () => {
    const bench = new Workbench(server.target());
    const again = new Workbench(server.target());
    try {
      bench.write({ "old.py": "print('old')\n", "new.py": "print('new')\n" });
      const old = (await bench.run({ entry: "old.py" })).record;
      const kept = (await bench.run({ entry: "new.py" })).record;
      const host = join(server.stateDir, "host");
      const age = (path: string): void => { utimesSync(path, new Date(Date.now() - 40 * 86_400_000), new Date(Date.now() - 40 * 86_400_000)); };
      const blob = (text: string): string | undefined => server.contents().find((path) => readFileSync(path, "utf8") === text);
      const oldBlob = blob("print('old')\n");
      assert.ok(oldBlob);
      for (const path of [oldBlob, join(host, "trees", old.tree), join(host, "jobs", old.id)]) age(path);
      age(join(host, "trees", kept.tree));
      age(join(host, "cleaned"));
      again.write({ "third.py": "print(3)\n" });
      assert.equal((await again.run({ entry: "third.py" })).stdout, "3\n");
      for (let tries = 0; existsSync(oldBlob) && tries < 100; tries++) await sleep(100);
      assert.deepEqual([oldBlob, join(host, "trees", old.tree), join(host, "jobs", old.id)].map((path) => existsSync(path)), [false, false, false]);
      assert.ok(existsSync(join(host, "jobs", kept.id)) && existsSync(join(host, "trees", kept.tree)), "a job's own tree stays with it");
      assert.equal((await bench.run({ entry: "old.py" })).stdout, "old\n", "what was cleaned away is sent again");
    } finally {
      bench.dispose();
      again.dispose();
    }
  });
});
