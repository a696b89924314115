/** A real sshd of the suite's own: free port, own host key, user keys and configuration; stopped with `close`. */
import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../src/base/freePort.js";

export interface LoginOptions {
  /** What runs instead of the login shell; the client's command is in SSH_ORIGINAL_COMMAND. */
  command?: string;
}

export class SshServer {
  readonly folder = mkdtempSync(join(tmpdir(), "slingshot-sshd-"));
  /** Home and state directory of jobs there. */
  readonly home = join(this.folder, "home");
  readonly stateDir = join(this.folder, "state");
  port = 0;
  private said = "";
  private daemon: ChildProcess | undefined;

  static async start(): Promise<SshServer> {
    const server = new SshServer();
    mkdirSync(server.home, { mode: 0o700 });
    server.makeKey("host_key");
    server.makeKey("user_key");
    server.port = await freePort();
    writeFileSync(join(server.folder, "sshd_config"), [
      `Port ${String(server.port)}`, "ListenAddress 127.0.0.1", `HostKey ${join(server.folder, "host_key")}`, `PidFile ${join(server.folder, "sshd.pid")}`,
      `AuthorizedKeysFile ${join(server.folder, "authorized_keys")}`, "PermitRootLogin prohibit-password", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
      "UsePAM no", "StrictModes no", "PermitUserEnvironment yes", "PrintMotd no", "MaxStartups 100", "MaxSessions 100", "LogLevel VERBOSE", "",
    ].join("\n"));
    server.allow("user_key");
    server.writeConfig("config", { key: "user_key" });
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    await server.listen();
    return server;
  }

  /** Connections that ended without a login, as the daemon tells. */
  refusals(): number {
    return this.said.match(/^Connection closed by authenticating user/gm)?.length ?? 0;
  }

  /** Starts the daemon, also again after `stop`. */
  async listen(): Promise<void> {
    const program = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"].find((path) => existsSync(path));
    if (program === undefined) throw new Error("there is no sshd: apt-get install openssh-server");
    const daemon = spawn(program, ["-D", "-e", "-f", join(this.folder, "sshd_config")], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    daemon.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      this.said += bytes.toString();
    });
    this.daemon = daemon;
    for (let tries = 0; !(await answers(this.port)); tries++) {
      if (daemon.exitCode !== null || tries === 200) throw new Error(`sshd did not start: ${said}`);
      await sleep(50);
    }
    const key = readFileSync(join(this.folder, "host_key.pub"), "utf8").split(" ").slice(0, 2).join(" ");
    writeFileSync(join(this.folder, "known_hosts"), `[127.0.0.1]:* ${key}\n*,127.0.0.1 ${key}\n`);
  }

  /** Ends the daemon and every connection, as a host that goes down. Jobs are not touched. */
  async stop(): Promise<void> {
    const { daemon } = this;
    if (daemon?.pid === undefined || daemon.exitCode !== null) return;
    const sessions = this.connections();
    this.daemon = undefined;
    daemon.kill("SIGKILL");
    await once(daemon, "exit");
    for (const pid of sessions) kill(pid);
  }

  /** Processes that hold a connection: what the daemon has forked, down to those that dropped privileges. */
  connections(): number[] {
    const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n").map((line) => line.trim().split(/\s+/));
    const found = new Set([String(this.daemon?.pid)]);
    for (let grown = true; grown; ) {
      grown = false;
      for (const [pid = "", parent = "", name = ""] of rows) {
        if (found.has(parent) && !found.has(pid) && name.startsWith("sshd")) grown = Boolean(found.add(pid));
      }
    }
    return [...found].map(Number).filter((pid) => pid !== this.daemon?.pid);
  }

  /** The `ssh` processes of this test run that go to this server. */
  clients(): number[] {
    const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n").map((line) => line.trim().split(/\s+/));
    return rows.filter(([, parent, ...words]) => parent === String(process.pid) && words[0]?.endsWith("/ssh") === true && words.join(" ").includes(this.folder)).map(([pid]) => Number(pid));
  }

  /** Number of contents in the host's store. */
  contentCount(): number {
    return this.contents().length;
  }

  /** Paths of the host's contents. */
  contents(): string[] {
    const store = join(this.stateDir, "host", "store");
    if (!existsSync(store)) return [];
    return readdirSync(store).flatMap((folder) => readdirSync(join(store, folder)).map((name) => join(store, folder, name)));
  }

  /** Processes that the connections run: agents, and the shells around them. */
  agents(): number[] {
    const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n").map((line) => line.trim().split(/\s+/));
    const connections = new Set(this.connections().map(String));
    return rows.filter(([, parent = "", ...words]) => connections.has(parent) && !words.join(" ").startsWith("sshd")).map(([pid]) => Number(pid));
  }

  makeKey(name: string): string {
    const path = join(this.folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
    chmodSync(path, 0o600);
    return path;
  }

  /** Lets a key in. */
  allow(key: string, { command }: LoginOptions = {}): void {
    const options = [`environment="HOME=${this.home}"`, ...(command === undefined ? [] : [`command="${command.replace(/"/g, '\\"')}"`])];
    appendFileSync(join(this.folder, "authorized_keys"), `${options.join(",")} ${readFileSync(`${join(this.folder, key)}.pub`, "utf8")}`);
  }

  /** An ssh configuration of its own; the host in it is named `box`. Returns its path. */
  writeConfig(name: string, { key, port = this.port, more = [] }: { key: string; port?: number; more?: string[] }): string {
    const path = join(this.folder, name);
    writeFileSync(path, [
      "Host box", "  HostName 127.0.0.1", `  Port ${String(port)}`, `  User ${userInfo().username}`, `  IdentityFile ${join(this.folder, key)}`, "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${join(this.folder, "known_hosts")}`, "  GlobalKnownHostsFile /dev/null", "  HostKeyAlias 127.0.0.1", ...more.map((line) => `  ${line}`), "",
    ].join("\n"), { mode: 0o600 });
    return path;
  }

  /** Settings of a target on this host. */
  target(more: Record<string, unknown> = {}): { backend: string } & Record<string, unknown> {
    return { backend: "ssh", host: "box", sshConfig: join(this.folder, "config"), stateDir: this.stateDir, ...more };
  }

  async close(): Promise<void> {
    await this.stop();
    // Supervisors keep bytecode for a moment after their jobs have ended.
    for (let tries = 0; tries < 100; tries++) {
      try {
        execFileSync("chmod", ["-R", "u+rwX", this.folder], { stdio: "ignore" });
        rmSync(this.folder, { recursive: true, force: true });
        return;
      } catch {
        await sleep(200);
      }
    }
  }
}

export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => { socket.destroy(); resolve(true); });
    socket.once("error", () => { resolve(false); });
    socket.once("close", () => { resolve(false); });
  });
}
