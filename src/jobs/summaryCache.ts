/**
 * What is known of jobs that have ended, in one private file: `<state>/caches/jobs.json`. A history of a thousand jobs is
 * two thousand files to read and tens of thousands of events to go through; with this they are only looked at.
 * Nothing here is believed unless record and events still have the signature that they were read with. The first line is
 * the SHA-256 of the rest; a file that is damaged, too large or of another version counts as absent.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync, statSync, type BigIntStats } from "node:fs";
import { hash } from "node:crypto";
import { dirname, join } from "node:path";
import { isErrno } from "../base/errors.js";
import { writeAtomically } from "../base/files.js";
import { statusVersion, type JobRecord, type JobStatus } from "./job.js";
import type { JobPaths } from "./jobPaths.js";

export interface KnownJob {
  record: JobRecord;
  status: JobStatus;
  /** Bytes of events.jsonl that are in `status`. */
  read: number;
  /** Of job.json as it was read; undefined where it was not. */
  recordSignature: string | undefined;
  /** Of events.jsonl when `status` was taken from it. */
  eventsSignature: string | undefined;
}

interface Content {
  format: 1;
  /** The rules by which the states were made. */
  status: number;
  jobs: KnownJob[];
}

const mostJobs = 5000;
/** A job that says more is read from its own files. */
const mostOfOne = 16_000;
const mostBytes = 20_000_000;
/** For fewer the file is not worth its place. */
const fewest = 32;

export class SummaryCache {
  private readonly path: string;

  constructor(stateDir: string) {
    this.path = join(stateDir, "caches", "jobs.json");
  }

  /** By id, to be checked with `isStill`. Empty where there is nothing that can be used. */
  load(): Map<string, KnownJob> {
    try {
      const text = readBounded(this.path);
      const content = text === null ? null : parse(text);
      return new Map(content?.jobs.map((job) => [job.record.id, job]));
    } catch {
      // Unreadable, or no JSON of ours: everything is in the jobs' own folders.
      return new Map();
    }
  }

  /** Replaces the file by what is known of these jobs, the newest first; a failure costs only the time it would have saved. */
  save(jobs: readonly KnownJob[]): void {
    const newest = jobs.filter(isWhole).sort((a, b) => (a.record.id < b.record.id ? 1 : -1)).slice(0, mostJobs);
    const texts = newest.map((job) => JSON.stringify(job)).filter((text) => text.length <= mostOfOne);
    if (texts.length < fewest) return;
    const head = `{"format":1,"status":${String(statusVersion)},"jobs":[\n`;
    const body = `${head}${texts.join(",\n")}\n]}\n`;
    if (Buffer.byteLength(body) > mostBytes) return;
    try {
      makeFolder(dirname(this.path));
      writeAtomically(this.path, `${hash("sha256", body, "hex")}\n${body}`);
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }

  /** What was removed from the history is not kept here either. */
  clear(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // Can't be removed: `isStill` tells that the job is gone, and the next `save` writes it without.
    }
  }
}

/** Whether the job's files are those that `known` was read from. */
export function isStill(known: KnownJob, paths: JobPaths): boolean {
  return signatureAt(paths.events) === known.eventsSignature && signatureAt(paths.record) === known.recordSignature;
}

/** Size first; the modification time in nanoseconds. */
export function signatureOf({ size, mtimeNs, ino }: BigIntStats): string {
  return `${String(size)}:${String(mtimeNs)}:${String(ino)}`;
}

function signatureAt(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : signatureOf(stat);
}

/** Whether both files were read, and the events to their end. */
function isWhole({ read, recordSignature, eventsSignature }: KnownJob): boolean {
  return recordSignature !== undefined && eventsSignature?.startsWith(`${String(read)}:`) === true;
}

function parse(text: string): Content | null {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (hash("sha256", body, "hex") !== text.slice(0, end)) return null;
  const content = JSON.parse(body) as Content;
  return Number(content.format) === 1 && content.status === statusVersion ? content : null;
}

function readBounded(path: string): string | null {
  const handle = openSync(path, "r");
  try {
    const stat = fstatSync(handle);
    return stat.isFile() && stat.size <= mostBytes + 100 ? readFileSync(handle, "utf8") : null;
  } finally {
    closeSync(handle);
  }
}

/** Not its parents: a state directory that was removed meanwhile stays away. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}
