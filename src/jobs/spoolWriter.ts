/** Appends log bytes that come from an engine to a job's spool, each byte once, by its absolute offset. */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync, writeSync } from "node:fs";
import type { BackendEvent, Cursor } from "../backends/backend.js";
import type { JobPaths } from "./jobPaths.js";
import { decodePieces, encodePiece, recordSize, type LogPiece } from "./logIndex.js";

type LogEvent = Extract<BackendEvent, { type: "log" }>;

export class SpoolWriter {
  constructor(private readonly paths: JobPaths) {}

  /** Bytes in the spool, by file: where a backend continues. */
  cursor(attempt: number): Cursor {
    const size = (path: string): number => (existsSync(path) ? statSync(path).size : 0);
    return { log: size(this.paths.log(attempt)), engine: size(this.paths.engineLog), attempt };
  }

  /**
   * Bytes that the spool has already are dropped; a gap is refused, since a follower must never skip. Bytes are written at
   * their own place rather than at the end, so that two followers (one of which has lost its lease) can't double them.
   */
  write(event: LogEvent, attempt: number): void {
    const engine = event.stream === "engine";
    const handle = openSync(engine ? this.paths.engineLog : this.paths.log(attempt), constants.O_RDWR | constants.O_CREAT, 0o600);
    let end: number;
    try {
      const size = fstatSync(handle).size;
      if (event.offset > size) throw new Error(`the log continues at byte ${String(event.offset)}, but only ${String(size)} are here`);
      const fresh = event.bytes.subarray(size - event.offset);
      for (let at = 0; at < fresh.length; ) at += writeSync(handle, fresh, at, fresh.length - at, size + at);
      end = size + fresh.length;
    } finally {
      closeSync(handle);
    }
    if (event.stream !== "engine") this.index(attempt, end, event.stream);
  }

  /** Brings the index up to `end`: also over bytes whose record a full disk or a crash has cut off. */
  private index(attempt: number, end: number, stream: LogPiece["stream"]): void {
    const handle = openSync(this.paths.logIndex(attempt), constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const place = Math.floor(fstatSync(handle).size / recordSize) * recordSize;
      const last = Buffer.alloc(recordSize);
      const [piece] = place === 0 ? [] : decodePieces(last.subarray(0, readSync(handle, last, 0, recordSize, place - recordSize)), 0);
      const offset = piece === undefined ? 0 : piece.offset + piece.length;
      if (offset < end) writeSync(handle, encodePiece({ offset, length: end - offset, at: Date.now(), stream }), 0, recordSize, place);
    } finally {
      closeSync(handle);
    }
  }
}
