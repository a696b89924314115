/** Reads a job's log from the spool piece by piece, in order of arrival, each byte once. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isErrno } from "../base/errors.js";
import type { JobPaths } from "./jobPaths.js";
import { decodePieces, recordSize, type LogPiece } from "./logIndex.js";

const readAtMost = 1 << 20;

export interface LogChunk {
  piece: LogPiece;
  bytes: Buffer;
}

export class SpoolReader {
  private log: number | undefined;
  private index: number | undefined;
  private records = 0;
  /** Bytes read so far. */
  offset = 0;

  constructor(
    private readonly paths: JobPaths,
    private readonly attempt = 1,
  ) {}

  /** What has come since the last call, up to about 1 MiB; empty when there is nothing new. */
  read(): LogChunk[] {
    if (!this.open() || this.log === undefined || this.index === undefined) return [];
    const known = Math.floor(fstatSync(this.index).size / recordSize);
    if (known <= this.records) return [];
    const bytes = Buffer.alloc(Math.min(known - this.records, 4096) * recordSize);
    const got = readSync(this.index, bytes, 0, bytes.length, this.records * recordSize);
    const { size } = fstatSync(this.log);
    const chunks: LogChunk[] = [];
    let total = 0;
    for (const piece of decodePieces(bytes.subarray(0, got), this.records)) {
      // A record never points beyond the log; a damaged one must not ask for gigabytes.
      if (piece.offset + piece.length > size) break;
      const content = Buffer.alloc(piece.length);
      if (readSync(this.log, content, 0, piece.length, piece.offset) < piece.length) break;
      chunks.push({ piece, bytes: content });
      this.records += 1;
      this.offset = piece.offset + piece.length;
      total += piece.length;
      if (total >= readAtMost) break;
    }
    return chunks;
  }

  close(): void {
    if (this.log !== undefined) closeSync(this.log);
    if (this.index !== undefined) closeSync(this.index);
    this.log = this.index = undefined;
  }

  private open(): boolean {
    try {
      this.log ??= openSync(this.paths.log(this.attempt), "r");
      this.index ??= openSync(this.paths.logIndex(this.attempt), "r");
      return true;
    } catch (error) {
      if (isErrno(error, "ENOENT")) return false;
      throw error;
    }
  }
}
