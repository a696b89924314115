/** Logins as hosts have them: other shells, shells that talk, no home to write to, an old Python, spaces in paths. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Workbench } from "../../contract/workbench.js";
import { findProgram } from "../../../src/base/findProgram.js";
import { SshServer } from "./sshServer.js";

const awkward = ["", " ", "a b", "'", '"', "`id`", "$(id)", "; rm -rf x", "\\", "-x", "--", "é😀", "line\nbreak", "\r", "\t", "*", "%PATH%", "!!", "~", "#", "\u0001\u007f"];

describe("ssh: logins", () => {
  let server: SshServer;
  before(async () => { server = await SshServer.start(); });
  after(async () => { await server.close(); });

  /** A job that proves that arguments and environment arrive as they are. */
  async function prove(settings: Record<string, unknown>, expected = /./): Promise<void> {
    const target = Object.fromEntries(Object.entries(server.target(settings)).filter(([, value]) => value !== null));
    const bench = new Workbench({ ...target, backend: "ssh" });
    try {
      bench.write({ "argv.py": "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.environ['AWKWARD'], sys.version]))\n" });
      const { stdout, stderr, status } = await bench.run({ entry: "argv.py", argv: awkward, env: { AWKWARD: awkward.join("|") } });
      assert.equal(status.state, "succeeded", stderr);
      const [argv, env, version] = JSON.parse(Buffer.from(stdout, "latin1").toString("utf8")) as [string[], string, string];
      assert.deepEqual([argv, env], [awkward, awkward.join("|")]);
      assert.match(version, expected);
    } finally {
      bench.dispose();
    }
  }

  /** A login of its own: `command` runs in place of the login shell. */
  function login(name: string, command: string): Record<string, unknown> {
    server.makeKey(name);
    server.allow(name, { command });
    return { sshConfig: server.writeConfig(`${name}_config`, { key: name }) };
  }

  it("may print what they like before and after, on both streams", async () => {
    await prove(login("banner", "echo Welcome; echo slingshot 0123 {}; echo SLF1; head -c 100000 /dev/urandom; echo warning >&2; /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"; echo bye"));
  });

  for (const [shell, start] of [["fish", "fish -c"], ["csh", "tcsh -c"], ["bash", "bash -lc"], ["dash", "dash -c"]] as const) {
    it(`may have ${shell} as their shell`, async () => {
      const program = findProgram(start.split(" ")[0] ?? "", "/");
      assert.ok(program !== undefined, `${shell} is missing; npm test -- --install brings it`);
      await prove(login(`shell_${shell}`, `${start} "$SSH_ORIGINAL_COMMAND"`));
      const spaced = join(server.folder, "with space");
      mkdirSync(spaced, { recursive: true });
      const python = join(spaced, "py thon");
      if (!existsSync(python)) writeFileSync(python, '#!/bin/sh\nexec python3 "$@"\n', { mode: 0o755 });
      await prove({ ...login(`spaced_${shell}`, `${start} "$SSH_ORIGINAL_COMMAND"`), python });
    });
  }

  it("may have no home that can be written", async () => {
    await prove({ ...login("homeless", "HOME=/proc/nowhere; TMPDIR=/proc/nowhere; export HOME TMPDIR; exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\""), stateDir: join(server.folder, "elsewhere") });
  });

  it("use their own state directory where none is set, apart from what Slingshot keeps for a user of that machine", async () => {
    await prove({ ...login("own", "unset XDG_STATE_HOME; exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\""), stateDir: null });
    assert.deepEqual(readdirSync(join(server.home, ".local", "state", "slingshot")), ["host"]);
  });

  it("go through a shared connection that is open already, which is the way past passwords and second factors", async () => {
    server.makeKey("shared");
    const socket = join(server.folder, "control");
    const first = server.writeConfig("master_config", { key: "user_key", more: [`ControlPath ${socket}`] });
    const master = spawn("ssh", ["-F", first, "-M", "-N", "-o", "BatchMode=yes", "box"], { stdio: "ignore" });
    try {
      for (let tries = 0; !existsSync(socket) && tries < 200; tries++) await sleep(50);
      // The key itself is not let in.
      await prove({ sshConfig: server.writeConfig("shared_config", { key: "shared", more: [`ControlPath ${socket}`] }) });
    } finally {
      master.kill();
    }
  });

  it("find a newer Python beside an old python3", async () => {
    const folder = join(server.folder, "oldest");
    mkdirSync(folder);
    const real = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    writeFileSync(join(folder, "python3"), `#!/bin/sh\nexec ${real} -c "import sys; sys.version_info = (3, 6, 15, 'final', 0); exec(sys.argv[1])" "$2"\n`, { mode: 0o755 });
    symlinkSync(real, join(folder, "python3.14"));
    await prove(login("oldest_login", `PATH=${folder}:/usr/bin:/bin; export PATH; exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`));
  });

  it("may have Python 3.8 and nothing else", async () => {
    const versions = join(homedir(), ".pyenv", "versions");
    const kept = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith("3.8.")).map((name) => join(versions, name, "bin", "python")) : [];
    const python = process.env["SLINGSHOT_OLD_PYTHON"] ?? kept[0] ?? findProgram("python3.8", "/") ?? "python3";
    await prove({ ...login("python38", "PATH=/bin; export PATH; exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\""), python: findProgram(python, "/") ?? python }, kept.length > 0 ? /^3\.8\./ : /^3\./);
  });
});
