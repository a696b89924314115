/**
 * Content by SHA-256 below `<state>/store/<first two digits>/<digest>`, read-only, written beside and renamed.
 * Whoever holds a digest holds its bytes: nothing is ever overwritten.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hash, randomBytes } from "node:crypto";
import { SlingshotError } from "../base/errors.js";
import type { ContentSink } from "../snapshot/request.js";

export class ContentStore implements ContentSink {
  readonly folder: string;
  private readonly folders = new Set<string>();

  constructor(readonly stateDir: string) {
    this.folder = join(stateDir, "store");
  }

  path(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  /** Asks the disk each time: a runner removes what it found damaged, and this process must store it anew. */
  has(sha256: string): boolean {
    return existsSync(this.path(sha256));
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
}
