/**
 * Archives that are kept between launches. The digest of an archive's own bytes stands beside it in `<archive>.sha256`:
 * what was damaged on the disk is not sent, but written anew. The seal's modification time says when the archive was last
 * asked for: cleaning goes by it (jobs/cleaning).
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { markUsed, writeAtomically } from "../base/files.js";
import { writeArchive, type ArchiveEntry } from "./archive.js";

/** Archives that this process has found whole, by what stat says of them. */
const whole = new Map<string, string>();

/** Makes sure that the archive of `entries` lies whole at `path`. */
export async function keepArchive(path: string, format: "zip" | "tar", entries: readonly ArchiveEntry[]): Promise<void> {
  if (await isWhole(path)) return;
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await writeArchive(beside, format, entries);
    // First the seal: an archive without its own is written again.
    writeAtomically(sealOf(path), await digestOf(beside));
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function sealOf(path: string): string {
  return `${path}.sha256`;
}

async function isWhole(path: string): Promise<boolean> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !markUsed(sealOf(path))) return false;
  const state = [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join(" ");
  if (whole.get(path) === state) return true;
  if ((await digestOf(path)) !== readFileSync(sealOf(path), "utf8")) return false;
  whole.set(path, state);
  return true;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
