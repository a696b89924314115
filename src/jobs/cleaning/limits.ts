/** How much of the past is kept, and when it was cleaned last: `<state>/cleaning.json`. VS Code's settings count for the command line too. */
import { join } from "node:path";
import { SlingshotError } from "../../base/errors.js";
import { makePrivateFolder, readJson, writeJson } from "../../base/files.js";
import { parseSize } from "../../project/quantities.js";

export interface HistoryLimits {
  /** Milliseconds after its end for which a job is kept; null: for good. */
  maxAge: number | null;
  /** Bytes that everything may have together; null: any number. */
  maxSize: number | null;
}

const day = 24 * 60 * 60 * 1000;
const every = day;

export const defaultLimits: HistoryLimits = { maxAge: 30 * day, maxSize: 5e9 };

interface Noted {
  limits?: HistoryLimits;
  /** Milliseconds since the epoch. */
  cleanedAt?: number;
}

/** Limits in the units of people: days and gigabytes, 0 for no limit. */
export function limitsOf(days: number, gigabytes: number): HistoryLimits {
  return { maxAge: days > 0 ? days * day : null, maxSize: gigabytes > 0 ? gigabytes * 1e9 : null };
}

/** Keeps the editor's settings for the command line, which can't read them. */
export function noteLimits(stateDir: string, limits: HistoryLimits): void {
  const noted = read(stateDir);
  if (JSON.stringify(noted.limits) !== JSON.stringify(limits)) write(stateDir, { ...noted, limits });
}

/**
 * What the command line cleans by: its options, else `SLINGSHOT_HISTORY_MAX_AGE` (days) and `SLINGSHOT_HISTORY_MAX_SIZE`
 * (`5 GB`), else the editor's settings, else the defaults. @throws SlingshotError for a value that says nothing
 */
export function limitsFor(stateDir: string, env: NodeJS.ProcessEnv, options: { maxAge?: string; maxSize?: string } = {}): HistoryLimits {
  const noted = read(stateDir).limits ?? defaultLimits;
  const [age, size] = [options.maxAge ?? env["SLINGSHOT_HISTORY_MAX_AGE"], options.maxSize ?? env["SLINGSHOT_HISTORY_MAX_SIZE"]];
  return {
    maxAge: age === undefined || age === "" ? noted.maxAge : limitsOf(daysOf(age), 0).maxAge,
    maxSize: size === undefined || size === "" ? noted.maxSize : limitsOf(0, bytesOf(size) / 1e9).maxSize,
  };
}

/** Whether a day has gone since everything was cleaned; also where the clock was set back. */
export function isDue(stateDir: string, now = Date.now()): boolean {
  const since = now - (read(stateDir).cleanedAt ?? 0);
  return since > every || since < 0;
}

export function noteCleaned(stateDir: string, cleanedAt: number): void {
  write(stateDir, { ...read(stateDir), cleanedAt });
}

function read(stateDir: string): Noted {
  try {
    return readJson<Noted>(join(stateDir, "cleaning.json")) ?? {};
  } catch {
    // Damaged: it is written anew.
    return {};
  }
}

function write(stateDir: string, noted: Noted): void {
  makePrivateFolder(stateDir);
  writeJson(join(stateDir, "cleaning.json"), noted);
}

function daysOf(text: string): number {
  if (/^\s*\d+(\.\d+)?\s*(d|days?)?\s*$/i.test(text)) return Number.parseFloat(text);
  throw new SlingshotError("usage", "history-age", `"${text}" is no number of days.`, "Give a number, as 30; 0 means for good.");
}

function bytesOf(text: string): number {
  const bytes = parseSize(text);
  if (bytes !== undefined) return bytes;
  throw new SlingshotError("usage", "history-size", `"${text}" is no size.`, "Give one as `5 GB`; 0 means any.");
}
