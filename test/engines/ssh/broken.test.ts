/** Connections that break while a job runs: nothing of its log is lost or doubled, and a closed stream ends no job. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JobRecord } from "../../../src/jobs/job.js";
import { cancelJob } from "../../../src/jobs/jobActions.js";
import { Workbench, type Ended } from "../../contract/workbench.js";
import { FaultProxy } from "./faultProxy.js";
import { kill, SshServer } from "./sshServer.js";

/** Numbered lines with a checksum each, on both streams, at a pace that leaves time for trouble. */
const printer = `import sys, time, zlib
lines, every, pause = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
for n in range(lines):
    text = "LINE %d" % n
    stream = sys.stderr if n % 1000 == 999 else sys.stdout
    stream.write("%s %08x %s\\n" % (text, zlib.crc32(text.encode()), "x" * 30))
    if n % every == every - 1:
        sys.stdout.flush()
        time.sleep(pause)
`;

describe("ssh: broken connections", () => {
  let server: SshServer;
  let proxy: FaultProxy;
  let bench: Workbench;

  before(async () => {
    server = await SshServer.start();
  });
  after(async () => {
    await server.close();
  });
  beforeEach(async () => {
    proxy = await FaultProxy.start(server.port);
    bench = new Workbench(server.target({ sshConfig: server.writeConfig("proxied", { key: "user_key", port: proxy.port }) }));
    bench.write({ "print.py": printer });
  });
  afterEach(() => {
    bench.dispose();
    proxy.close();
  });

  function assertWhole(ended: Ended, lines: number): void {
    assert.equal(ended.status.state, "succeeded", JSON.stringify(ended.status.exit));
    const there = readFileSync(join(server.stateDir, "host", "jobs", ended.record.id, "out.log"));
    const here = readFileSync(bench.jobs.paths(ended.record.id).log());
    assert.equal(here.length, there.length);
    assert.equal(createHash("sha256").update(here).digest("hex"), createHash("sha256").update(there).digest("hex"));
    const numbers = (text: string): number[] => text.split("\n").slice(0, -1).map((line) => Number(line.split(" ")[1]));
    const all = Array.from({ length: lines }, (_, n) => n);
    assert.deepEqual(numbers(ended.stdout), all.filter((n) => n % 1000 !== 999));
    assert.deepEqual(numbers(ended.stderr), all.filter((n) => n % 1000 === 999));
  }

  function events(record: JobRecord, type: string): number {
    return readFileSync(bench.jobs.paths(record.id).events, "utf8").split("\n").filter((line) => line.includes(`"type":"${type}"`)).length;
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(50);
  }

  it("keeps 50 MB whole although ssh is killed again and again", async () => {
    const record = await bench.start({ entry: "print.py", argv: ["1000000", "50000", "0.3"] });
    const ending = bench.end(record);
    let killed = 0;
    for (let n = 0; n < 10; n++) {
      await until(() => server.agents().length > 0);
      await sleep((n * 7919) % 400);
      for (const pid of server.clients()) { kill(pid); killed++; }
    }
    assertWhole(await ending, 1_000_000);
    assert.ok(killed > 3, String(killed));
  });

  it("keeps the log whole although the network cuts every connection after some bytes", async () => {
    const record = await bench.start({ entry: "print.py", argv: ["100000", "100000", "0"] });
    proxy.cutAfter = 200_000;
    proxy.cutsLeft = 12;
    proxy.cut();
    assertWhole(await bench.end(record), 100_000);
    assert.ok(proxy.connections > 3, String(proxy.connections));
  });

  it("sees a connection that has died in silence, and goes on", async () => {
    const record = await bench.start({ entry: "print.py", argv: ["300", "1", "0.1"] });
    const ending = bench.end(record);
    await bench.printed(record.id, "LINE 5 ");
    proxy.stalled = true;
    const since = performance.now();
    await until(() => bench.status(record.id).unreachableSince !== null);
    assert.ok(performance.now() - since < 60_000);
    assert.equal(bench.status(record.id).state, "running", "losing contact is no state");
    proxy.cut();
    proxy.stalled = false;
    assertWhole(await ending, 300);
    assert.equal(bench.status(record.id).unreachableSince, null);
  });

  it("goes on when the host's ssh server comes back, said once as unreachable and once as reachable", async () => {
    const record = await bench.start({ entry: "print.py", argv: ["100", "1", "0.1"] });
    const ending = bench.end(record);
    await bench.printed(record.id, "LINE 5 ");
    await server.stop();
    await until(() => bench.status(record.id).unreachableSince !== null);
    const told = await cancelJob(bench.jobs, bench.backends, "nobody").catch(() => undefined);
    assert.equal(told, undefined);
    await sleep(1500);
    await server.listen();
    assertWhole(await ending, 100);
    assert.deepEqual([events(record, "unreachable"), events(record, "reachable")], [1, 1]);
  });

  it("does not call a job cancelled that could not be told, and cancels it when it can", async () => {
    const record = await bench.start({ entry: "print.py", argv: ["100000", "1", "0.1"] });
    const ending = bench.end(record);
    await bench.printed(record.id, "LINE 5 ");
    await server.stop();
    const outcome = await cancelJob(bench.jobs, bench.backends, record.id);
    assert.equal(outcome.confirmed, false);
    assert.match(outcome.message ?? "", /refused|ended|answer/);
    assert.equal(bench.status(record.id).state, "running");
    await server.listen();
    assert.ok((await cancelJob(bench.jobs, bench.backends, record.id)).confirmed);
    assert.equal((await ending).status.state, "cancelled");
  });

  it("takes no notice of the agent's death", async () => {
    const record = await bench.start({ entry: "print.py", argv: ["60", "1", "0.1"] });
    const ending = bench.end(record);
    for (let n = 5; n < 30; n += 8) {
      await bench.printed(record.id, `LINE ${String(n)} `);
      for (const pid of server.agents()) kill(pid);
    }
    assertWhole(await ending, 60);
    assert.equal(events(record, "unreachable"), 0, "what is mended at once is not worth a word");
  });

  it("says that a job is lost whose supervisor was killed, and that a restart of the host has ended one", async () => {
    bench.write({ "sleep.py": "import time\nprint('up', flush=True)\ntime.sleep(600)\n" });
    const record = await bench.start({ entry: "sleep.py" });
    const rebooted = await bench.start({ entry: "sleep.py" });
    const ending = bench.end(record);
    await bench.printed(record.id, "up");
    const run = join(server.stateDir, "host", "jobs", record.id, "run");
    const { pid, group } = JSON.parse(readFileSync(join(run, "supervisor.json"), "utf8")) as { pid: number; group: number };
    kill(pid);
    kill(-group);
    const { status } = await ending;
    assert.equal(status.state, "lost");
    assert.match(status.exit?.message ?? "", /supervisor.*killed.*Run the job again/);
    const ending2 = bench.end(rebooted);
    await bench.printed(rebooted.id, "up");
    // As the next boot of the host finds it: the number of the boot is the only thing that a test can't bring about.
    const there = join(server.stateDir, "host", "jobs", rebooted.id, "run");
    const mark = JSON.parse(readFileSync(join(there, "starting"), "utf8")) as Record<string, unknown>;
    const state = JSON.parse(readFileSync(join(there, "supervisor.json"), "utf8")) as { pid: number; group: number };
    writeFileSync(join(there, "starting"), JSON.stringify({ ...mark, boot: "another" }));
    const second = (await ending2).status;
    assert.equal(second.state, "lost");
    assert.match(second.exit?.message ?? "", /box was restarted/);
    kill(-state.group);
    kill(state.pid);
  });
});
