/** What is sent to a host: what it lacks and nothing else, each content checked, an interrupted upload gone on with; a job once. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packBundle } from "../../../src/bundle/pack.js";
import { JobPaths } from "../../../src/jobs/jobPaths.js";
import { Workbench } from "../../contract/workbench.js";
import { FaultProxy } from "./faultProxy.js";
import { kill, SshServer } from "./sshServer.js";

describe("ssh: what is sent", () => {
  let server: SshServer;
  let proxy: FaultProxy;
  let bench: Workbench;

  before(async () => { server = await SshServer.start(); });
  after(async () => { await server.close(); });
  beforeEach(async () => {
    proxy = await FaultProxy.start(server.port);
    bench = new Workbench(server.target({ sshConfig: server.writeConfig("proxied", { key: "user_key", port: proxy.port }) }));
  });
  afterEach(() => {
    bench.dispose();
    proxy.close();
  });

  const hosted = (id: string): string => join(server.stateDir, "host", "jobs", id);

  it("sends no content for the same snapshot, and one file where one of 500 has changed", async () => {
    const files = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`many/m${String(n)}.py`, `N = ${String(n)}\n# ${randomBytes(300).toString("hex")}\n`]));
    bench.write({ ...files, "many/job.py": `${Array.from({ length: 500 }, (_, n) => `import m${String(n)}`).join("\n")}\nprint(m7.N, m499.N)\n` });
    assert.equal((await bench.run({ entry: "many/job.py" })).stdout, "7 499\n");
    const first = proxy.upBytes;
    const count = server.contentCount();
    assert.ok(count > 500);
    proxy.upBytes = 0;
    assert.equal((await bench.run({ entry: "many/job.py" })).stdout, "7 499\n");
    assert.equal(server.contentCount(), count);
    assert.ok(proxy.upBytes < first / 10, `${String(proxy.upBytes)} of ${String(first)} bytes`);
    assert.equal((await bench.run({ entry: "many/job.py", overlays: { "many/m7.py": "N = 70\n" } })).stdout, "70 499\n");
    // The file, and the manifest that names it.
    assert.equal(server.contentCount(), count + 2);
  });

  it("goes on with a large file where it was cut off, and sends it once in all", async () => {
    const big = randomBytes(12_000_000);
    bench.write({ "big.bin": big, ".vscode/slingshot.json": '{ "bundle": { "include": ["*.bin"] } }', "job.py": "import hashlib\nprint(hashlib.sha256(open('big.bin','rb').read()).hexdigest())\n" });
    await bench.run({ entry: "job.py", overlays: { ".vscode/slingshot.json": "{}" } }).catch(() => undefined);
    proxy.upBytes = 0;
    proxy.cutAfter = 6_000_000;
    proxy.cutsLeft = 1;
    const { status, stdout, stderr } = await bench.run({ entry: "job.py" });
    assert.equal(status.state, "succeeded", stderr);
    assert.match(stdout, /^[0-9a-f]{64}\n$/);
    assert.equal(proxy.cutsLeft, 0);
    assert.ok(proxy.upBytes < 17_000_000, `${String(proxy.upBytes)} bytes went up`);
    assert.ok(!server.contents().some((path) => path.endsWith(".part")));
  });

  it("goes on although the agent is killed in the middle of the upload", async () => {
    bench.write({ "big.bin": randomBytes(20_000_000), ".vscode/slingshot.json": '{ "bundle": { "include": ["*.bin"] } }', "job.py": "print(len(open('big.bin','rb').read()))\n" });
    const starting = bench.start({ entry: "job.py" });
    while (!server.contents().some((path) => path.endsWith(".part"))) await sleep(5);
    for (const pid of server.agents()) kill(pid);
    assert.equal((await bench.end(await starting)).stdout, "20000000\n");
  });

  it("gives up in words where the host stays away, and leaves nothing half", async () => {
    bench.write({ "job.py": "print(1)\n" });
    proxy.close();
    await assert.rejects(bench.start({ entry: "job.py" }), /refused the connection|ended/);
  });

  it("refuses content that was damaged in the host's store, and sends it anew", async () => {
    bench.write({ "mod.py": "VALUE = 'right'\n", "job.py": "import mod\nprint(mod.VALUE)\n" });
    assert.equal((await bench.run({ entry: "job.py" })).stdout, "right\n");
    const blob = server.contents().find((path) => readFileSync(path, "utf8") === "VALUE = 'right'\n");
    assert.ok(blob);
    chmodSync(blob, 0o600);
    writeFileSync(blob, "VALUE = 'wrong'\n");
    const trees = join(server.stateDir, "host", "trees");
    const damaged = await bench.run({ entry: "job.py" });
    assert.equal(damaged.stdout, "", "nothing runs that is not the snapshot");
    assert.match(damaged.status.exit?.message ?? "", /mod\.py/);
    assert.equal((await bench.run({ entry: "job.py" })).stdout, "right\n");
    assert.ok(readdirSync(trees).length > 0);
  });

  it("runs a job once that is sent twice, also from two connections at once, and finds it without its reference", async () => {
    bench.write({ "once.py": "import os, time\nopen(os.environ['WITNESS'], 'a').write('ran\\n')\nprint('ran')\n" });
    const witness = join(server.folder, "witness");
    const manifest = await bench.snapshot({ entry: "once.py" });
    const submission = bench.submission(manifest, { entry: "once.py", env: { WITNESS: witness } });
    const bundle = packBundle(manifest, bench.contents);
    const other = new Workbench(server.target());
    try {
      const both = [await bench.backends.get("ssh"), await other.backends.get("ssh")];
      const signal = new AbortController().signal;
      const refs = await Promise.all([...both, ...both].map((backend) => backend.submit(submission, bundle, () => undefined, signal)));
      assert.equal(refs.length, 4);
      const found = await both[0]?.find(submission.record, undefined);
      assert.deepEqual(found, refs[0]);
      assert.equal(await both[0]?.find({ ...submission.record, id: "0".repeat(26) }, undefined), undefined);
      while (!existsSync(join(hosted(submission.record.id), "run", "exit.json"))) await sleep(50);
      assert.equal(readFileSync(witness, "utf8"), "ran\n");
    } finally {
      other.dispose();
    }
  });

  it("starts a job whose folder was made by an agent that died right then, and never one that was cancelled", async () => {
    bench.write({ "late.py": "print('late')\n" });
    const { record } = await bench.run({ entry: "late.py" });
    const run = join(hosted(record.id), "run");
    for (const name of ["starting", "exit.json", "supervisor.json"]) rmSync(join(run, name));
    rmSync(join(hosted(record.id), "out.log"));
    rmSync(join(hosted(record.id), "out.idx"));
    writeFileSync(join(run, "env.json"), "{}");
    const backend = await bench.backends.get("ssh");
    const job = bench.jobs.get(record.id);
    assert.ok(job?.status.ref);
    const seen: string[] = [];
    for await (const event of backend.watch(job.record, job.status.ref, {}, new AbortController().signal)) {
      seen.push(event.type === "log" ? Buffer.from(event.bytes).toString() : event.type);
    }
    assert.deepEqual(seen.filter((text) => text !== "running"), ["late\n", "ended"]);
    for (const name of ["starting", "exit.json", "supervisor.json"]) rmSync(join(run, name));
    assert.ok((await backend.cancel(job.record, job.status.ref)).confirmed);
    const ends: unknown[] = [];
    for await (const event of backend.watch(job.record, job.status.ref, { log: 5 }, new AbortController().signal)) if (event.type === "ended") ends.push(event.exit.outcome);
    assert.deepEqual(ends, ["cancelled"]);
    assert.ok(!existsSync(join(run, "supervisor.json")), "nothing was started");
  });

  it("leaves private files, no environment value, and nothing where the job was forgotten", async () => {
    bench.write({ "env.py": "import os\nprint(len(os.environ['TOKEN']))\n" });
    const { record, stdout } = await bench.run({ entry: "env.py", env: { TOKEN: "hunter2hunter2" } });
    assert.equal(stdout, "14\n");
    assert.equal(statSync(join(server.stateDir, "host")).mode & 0o777, 0o700);
    const files = readdirSync(hosted(record.id), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    assert.ok(files.length > 5);
    for (const path of files) {
      assert.equal(statSync(path).mode & 0o077 & ~0o044, 0, path);
      assert.ok(!readFileSync(path).includes("hunter2"), path);
    }
    const backend = await bench.backends.get("ssh");
    const ref = new JobPaths(bench.stateDir, record.id).run("spec.json").replace("spec.json", "host.json");
    await backend.remove(record, JSON.parse(readFileSync(ref, "utf8")) as Record<string, string>);
    assert.ok(!existsSync(hosted(record.id)));
  });
});
