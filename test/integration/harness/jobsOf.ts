import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/** What the command line says of a job (`slingshot jobs --json`). */
export interface ListedJob { readonly id: string; readonly state: string; readonly title: string; readonly target: { readonly name: string } }

const pollMs = 1_000;
const final = ["succeeded", "failed", "cancelled", "lost"];

/** The jobs of the user whose home a VS Code has, seen through the command line that lies in the extension, as a user at a shell would see them. */
export class JobsOf {
  constructor(private readonly home: string, private readonly extension: string) {}

  async command(...argv: string[]): Promise<string> {
    const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("XDG_"))), HOME: this.home };
    return (await promisify(execFile)(process.execPath, [join(this.extension, "dist", "cli.js"), ...argv], { env, cwd: this.home, maxBuffer: 1 << 28 })).stdout;
  }

  async list(): Promise<ListedJob[]> {
    return JSON.parse(await this.command("jobs", "--json")) as ListedJob[];
  }

  /** Resolves when the job reached the state, or any final one. */
  async until(id: string, ...states: string[]): Promise<ListedJob> {
    for (;;) {
      const job = (await this.list()).find((one) => one.id === id);
      if (job !== undefined && (states.includes(job.state) || final.includes(job.state))) return job;
      await delay(pollMs);
    }
  }

  /** Resolves with the job that is not among `known`, as soon as there is one. */
  async next(known: readonly ListedJob[]): Promise<ListedJob> {
    for (;;) {
      const found = (await this.list()).find((job) => !known.some((one) => one.id === job.id));
      if (found !== undefined) return found;
      await delay(pollMs);
    }
  }

  /** The job's whole log, as it lies in the state directory. */
  log(id: string): string {
    return readFileSync(join(this.folder(id), "out.log"), "utf8");
  }

  folder(id: string): string {
    return join(this.home, ".local", "state", "slingshot", "jobs", id);
  }

  /** Ends whatever still runs, so that no test leaves a process. */
  async cancelAll(): Promise<void> {
    for (const job of await this.list()) {
      if (!final.includes(job.state)) await this.command("cancel", job.id);
    }
  }
}
