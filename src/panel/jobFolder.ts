/** Reads what a job has left in its folder. Everything in there was written by a job: names and values are checked. */
import { open, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { isErrno } from "../base/errors.js";
import type { JobPaths } from "../jobs/jobPaths.js";
import type { Manifest } from "../snapshot/manifest.js";
import { failureOf } from "./failure.js";
import type { Failure, OutputItem, ResultItem } from "./messages.js";
import { flag, list, object, text, whole } from "./schema.js";

const resultIndex = list(object({ name: text(1024), mime: text(200), file: text(512), title: text(100_000) }), 1000);
const outputIndex = list(object({ path: text(8192), size: whole(), collected: flag }), 1_000_000);

const workdirSpec = object({ workdir: text(8192) });

/** Outputs that the panel lists. */
const outputLimit = 5000;

export async function readResults(paths: JobPaths): Promise<ResultItem[]> {
  const index = await readJson(join(paths.results, "index.json"));
  if (!resultIndex(index)) return [];
  const items = index.map(async ({ file, mime, title }): Promise<ResultItem | null> => {
    const path = await fileBelow(paths.results, file);
    if (path === null) return null;
    return { name: file, title: title.slice(0, 500), mime, kind: kindOf(mime), size: (await stat(path)).size };
  });
  return (await Promise.all(items)).filter((item) => item !== null);
}

export async function readOutputs(paths: JobPaths): Promise<{ items: OutputItem[]; total: number }> {
  const index = await readJson(paths.run("outputs.json"));
  if (!outputIndex(index)) return { items: [], total: 0 };
  const working = index.some(({ collected }) => !collected) ? await workingFolder(paths) : paths.work;
  const items = index.slice(0, outputLimit).map(async ({ path, size, collected }): Promise<OutputItem> => {
    const place = collected ? "fetched" : (await fileBelow(working, path)) === null ? "elsewhere" : "working";
    return { path, size, place };
  });
  return { items: await Promise.all(items), total: index.length };
}

/** An output's file: the fetched one, else the one that the program wrote, where that was on this machine; null where there is none. */
export async function outputFile(paths: JobPaths, path: string): Promise<string | null> {
  return (await fileBelow(paths.outputs, path)) ?? fileBelow(await workingFolder(paths), path);
}

/** The program's working directory: a target may have one of its own. */
async function workingFolder(paths: JobPaths): Promise<string> {
  const spec = await readJson(paths.run("spec.json"));
  return workdirSpec(spec) && isAbsolute(spec.workdir) ? spec.workdir : paths.work;
}

/** The structured traceback, or null where the job left none. */
export async function readFailure(paths: JobPaths): Promise<Failure | null> {
  return failureOf(await readJson(join(paths.results, "error.json")));
}

/** The manifest, or null where it can't be read. Our own file: its shape is trusted. */
export async function readManifest(paths: JobPaths): Promise<Manifest | null> {
  const manifest = await readJson(paths.manifest);
  return typeof manifest === "object" && manifest !== null && "files" in manifest ? (manifest as Manifest) : null;
}

export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return 0;
    throw error;
  }
}

/** The first bytes of a file. */
export async function readStart(path: string, limit: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(Math.min(limit, (await file.stat()).size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The regular file at a relative path below a folder; null where there is none, or where the path leads out of it. */
export async function fileBelow(folder: string, relative: string): Promise<string | null> {
  const path = normalize(relative);
  if (isAbsolute(path) || path === ".." || path.startsWith(`..${sep}`) || relative.includes("\0")) return null;
  try {
    const [root, found] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return found.startsWith(root + sep) && (await stat(found)).isFile() ? found : null;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "ELOOP", "EACCES", "ENAMETOOLONG")) return null;
    throw error;
  }
}

function kindOf(mime: string): ResultItem["kind"] {
  if (mime === "application/vnd.slingshot.table+json") return "table";
  if (/^image\/(png|jpeg|gif|webp|svg\+xml)$/.test(mime)) return "image";
  return mime === "application/json" ? "json" : "text";
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (isErrno(error, "ENOENT") || error instanceof SyntaxError) return null;
    throw error;
  }
}
