/** Every path of a job, in one place. The job's folder is `<state>/jobs/<id>/`. */
import { join } from "node:path";

export class JobPaths {
  readonly folder: string;

  constructor(
    readonly stateDir: string,
    readonly id: string,
  ) {
    this.folder = join(stateDir, "jobs", id);
  }

  get record(): string {
    return join(this.folder, "job.json");
  }
  get manifest(): string {
    return join(this.folder, "manifest.json");
  }
  get events(): string {
    return join(this.folder, "events.jsonl");
  }
  get lease(): string {
    return join(this.folder, "lease.json");
  }
  /** The program's standard output and error, in order of arrival, byte for byte. */
  log(attempt = 1): string {
    return join(this.folder, attempt === 1 ? "out.log" : `out.${String(attempt)}.log`);
  }
  /** 24-byte records that say which bytes of the log are of which stream: see jobs/logIndex.ts. */
  logIndex(attempt = 1): string {
    return join(this.folder, attempt === 1 ? "out.idx" : `out.${String(attempt)}.idx`);
  }
  /** The engine's own chatter (log4j and the like), never mixed into the program's log. */
  get engineLog(): string {
    return join(this.folder, "engine.log");
  }
  /** `index.json` and one file per result. */
  get results(): string {
    return join(this.folder, "results");
  }
  get outputs(): string {
    return join(this.folder, "outputs");
  }
  /** The program's own working directory on engines that run on this machine. */
  get work(): string {
    return join(this.folder, "work");
  }
  /** Private to the runner and its supervisor. */
  run(name: "spec.json" | "env.json" | "supervisor.json" | "exit.json" | "supervisor.err" | "outputs.json"): string {
    return join(this.folder, "run", name);
  }
}
