// Where the set-up puts what is larger than the clone, shared by all clones of the same user and keyed by pinned versions.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export const cacheFolder = process.env.SLINGSHOT_DEV_CACHE ?? join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slingshot-dev");

const finished = ".finished";
const lockPollMs = 500;

/**
 * A folder of the cache whose name holds what decides its content. Made once: `make(folder)` runs where it is not finished, on an empty folder,
 * by one process at a time.
 * @param {string} name
 * @param {readonly string[]} decides versions and the like
 * @param {(folder: string) => Promise<void>} make
 * @returns {Promise<{ folder: string, made: boolean }>}
 */
export async function cached(name, decides, make) {
  const key = createHash("sha256").update(decides.join("\n")).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, `${name}-${key}`);
  if (existsSync(join(folder, finished))) return { folder, made: false };
  mkdirSync(cacheFolder, { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (existsSync(join(folder, finished))) return { folder, made: false };
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await make(folder);
    writeFileSync(join(folder, finished), `${decides.join("\n")}\n`);
    return { folder, made: true };
  } finally {
    unlock();
  }
}

/** Waits for the lock file; one left by a process that is gone is taken over. */
async function lock(path) {
  for (let told = false; ; ) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return () => { rmSync(path, { force: true }); };
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const owner = ownerOf(path);
    if (owner !== undefined && !alive(owner)) { rmSync(path, { force: true }); continue; }
    if (!told) console.log(`set-up: waiting for another set-up (process ${owner ?? "unknown"}; if there is none, remove ${path})`);
    told = true;
    await new Promise((resolve) => { setTimeout(resolve, lockPollMs); });
  }
}

function ownerOf(path) {
  try { return Number(readFileSync(path, "utf8")) || undefined; } catch { return undefined; }
}

function alive(pid) {
  try { process.kill(pid, 0); return true; } catch (error) { return error.code === "EPERM"; }
}
