/**
 * Archives whose bytes follow from their content alone: sorted names, one fixed time, explicit directory entries, files
 * stored rather than deflated. Written with `archiver`, beside and renamed.
 */
import { createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { randomBytes } from "node:crypto";
import { makePrivateFolder } from "../base/files.js";

/** One file of an archive. `mode` in octal digits. */
export interface ArchiveEntry {
  path: string;
  mode: "644" | "755";
  content: () => Buffer;
}

/** 1980-01-01 00:00 UTC: the first time that a zip can express. */
const fixedTime = new Date(Date.UTC(1980, 0, 1));

/** Writes `path` unless it exists. Entries are sorted by the bytes of their path. */
export async function writeArchive(path: string, format: "zip" | "tar", entries: readonly ArchiveEntry[]): Promise<void> {
  if (existsSync(path)) return;
  // Loaded with the first archive: most launches write none, and the extension's activation pays for what it imports.
  const { TarArchive, ZipArchive } = await import("archiver");
  makePrivateFolder(dirname(path));
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  const output = createWriteStream(beside, { mode: 0o600, flags: "wx" });
  const archive = format === "zip" ? new ZipArchive({ store: true }) : new TarArchive({});
  try {
    await once(output, "open");
    const failed = new Promise<never>((_resolve, reject) => {
      archive.once("error", reject);
      output.once("error", reject);
    });
    archive.pipe(output);
    const done = finished(output);
    done.catch(() => undefined);
    failed.catch(() => undefined);
    for (const entry of withFolders(entries)) {
      const isFolder = entry.path.endsWith("/");
      archive.append(isFolder ? Buffer.alloc(0) : entry.content(), {
        name: entry.path,
        date: fixedTime,
        mode: Number.parseInt(entry.mode, 8),
      });
    }
    await Promise.race([Promise.all([archive.finalize(), done]), failed]);
    renameSync(beside, path);
  } catch (error) {
    output.destroy();
    rmSync(beside, { force: true });
    throw error;
  }
}

function withFolders(entries: readonly ArchiveEntry[]): ArchiveEntry[] {
  const folders = new Set<string>();
  for (const { path } of entries) {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) folders.add(path.slice(0, at + 1));
  }
  const all = [...entries, ...[...folders].map((path): ArchiveEntry => ({ path, mode: "755", content: () => Buffer.alloc(0) }))];
  return all.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
