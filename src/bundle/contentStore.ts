/**
 * Content by SHA-256 below `<state>/store/<first two digits>/<digest>`, read-only, written beside and renamed.
 * Whoever holds a digest holds its bytes: nothing is ever overwritten. The modification time says when a launch last
 * asked for the content; what was asked for lately is never cleaned away (jobs/cleaning).
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hash, randomBytes } from "node:crypto";
import { SlingshotError } from "../base/errors.js";
import { markUsed } from "../base/files.js";
import type { ContentSink } from "../snapshot/request.js";

/** Milliseconds for which a process does not note again that content is in use; far less than cleaning waits. */
const noteEvery = 60 * 60 * 1000;

export class ContentStore implements ContentSink {
  readonly folder: string;
  private readonly folders = new Set<string>();
  /** Digests noted as in use since `notedSince`. */
  private readonly noted = new Set<string>();
  private notedSince = 0;

  constructor(readonly stateDir: string) {
    this.folder = join(stateDir, "store");
  }

  path(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  /**
   * Asks the disk each time: a runner removes what it found damaged, and this process must store it anew. An answer of
   * true also keeps the content from being cleaned away for the next hours.
   */
  has(sha256: string): boolean {
    const path = this.path(sha256);
    // A question for new content, the usual answer to which is no, must not cost an exception.
    return existsSync(path) && (this.isNoted(sha256) || this.note(sha256, path));
  }

  put(sha256: string, bytes: Uint8Array): void {
    if (this.has(sha256)) return;
    const path = this.path(sha256);
    const parent = join(this.folder, sha256.slice(0, 2));
    if (!this.folders.has(parent)) {
      mkdirSync(parent, { recursive: true, mode: 0o700 });
      this.folders.add(parent);
    }
    const beside = `${path}.${randomBytes(6).toString("hex")}`;
    try {
      writeFileSync(beside, bytes, { mode: 0o400, flag: "wx" });
      chmodSync(beside, 0o400);
      renameSync(beside, path);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  }

  /** The bytes, compared with their digest; what was damaged on the disk is removed, and the next launch stores it anew. */
  read(sha256: string): Buffer {
    const path = this.path(sha256);
    const bytes = readFileSync(path);
    if (hash("sha256", bytes, "hex") === sha256) return bytes;
    rmSync(path, { force: true });
    throw new SlingshotError("refused", "content-damaged", `${path} was damaged on the disk and has been removed.`, "Launch again: the content is stored anew.");
  }

  private isNoted(sha256: string): boolean {
    const since = Date.now() - this.notedSince;
    // A clock that was set back counts as well.
    if (since < 0 || since > noteEvery) {
      this.noted.clear();
      this.notedSince = Date.now();
    }
    return this.noted.has(sha256);
  }

  /** False where there is no such content. */
  private note(sha256: string, path: string): boolean {
    if (!markUsed(path)) return false;
    this.noted.add(sha256);
    return true;
  }
}
