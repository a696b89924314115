/** All jobs of this user on this machine: the only owner of their records and events. */
import {
  appendFileSync, existsSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, readSync, renameSync, rmSync, fstatSync, statSync, writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isErrno } from "../base/errors.js";
import { makePrivateFolder, writeJson } from "../base/files.js";
import type { Manifest } from "../snapshot/manifest.js";
import { initialStatus, isFinal, reduce, type JobEvent, type JobRecord, type JobStatus } from "./job.js";
import { JobPaths } from "./jobPaths.js";
import { JobWatcher, type Disposable } from "./jobWatcher.js";
import { isStill, signatureOf, SummaryCache, type KnownJob } from "./summaryCache.js";

export interface JobSummary {
  record: JobRecord;
  status: JobStatus;
}

type NewEvent = JobEvent extends infer E ? (E extends { at: number } ? Omit<E, "at"> : never) : never;

/** Ended jobs that were read one by one before their summaries are written anew; and how long after (milliseconds). */
const worthKeeping = 32;
const keepAfter = 10_000;

const jobId = /^[0-9A-HJKMNP-TV-Z]{26}$/;

export function isJobId(name: string): boolean {
  return jobId.test(name);
}

export class JobStore {
  private readonly folder: string;
  private readonly entries = new Map<string, KnownJob>();
  private readonly bad = new Map<string, string>();
  private watcher: JobWatcher | undefined;
  private readonly cache: SummaryCache;
  /** What the cache holds and was not asked for yet; read by the first list. */
  private kept: Map<string, KnownJob> | undefined;
  /** Ended jobs that the cache did not know. */
  private unkept = 0;
  private keeping: NodeJS.Timeout | undefined;

  constructor(readonly stateDir: string) {
    this.folder = join(stateDir, "jobs");
    this.cache = new SummaryCache(stateDir);
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
    const paths = this.paths(record.id);
    try {
      for (const folder of [building.folder, building.results, building.outputs, join(building.folder, "run")]) mkdirSync(folder, { mode: 0o700 });
      writeJson(building.manifest, manifest);
      writeFileSync(building.events, "", { mode: 0o600 });
      writeJson(building.record, record, { durable: true });
      renameSync(building.folder, paths.folder);
    } catch (error) {
      rmSync(building.folder, { recursive: true, force: true });
      throw error;
    }
    this.entries.set(record.id, { record, status: initialStatus, read: 0, recordSignature: undefined, eventsSignature: undefined });
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
      if (entry !== undefined) {
        this.catchUp(id, entry);
        return entry;
      }
      entry = this.keptEntry(id) ?? this.readEntry(id);
      this.entries.set(id, entry);
      this.bad.delete(id);
      return entry;
    } catch (error) {
      // Out of descriptors for a moment: the job is as it was.
      if (entry !== undefined && isErrno(error, "EMFILE", "ENFILE")) return entry;
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
    this.kept ??= this.cache.load();
    const jobs: JobSummary[] = [];
    for (const id of this.ids().sort().reverse()) {
      const job = this.get(id);
      if (job !== undefined) jobs.push(job);
    }
    // What is left is of jobs that were removed.
    if (this.unkept >= worthKeeping || this.kept.size > 0) this.keepSoon();
    this.kept.clear();
    return jobs;
  }

  /** Writes what was read of ended jobs to where the next process finds it. A window does so by itself, a while after a list. */
  keepSummaries(): void {
    let there: Set<string>;
    try {
      there = new Set(this.ids());
    } catch {
      // The folder can't be listed now: whoever asks for the list hears why.
      return;
    }
    this.cache.save([...this.entries.values()].filter(({ record, status }) => isFinal(status.state) && there.has(record.id)));
    this.unkept = 0;
  }

  /** Of all folders that have a job's name, in no order. */
  ids(): string[] {
    try {
      return readdirSync(this.folder).filter(isJobId);
    } catch (error) {
      if (isErrno(error, "ENOENT")) return [];
      throw error;
    }
  }

  /** The one job whose id begins with `prefix` (any case); undefined where none or several do. */
  find(prefix: string): JobSummary | undefined {
    if (prefix === "") return undefined;
    const wanted = prefix.toUpperCase();
    const whole = this.get(wanted);
    if (whole !== undefined) return whole;
    const matches = this.list().filter((job) => job.record.id.startsWith(wanted) || job.record.id.endsWith(wanted));
    return matches.length === 1 ? matches[0] : undefined;
  }

  /** Removes a job's folder: first out of sight, then from the disk. */
  remove(id: string): void {
    rmSync(this.putAway(id), { recursive: true, force: true });
  }

  /** Takes a job out of sight in one step. Returns the hidden folder, which the caller deletes; cleaning does where that fails. */
  putAway(id: string): string {
    const away = new JobPaths(this.stateDir, `.${id}.removed`).folder;
    try {
      renameSync(this.paths(id).folder, away);
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
    }
    this.entries.delete(id);
    this.bad.delete(id);
    this.cache.clear();
    this.keepSoon();
    this.watcher?.changed([id]);
    return away;
  }

  /** Calls the listener with the ids of jobs that came, went or changed, whichever process changed them. */
  readonly onDidChange = (listener: (ids: string[]) => void): Disposable => {
    try {
      makePrivateFolder(this.folder);
    } catch {
      // A launch says what is wrong with the folder; until then there are no jobs in it.
    }
    this.watcher ??= new JobWatcher(this.folder, () => this.unfinished(), (id) => this.eventBytes(id), (id) => this.isSettled(id));
    return this.watcher.listen(listener);
  };

  private unfinished(): string[] {
    try {
      return this.list()
        .filter((job) => !isFinal(job.status.state))
        .map((job) => job.record.id);
    } catch {
      return [];
    }
  }

  /** Whether nothing more is expected of the job: it ended a while ago. */
  private isSettled(id: string): boolean {
    const status = this.entries.get(id)?.status;
    return status === undefined || (isFinal(status.state) && Math.abs(Date.now() - (status.endedAt ?? 0)) > 10_000);
  }

  private eventBytes(id: string): number {
    return this.get(id) === undefined ? -1 : (this.entries.get(id)?.read ?? -1);
  }

  private keepSoon(): void {
    this.keeping ??= setTimeout(() => {
      this.keeping = undefined;
      this.keepSummaries();
    }, keepAfter).unref();
  }

  private keptEntry(id: string): KnownJob | undefined {
    const known = this.kept?.get(id);
    this.kept?.delete(id);
    return known !== undefined && isStill(known, this.paths(id)) ? known : undefined;
  }

  private readEntry(id: string): KnownJob {
    const { text, signature } = readSigned(this.paths(id).record);
    const record = JSON.parse(text) as JobRecord;
    if (record.id !== id || typeof record.target.backend !== "string") throw new SyntaxError("the record is not a job's");
    if (Number(record.version) !== 1) throw new SyntaxError("a newer Slingshot wrote it: update this one");
    const entry = { record, status: initialStatus, read: 0, recordSignature: signature, eventsSignature: undefined };
    this.readEvents(id, entry);
    if (isFinal(entry.status.state)) this.unkept++;
    return entry;
  }

  private catchUp(id: string, entry: KnownJob): void {
    if (statSync(this.paths(id).events).size > entry.read) this.readEvents(id, entry);
  }

  private readEvents(id: string, entry: KnownJob): void {
    const handle = openSync(this.paths(id).events, "r");
    try {
      const stat = fstatSync(handle, { bigint: true });
      const size = Number(stat.size);
      entry.eventsSignature = signatureOf(stat);
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

/** A small file, and its signature from before it was read. */
function readSigned(path: string): { text: string; signature: string } {
  const handle = openSync(path, "r");
  try {
    const signature = signatureOf(fstatSync(handle, { bigint: true }));
    return { text: readFileSync(handle, "utf8"), signature };
  } finally {
    closeSync(handle);
  }
}

/**
 * A line that a full disk or a crash cut short says nothing; the others still count, also one that was appended to such
 * a stump. Every event begins with its time.
 */
function parseEvent(line: string): JobEvent | undefined {
  const whole = eventIn(line);
  if (whole !== undefined) return whole;
  const start = line.lastIndexOf('{"at":');
  return start > 0 ? eventIn(line.slice(start)) : undefined;
}

function eventIn(text: string): JobEvent | undefined {
  try {
    const event: unknown = JSON.parse(text);
    return typeof event === "object" && event !== null && "type" in event ? (event as JobEvent) : undefined;
  } catch {
    return undefined;
  }
}
