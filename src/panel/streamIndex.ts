/** Which stream a byte of the log came from, and when: reads `out.idx` (jobs/logIndex.ts) by binary search. */
import type { FileHandle } from "node:fs/promises";
import { decodePieces, recordSize, type LogPiece } from "../jobs/logIndex.js";
import { LazyFile } from "./lazyFile.js";

/** Records that are read at once when a page of lines is looked up. */
const batch = 2048;

export class StreamIndex {
  private readonly file: LazyFile;

  constructor(path: string) {
    this.file = new LazyFile(path);
  }

  /** Pieces that overlap the bytes from `start` to `end`, in order; empty where the index has none (yet). */
  async pieces(start: number, end: number): Promise<LogPiece[]> {
    const file = await this.file.handle();
    if (file === null) return [];
    const total = Math.floor((await file.stat()).size / recordSize);
    let low = 0;
    let high = total;
    while (low < high) {
      const middle = (low + high) >> 1;
      const [piece] = await this.read(file, middle, 1);
      if (piece === undefined || piece.offset + piece.length > start) high = middle;
      else low = middle + 1;
    }
    const found: LogPiece[] = [];
    for (let at = low; at < total; at += batch) {
      const read = await this.read(file, at, Math.min(batch, total - at));
      for (const piece of read) {
        if (piece.offset >= end) return found;
        found.push(piece);
      }
      if (read.length === 0) break;
    }
    return found;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async read(file: FileHandle, first: number, count: number): Promise<LogPiece[]> {
    const bytes = Buffer.alloc(count * recordSize);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, first * recordSize);
    return decodePieces(bytes.subarray(0, bytesRead), first);
  }
}
