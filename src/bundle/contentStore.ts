/**
 * Content by SHA-256 below `<state>/store/<first two digits>/<digest>`, read-only, written beside and renamed.
 * Whoever holds a digest holds its bytes: nothing is ever overwritten.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { ContentSink } from "../snapshot/request.js";

export class ContentStore implements ContentSink {
  readonly folder: string;
  private readonly known = new Set<string>();
  private readonly folders = new Set<string>();

  constructor(readonly stateDir: string) {
    this.folder = join(stateDir, "store");
  }

  path(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  has(sha256: string): boolean {
    if (this.known.has(sha256)) return true;
    if (!existsSync(this.path(sha256))) return false;
    this.known.add(sha256);
    return true;
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
    this.known.add(sha256);
  }

  read(sha256: string): Buffer {
    return readFileSync(this.path(sha256));
  }
}
