/** A file that is opened for reading when it is first needed, once, and may not exist yet. */
import { open, type FileHandle } from "node:fs/promises";
import { isErrno } from "../base/errors.js";

export class LazyFile {
  private opening: Promise<FileHandle | null> | null = null;
  private closed = false;

  constructor(readonly path: string) {}

  /** Null where the file does not exist, and after `close`. Where it can't be opened, the next call tries again. */
  async handle(): Promise<FileHandle | null> {
    if (this.closed) return null;
    this.opening ??= this.open();
    let handle: FileHandle | null = null;
    try {
      handle = await this.opening;
    } finally {
      if (handle === null) this.opening = null;
    }
    return this.isClosed() ? null : handle;
  }

  async close(): Promise<void> {
    this.closed = true;
    const handle = await this.opening?.catch(() => null);
    await handle?.close();
    this.opening = null;
  }

  private isClosed(): boolean {
    return this.closed;
  }

  private async open(): Promise<FileHandle | null> {
    try {
      return await open(this.path, "r");
    } catch (error) {
      if (isErrno(error, "ENOENT")) return null;
      throw error;
    }
  }
}
