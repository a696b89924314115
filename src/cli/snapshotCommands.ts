/** `slingshot diff | restore`: what a job was given, compared and brought back. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { isErrno, SlingshotError } from "../base/errors.js";
import { stateDirectory } from "../base/stateDir.js";
import { ContentStore } from "../bundle/contentStore.js";
import { restoreFiles } from "../bundle/restoreFiles.js";
import { unknownJob } from "../jobs/jobActions.js";
import { JobStore } from "../jobs/jobStore.js";
import { differences } from "../snapshot/differences.js";
import type { Manifest } from "../snapshot/manifest.js";
import { placesOf, presentDifferences } from "../snapshot/presentFiles.js";
import { usage } from "./options.js";
import { print, say } from "./output.js";

/** One line for each file that differs: M, A or D as git has them, and the path. Exit code 1 where something differs. */
export async function diffCommand(words: string[]): Promise<number> {
  const { positionals } = read(words, {});
  const [first, second, ...rest] = positionals;
  if (first === undefined || rest.length > 0) throw usage("Name one job to compare it with the workspace folder, or two.");
  const store = new JobStore(stateDirectory());
  const before = manifestOf(store, first);
  const lines = second === undefined ? await againstFolder(before) : againstSnapshot(before, manifestOf(store, second));
  for (const line of lines) print(line);
  return lines.length === 0 ? 0 : 1;
}

/** Writes a snapshot's files, or those that are named, into a folder that is new, empty, or may be written over. */
export async function restoreCommand(words: string[]): Promise<number> {
  const { values, positionals } = read(words, { overwrite: { type: "boolean" } });
  const [job, target, ...paths] = positionals;
  if (job === undefined || target === undefined) throw usage("Name the job and a folder: `slingshot restore JOB DIR [PATH…]`.");
  const stateDir = stateDirectory();
  const { files } = manifestOf(new JobStore(stateDir), job);
  const folder = resolve(target);
  const chosen = paths.length === 0 ? files : files.filter(({ path }) => paths.includes(path));
  const unknown = paths.find((path) => !files.some((file) => file.path === path));
  if (unknown !== undefined) throw usage(`The snapshot has no file "${unknown}".`);
  if (values["overwrite"] !== true && !isEmpty(folder)) throw new SlingshotError("usage", "not-empty", `${folder} is not empty.`, "Name a new folder, or add `--overwrite`.");
  await restoreFiles(chosen, folder, new ContentStore(stateDir));
  say(false, `restored ${chosen.length === 1 ? "1 file" : `${String(chosen.length)} files`} into ${folder}`);
  return 0;
}

async function againstFolder(manifest: Manifest): Promise<string[]> {
  const found = await presentDifferences(manifest.files, placesOf(manifest.workspace, []), new Map());
  return found.map(({ file, kind }) => `${kind === "gone" ? "D" : "M"} ${file.path}`);
}

function againstSnapshot(one: Manifest, other: Manifest): string[] {
  return differences(one, other).map(({ path, before, after }) => `${before === undefined ? "A" : after === undefined ? "D" : "M"} ${path}`);
}

function manifestOf(store: JobStore, name: string): Manifest {
  const job = store.find(name);
  if (job === undefined) throw unknownJob(name);
  return store.manifest(job.record.id);
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return true;
    throw error;
  }
}

function read(words: string[], options: NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw error instanceof TypeError ? usage(error.message) : error;
  }
}
