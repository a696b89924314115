/**
 * One process follows a job at a time. The lease is a file of the job with the holder's name; its modification time is
 * the heartbeat. A lease whose heartbeat is older than `staleAfter` is stolen by renaming it away, which only one can do.
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { isErrno } from "../base/errors.js";
import { isRunning, startTicks } from "../base/processes.js";

const heartbeatEvery = 3_000;
const staleAfter = 12_000;

interface Holder {
  name: string;
  pid: number;
  ticks: number | null;
}

export class Lease {
  private readonly timer: NodeJS.Timeout;
  private readonly lost = new AbortController();

  private constructor(
    private readonly path: string,
    private readonly name: string,
  ) {
    this.timer = setInterval(() => {
      this.beat();
    }, heartbeatEvery);
    this.timer.unref();
  }

  /** Aborts when another process has taken the lease (this one slept too long). */
  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /** The lease, or undefined while another living process holds it. */
  static acquire(path: string): Lease | undefined {
    const name = `${String(process.pid)}-${randomBytes(6).toString("hex")}`;
    const holder: Holder = { name, pid: process.pid, ticks: startTicks(process.pid) };
    if (!Lease.removeStale(path)) return undefined;
    const beside = `${path}.${name}`;
    writeFileSync(beside, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
    try {
      // A hard link fails where the name exists: creation with content in one step.
      linkSync(beside, path);
      return new Lease(path, name);
    } catch (error) {
      if (isErrno(error, "EEXIST")) return undefined;
      throw error;
    } finally {
      rmSync(beside, { force: true });
    }
  }

  release(): void {
    clearInterval(this.timer);
    if (this.isMine()) rmSync(this.path, { force: true });
  }

  /** True when the way is free. */
  private static removeStale(path: string): boolean {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
      const age = Date.now() - statSync(path).mtimeMs;
      const { pid, ticks } = JSON.parse(text) as Holder;
      if (age < staleAfter && isRunning(pid, ticks)) return false;
    } catch (error) {
      if (isErrno(error, "ENOENT")) return true;
      if (isErrno(error)) throw error;
      // No holder's words: nobody's.
      text = "";
    }
    const away = `${path}.${randomBytes(6).toString("hex")}.stale`;
    try {
      renameSync(path, away);
      // Another thief may have been here between the look and the renaming: then this is the new holder's.
      if (text !== "" && readFileSync(away, "utf8") !== text) {
        linkSync(away, path);
        return false;
      }
    } catch (error) {
      if (!isErrno(error, "ENOENT", "EEXIST")) throw error;
    } finally {
      rmSync(away, { force: true });
    }
    return true;
  }

  private isMine(): boolean {
    try {
      return (JSON.parse(readFileSync(this.path, "utf8")) as Holder).name === this.name;
    } catch {
      return false;
    }
  }

  private beat(): void {
    if (!this.isMine()) {
      clearInterval(this.timer);
      this.lost.abort();
      return;
    }
    const now = new Date();
    try {
      utimesSync(this.path, now, now);
    } catch {
      // The next beat sees whether the job was removed.
    }
  }
}
