/** What `check` and a launch say where a host can't be used: in words, with what to do, within 10 s, and nothing is started. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Workbench } from "../../contract/workbench.js";
import { errorText } from "../../../src/base/errors.js";
import { freePort } from "../../../src/base/freePort.js";
import type { Availability } from "../../../src/backends/backend.js";
import { SshServer } from "./sshServer.js";

describe("ssh: what a host lacks", () => {
  let server: SshServer;
  let bench: Workbench;

  before(async () => {
    server = await SshServer.start();
    bench = new Workbench(server.target());
  });
  after(async () => {
    bench.dispose();
    await server.close();
  });

  async function check(settings: Record<string, unknown>): Promise<Availability> {
    const backend = await bench.backends.get("ssh");
    const { backend: _ssh, ...all } = { ...server.target(), ...settings };
    return backend.check({ name: "box", backend: "ssh", settings: all, source: "user" }, new AbortController().signal);
  }

  async function problem(settings: Record<string, unknown>): Promise<string> {
    const found = await check(settings);
    assert.ok(!found.ready, JSON.stringify(found));
    assert.equal(found.problems.length, 1);
    return found.problems[0] ?? "";
  }

  it("is ready with Python, place and room", async () => {
    const found = await check({});
    assert.ok(found.ready, JSON.stringify(found));
    assert.match(found.details.join("\n"), /Python 3\.\d+\.\d+ at \/.* on .*\n.*state\/host, .* free/);
  });

  it("names a key that is not let in", async () => {
    server.makeKey("stranger");
    assert.match(await problem({ sshConfig: server.writeConfig("wrong_key", { key: "stranger" }) }), /box refused the login \(it takes publickey\).*ssh-add/);
  });

  it("names a host whose key is not known, and one whose key has changed", async () => {
    const unknown = server.writeConfig("unknown", { key: "user_key", more: ["StrictHostKeyChecking ask"] });
    writeFileSync(unknown, readFileSync(unknown, "utf8").replace(/known_hosts$/m, "empty_hosts"));
    assert.match(await problem({ sshConfig: unknown }), /host key of box is not known here yet.*Run `ssh .*box` in a terminal/);
    server.makeKey("other_host");
    const key = readFileSync(join(server.folder, "other_host.pub"), "utf8").split(" ").slice(0, 2).join(" ");
    writeFileSync(join(server.folder, "changed_hosts"), `127.0.0.1 ${key}\n[127.0.0.1]:${String(server.port)} ${key}\n`);
    const changed = server.writeConfig("changed", { key: "user_key" });
    writeFileSync(changed, readFileSync(changed, "utf8").replace(/known_hosts$/m, "changed_hosts"));
    assert.match(await problem({ sshConfig: changed }), /not the one that was known.*ssh-keygen -R/);
  });

  it("names a host that is not there, does not listen, or accepts and says nothing", async () => {
    assert.match(await problem({ host: "no-such-host.invalid", sshConfig: join(server.folder, "config") }), /no host named no-such-host\.invalid/);
    assert.match(await problem({ sshConfig: server.writeConfig("closed", { key: "user_key", port: await freePort() }) }), /refused the connection/);
    const sockets: Socket[] = [];
    const silent = createServer((socket) => { sockets.push(socket); }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" ? address?.port ?? 0 : 0;
    const since = performance.now();
    assert.match(await problem({ sshConfig: server.writeConfig("silent", { key: "user_key", port }) }), /did not answer|does not answer/);
    assert.ok(performance.now() - since < 12_000);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it("names a missing Python, one that is too old, and what is none", async () => {
    assert.match(await problem({ python: "/no/such/python" }), /no Python at \/no\/such\/python on box.*`python`/);
    assert.match(await problem({ python: "/bin/echo" }), /did not start Python/);
    const old = join(server.folder, "old python");
    writeFileSync(old, `#!/bin/sh\nexec python3 -c "import sys; sys.version_info = (3, 6, 15, 'final', 0); sys.executable = '/opt/old/python3'; exec(sys.argv[1])" "$2"\n`, { mode: 0o755 });
    chmodSync(old, 0o755);
    assert.match(await problem({ python: old }), /Python on box is 3\.6\.15 \(\/opt\/old\/python3\).*3\.8 or later/);
  });

  it("names a login that runs no commands", async () => {
    server.makeKey("limited");
    server.allow("limited", { command: "echo This account is currently not available.; exit 1" });
    assert.match(await problem({ sshConfig: server.writeConfig("limited_config", { key: "limited" }) }), /did not start Python: This account is currently not available/);
  });

  it("names a state directory that can't be made, and a disk that is full", async () => {
    writeFileSync(join(server.folder, "file"), "");
    assert.match(await problem({ stateDir: join(server.folder, "file", "below") }), /can't be written.*`stateDir`/);
    assert.match(await problem({ stateDir: "relative" }), /no absolute path/);
    // A limit on the size of files fails as a full disk does, for this login alone.
    server.makeKey("tight");
    server.allow("tight", { command: "ulimit -f 8; exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"" });
    const tight = new Workbench(server.target({ sshConfig: server.writeConfig("tight_config", { key: "tight" }), stateDir: join(server.folder, "tight_state") }));
    try {
      tight.write({ "big.txt": "y".repeat(100_000), ".vscode/slingshot.json": '{ "bundle": { "include": ["*.txt"] } }', "job.py": "print(1)\n" });
      assert.match(await tight.start({ entry: "job.py" }).then(() => "started", errorText), /disk that holds .* is full.*Free some space/);
    } finally {
      tight.dispose();
    }
  });

  it("starts nothing for a host, user, port or jump host that is more than a name", async () => {
    const witness = join(server.folder, "injected");
    const command = `touch ${witness}`;
    const cases: Record<string, unknown>[] = [
      { host: `-oProxyCommand=${command}` }, { host: "-oProxyCommand=x" }, { host: `box;${command}` }, { host: `$(${command})` }, { host: "box`id`" }, { host: "box\nProxyCommand x" }, { host: "" },
      { host: `-oProxyCommand=${command}@box` }, { user: `-oProxyCommand=${command}` }, { user: "a b" }, { user: "$(id)" }, { port: 0 }, { port: 70000 },
      { jumpHost: `-oProxyCommand=${command}` }, { jumpHost: `a;${command}` }, { jumpHost: "gate,-oProxyCommand=x" }, { jumpHost: "gate:x" },
      { python: "python3'; touch x; '" }, { python: "-c" }, { python: "a\nb" }, { python: "x\\" },
    ];
    for (const settings of cases) assert.match(await problem(settings), /can't be used/, JSON.stringify(settings));
    assert.ok(!existsSync(witness));
    // What a shell would take apart stays one word.
    assert.match(await problem({ python: `/no such; touch ${witness}` }), /no Python at/);
    assert.match(await problem({ python: `$(touch ${witness})` }), /no Python at/);
    assert.ok(!existsSync(witness));
  });

  it("asks once where a host refused the login: accounts get locked", async () => {
    server.makeKey("refused");
    const config = server.writeConfig("refused_config", { key: "refused" });
    const before = server.refusals();
    const refused = new Workbench(server.target({ sshConfig: config }));
    try {
      refused.write({ "job.py": "print(1)\n" });
      await assert.rejects(refused.start({ entry: "job.py" }), /refused the login/);
      // The daemon tells in its own time.
      while (server.refusals() === before) await sleep(20);
      await sleep(500);
      assert.equal(server.refusals(), before + 1);
    } finally {
      refused.dispose();
    }
  });
});
