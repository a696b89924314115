/** One connection to a host: an `ssh` process and the agent (src/runner/agent.py) at its other end. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { findProgram } from "../../../base/findProgram.js";
import { SlingshotError } from "../../../base/errors.js";
import { encodeFrame, FrameReader, type Frame } from "./frames.js";
import { bootRefusal, hostRefusal, HostUnreachable } from "./hostRefusal.js";
import type { HostPlace } from "./hostPlace.js";
import { bootBytes, sshArguments } from "./sshCommand.js";

/** Milliseconds. */
const helloLimit = 30_000;
const askAfter = 5_000;
const silenceLimit = 18_000;
const looks = 2_500;
/** Characters of what a login prints that are kept for messages. */
const keptText = 8_192;

interface Pending {
  resolve(frame: Frame): void;
  reject(error: Error): void;
}

/** A request that the agent refused. `code`: see the agent's `Fault`s. */
export class AgentFault extends SlingshotError {
  constructor(code: string, message: string, remedy: string) {
    super("unavailable", code, message, remedy);
  }
}

const remedies: Readonly<Record<string, string>> = {
  "disk-full": "Free some space there, or set `stateDir` of the target to a folder on another disk.",
  "state-dir": "Set `stateDir` of the target to a folder on the host that you may write.",
  agent: "Try again; if it stays, look at the output channel.",
};

export class AgentSession {
  /** Of the host: Slingshot's folder there, free bytes of its disk, the interpreter. */
  info = { root: "", free: 0, node: "", python: "", executable: "" };
  /** Why it ended; undefined while it stands. */
  failure: HostUnreachable | undefined;
  private readonly frames = new FrameReader();
  private readonly pending = new Map<number, Pending>();
  private readonly timer: NodeJS.Timeout;
  private count = 0;
  private stderr = "";
  private printed = "";
  private connected = false;
  private heardAt = performance.now();
  private askedAt: number | undefined;
  private writing: Promise<void> = Promise.resolve();
  lastUsedAt = performance.now();
  readonly openedAt = performance.now();
  /** Whether it has brought a job further: log came in, or content went out. */
  fruitful = false;

  private constructor(
    private readonly place: HostPlace,
    private readonly child: ChildProcessByStdio<Writable, Readable, Readable>,
    private readonly nonce: string,
  ) {
    this.timer = setInterval(() => { this.look(); }, looks);
    this.timer.unref();
    child.stderr.setEncoding("utf8").on("data", (text: string) => { this.stderr = (this.stderr + text).slice(-keptText); });
    child.stdin.on("error", () => undefined);
  }

  /** Connects and waits for the agent. Throws `HostUnreachable`, or an `AgentFault` for a host that can't be used. */
  static async open(place: HostPlace, runnerDir: string): Promise<AgentSession> {
    const program = findProgram("ssh", "/");
    if (program === undefined) throw new HostUnreachable("no-ssh", "There is no ssh program on this machine.", "Install OpenSSH's client (Debian: apt-get install openssh-client).", true);
    const nonce = randomBytes(12).toString("hex");
    // A session of its own: an interrupt in the terminal is not meant for it, and it must not ask questions there.
    const child = spawn(program, sshArguments(place), { detached: true, env: environment(), shell: false, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
    const session = new AgentSession(place, child, nonce);
    try {
      // Asked before the agent is there, so that a distant host is waited for once.
      const greeted = session.greet(runnerDir);
      const [{ header }] = await Promise.all([session.request({ do: "open", stateDir: place.stateDir }), greeted]);
      session.info = { ...session.info, root: String(header["root"]), free: Number(header["free"]), node: String(header["node"]) };
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  private greet(runnerDir: string): Promise<void> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => { this.fail(new HostUnreachable("no-answer", `${this.place.host} did not answer within ${String(helloLimit / 1000)} s.`, "Check the network, and whether the host is overloaded.", false)); }, helloLimit);
      this.pending.set(0, { resolve: () => { clearTimeout(limit); resolve(); }, reject: (error) => { clearTimeout(limit); reject(error); } });
      child.once("error", (error) => { this.fail(new HostUnreachable("ssh-not-started", `ssh could not be started: ${error.message}.`, "See whether `ssh` works in a terminal.", false, { cause: error })); });
      // Not `exit`: what it said is read to the end first.
      child.once("close", (code) => { this.fail(hostRefusal(this.place, { code, stderr: this.stderr, printed: this.printed, connected: this.connected })); });
      child.stdout.on("data", (chunk: Buffer) => { this.take(chunk); });
      child.stdin.write(bootBytes(this.nonce, this.place.python === null, ...agentSources(runnerDir)));
    });
  }

  /** Asks the agent. Aborting ends the waiting, there too. Throws `HostUnreachable` or `AgentFault`. */
  async request(header: Record<string, unknown>, body?: Uint8Array, signal?: AbortSignal): Promise<Frame> {
    if (this.failure !== undefined) throw this.failure;
    signal?.throwIfAborted();
    const number = ++this.count;
    this.lastUsedAt = performance.now();
    let stop = (): void => undefined;
    const answer = new Promise<Frame>((resolve, reject) => {
      this.pending.set(number, { resolve, reject });
      stop = () => {
        if (!this.pending.delete(number)) return;
        void this.send({ n: ++this.count, do: "forget", request: number });
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
    });
    answer.catch(() => undefined);
    signal?.addEventListener("abort", stop, { once: true });
    this.keepAlive(true);
    try {
      await this.send({ ...header, n: number }, body);
      const frame = await answer;
      if (typeof frame.header["fault"] === "string") throw this.faultOf(frame.header);
      return frame;
    } finally {
      signal?.removeEventListener("abort", stop);
      this.lastUsedAt = performance.now();
      if (this.pending.size === 0) this.keepAlive(false);
    }
  }

  get busy(): boolean {
    return this.pending.size > 0;
  }

  close(): void {
    this.fail(new HostUnreachable("connection-closed", `The connection to ${this.place.host} was closed.`, "", false));
  }

  /** In the order of the calls, although compressing one takes its time. */
  private send(header: Record<string, unknown>, body?: Uint8Array): Promise<void> {
    const frame = encodeFrame(header, body);
    this.writing = Promise.all([this.writing, frame]).then(([, bytes]) => { if (this.failure === undefined) this.child.stdin.write(bytes); });
    return this.writing;
  }

  private take(chunk: Buffer): void {
    this.heardAt = performance.now();
    this.askedAt = undefined;
    try {
      const rest = this.connected ? chunk : this.findHello(chunk);
      if (rest === undefined) return;
      for (const frame of this.frames.add(rest)) {
        const number = Number(frame.header["n"]);
        const pending = this.pending.get(number);
        this.pending.delete(number);
        pending?.resolve(frame);
      }
    } catch (error) {
      this.fail(error instanceof HostUnreachable ? error : new HostUnreachable("garbled", `What came from ${this.place.host} could not be read: ${String(error)}.`, "The connection is made again.", false, { cause: error }));
    }
  }

  /** What a login prints before the agent's first line is nobody's. Returns what follows that line. */
  private findHello(chunk: Buffer): Buffer | undefined {
    const text = this.printed + chunk.toString("latin1");
    const start = text.indexOf(`\nslingshot ${this.nonce} `);
    const end = start === -1 ? -1 : text.indexOf("\n", start + 1);
    if (end === -1) {
      this.printed = start === -1 ? text.slice(-keptText) : text.slice(start);
      return undefined;
    }
    const said = JSON.parse(text.slice(start + this.nonce.length + 12, end)) as Record<string, unknown>;
    if (said["refused"] !== undefined) throw bootRefusal(this.place, String(said["version"]), String(said["executable"]));
    this.info = { ...this.info, python: String(said["python"]), executable: String(said["executable"]) };
    this.connected = true;
    const hello = this.pending.get(0);
    this.pending.delete(0);
    hello?.resolve({ header: said, body: Buffer.alloc(0) });
    return chunk.subarray(chunk.length - (text.length - end - 1));
  }

  /** A connection that says nothing may be dead without an end: it is asked, and given up where it stays silent. */
  private look(): void {
    if (!this.connected) return;
    const now = performance.now();
    if (this.askedAt !== undefined && now - this.askedAt > silenceLimit - askAfter) {
      this.fail(new HostUnreachable("no-answer", `${this.place.host} does not answer any more.`, "Check the network or VPN.", false));
    } else if (this.askedAt === undefined && now - this.heardAt > askAfter) {
      this.askedAt = now;
      void this.send({ n: ++this.count, do: "ping" });
    }
  }

  private fail(error: HostUnreachable): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    clearInterval(this.timer);
    for (const pending of this.pending.values()) pending.reject(error);
    this.pending.clear();
    this.child.unref();
    this.child.stdin.destroy();
    this.child.kill("SIGKILL");
  }

  private faultOf(header: Record<string, unknown>): AgentFault {
    const code = String(header["fault"]);
    return new AgentFault(code, `${this.place.host}: ${String(header["text"])}`, remedies[code] ?? "Try again.");
  }

  /** This process may end while nothing is asked; the agent ends with its input. */
  private keepAlive(wanted: boolean): void {
    if (this.failure !== undefined) return;
    const parts = [this.child, this.child.stdin, this.child.stdout, this.child.stderr];
    for (const part of parts) {
      if (!(part instanceof Socket) && part !== this.child) continue;
      if (wanted) part.ref();
      else part.unref();
    }
  }
}

/** Never handed to ssh, which may send variables on: they belong to this process or are secrets. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SLINGSHOT_SECRET_|ELECTRON_RUN_AS_NODE$|NODE_OPTIONS$|NODE_CHANNEL_FD$)/.test(name)));
}

/** The boot program and the agent's modules, those first that others import. */
function agentSources(runnerDir: string): [boot: string, modules: Record<string, string>] {
  const read = (name: string): string => readFileSync(join(runnerDir, name), "utf8");
  const present = readdirSync(runnerDir).filter((name) => /^agent(_\w+)?\.py$/.test(name) && name !== "agent_boot.py");
  const first = ["agent_wire.py", "agent_process.py", "agent_store.py", "agent_log.py", "agent_cleaning.py", "agent_jobs.py", "agent.py"];
  const names = [...first.filter((name) => present.includes(name)), ...present.filter((name) => !first.includes(name))];
  return [read("agent_boot.py"), Object.fromEntries(names.map((name) => [name.slice(0, -3), read(name)]))];
}
