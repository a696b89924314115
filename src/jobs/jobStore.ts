/** All jobs of this user on this machine: the only owner of their records and events. */
import {
  appendFileSync, existsSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, readSync, renameSync, rmSync, fstatSync, writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isErrno } from "../base/errors.js";
import { makePrivateFolder, writeJson } from "../base/files.js";
import type { Manifest } from "../snapshot/manifest.js";
import { initialStatus, isFinal, reduce, type JobEvent, type JobRecord, type JobStatus } from "./job.js";
import { JobPaths } from "./jobPaths.js";
import { JobWatcher, type Disposable } from "./jobWatcher.js";

export interface JobSummary {
  record: JobRecord;
  status: JobStatus;
}

type NewEvent = JobEvent extends infer E ? (E extends { at: number } ? Omit<E, "at"> : never) : never;

interface Entry {
  record: JobRecord;
  status: JobStatus;
  /** Bytes of events.jsonl that are in `status`. */
  read: number;
}

const jobId = /^[0-9A-HJKMNP-TV-Z]{26}$/;

export class JobStore {
  private readonly folder: string;
  private readonly entries = new Map<string, Entry>();
  private readonly bad = new Map<string, string>();
  private watcher: JobWatcher | undefined;

  constructor(readonly stateDir: string) {
    this.folder = join(stateDir, "jobs");
  }

  paths(id: string): JobPaths {
    return new JobPaths(this.stateDir, id);
  }

  /** Folders that hold no readable job, with the reason; they are left where they are. */
  get problems(): ReadonlyMap<string, string> {
    return this.bad;
  }

  /** Writes the job's folder in one step: a reader finds it whole or not at all. */
  create(record: JobRecord, manifest: Manifest): JobPaths {
    makePrivateFolder(this.folder);
    const building = new JobPaths(this.stateDir, `.${record.id}`);
    for (const folder of [building.folder, building.results, building.outputs, join(building.folder, "run")]) mkdirSync(folder, { mode: 0o700 });
    writeJson(building.manifest, manifest);
    writeFileSync(building.events, "", { mode: 0o600 });
    writeJson(building.record, record, { durable: true });
    const paths = this.paths(record.id);
    renameSync(building.folder, paths.folder);
    this.entries.set(record.id, { record, status: initialStatus, read: 0 });
    this.watcher?.changed([record.id]);
    return paths;
  }

  /** Appends one event; the state that every reader sees follows from the events alone. */
  append(id: string, event: NewEvent): JobStatus {
    appendFileSync(this.paths(id).events, JSON.stringify({ at: Date.now(), ...event }) + "\n", { mode: 0o600 });
    const status = this.get(id)?.status ?? initialStatus;
    this.watcher?.changed([id]);
    return status;
  }

  get(id: string): JobSummary | undefined {
    if (!jobId.test(id)) return undefined;
    let entry = this.entries.get(id);
    try {
      if (entry === undefined) {
        const record = JSON.parse(readFileSync(this.paths(id).record, "utf8")) as JobRecord;
        if (record.id !== id || typeof record.target.backend !== "string") throw new SyntaxError("the record is not a job's");
        entry = { record, status: initialStatus, read: 0 };
        this.entries.set(id, entry);
      }
      this.catchUp(id, entry);
      return entry;
    } catch (error) {
      this.entries.delete(id);
      if (isErrno(error, "ENOENT") && !existsSync(this.paths(id).folder)) this.bad.delete(id);
      else this.bad.set(id, String(error));
      return undefined;
    }
  }

  manifest(id: string): Manifest {
    return JSON.parse(readFileSync(this.paths(id).manifest, "utf8")) as Manifest;
  }

  /** Newest first. */
  list(): JobSummary[] {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch (error) {
      if (isErrno(error, "ENOENT")) return [];
      throw error;
    }
    const jobs: JobSummary[] = [];
    for (const name of names.sort().reverse()) {
      const job = jobId.test(name) ? this.get(name) : undefined;
      if (job !== undefined) jobs.push(job);
    }
    return jobs;
  }

  /** The one job whose id begins with `prefix` (any case); undefined where none or several do. */
  find(prefix: string): JobSummary | undefined {
    const wanted = prefix.toUpperCase();
    const whole = this.get(wanted);
    if (whole !== undefined) return whole;
    const matches = this.list().filter((job) => job.record.id.startsWith(wanted) || job.record.id.endsWith(wanted));
    return matches.length === 1 ? matches[0] : undefined;
  }

  /** Removes a job's folder: first out of sight, then from the disk. */
  remove(id: string): void {
    const away = new JobPaths(this.stateDir, `.${id}.removed`).folder;
    try {
      renameSync(this.paths(id).folder, away);
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
    }
    rmSync(away, { recursive: true, force: true });
    this.entries.delete(id);
    this.bad.delete(id);
    this.watcher?.changed([id]);
  }

  /** Calls the listener with the ids of jobs that came, went or changed, whichever process changed them. */
  readonly onDidChange = (listener: (ids: string[]) => void): Disposable => {
    makePrivateFolder(this.folder);
    this.watcher ??= new JobWatcher(this.folder, () => this.unfinished(), (id) => this.eventBytes(id));
    return this.watcher.listen(listener);
  };

  private unfinished(): string[] {
    return this.list()
      .filter((job) => !isFinal(job.status.state))
      .map((job) => job.record.id);
  }

  private eventBytes(id: string): number {
    return this.get(id) === undefined ? -1 : (this.entries.get(id)?.read ?? -1);
  }

  private catchUp(id: string, entry: Entry): void {
    const handle = openSync(this.paths(id).events, "r");
    try {
      const size = fstatSync(handle).size;
      if (size <= entry.read) return;
      const bytes = Buffer.alloc(size - entry.read);
      const got = readSync(handle, bytes, 0, bytes.length, entry.read);
      const end = bytes.lastIndexOf(10, got - 1) + 1;
      for (const line of bytes.subarray(0, end).toString("utf8").split("\n")) {
        const event = line === "" ? undefined : parseEvent(line);
        if (event !== undefined) entry.status = reduce(entry.status, event);
      }
      entry.read += end;
    } finally {
      closeSync(handle);
    }
  }
}

/** A line that a full disk or a crash cut short says nothing; the others still count. */
function parseEvent(line: string): JobEvent | undefined {
  try {
    return JSON.parse(line) as JobEvent;
  } catch {
    return undefined;
  }
}
