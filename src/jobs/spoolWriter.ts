/** Appends log bytes that come from an engine to a job's spool, each byte once, by its absolute offset. */
import { closeSync, existsSync, fstatSync, openSync, statSync, writeSync } from "node:fs";
import type { BackendEvent, Cursor } from "../backends/backend.js";
import type { JobPaths } from "./jobPaths.js";
import { encodePiece } from "./logIndex.js";

type LogEvent = Extract<BackendEvent, { type: "log" }>;

export class SpoolWriter {
  constructor(private readonly paths: JobPaths) {}

  /** Bytes in the spool, by file: where a backend continues. */
  cursor(attempt: number): Cursor {
    const size = (path: string): number => (existsSync(path) ? statSync(path).size : 0);
    return { log: size(this.paths.log(attempt)), engine: size(this.paths.engineLog), attempt };
  }

  /** Bytes that the spool has already are dropped; a gap is refused, since a follower must never skip. */
  write(event: LogEvent, attempt: number): void {
    const engine = event.stream === "engine";
    const handle = openSync(engine ? this.paths.engineLog : this.paths.log(attempt), "a", 0o600);
    try {
      const size = fstatSync(handle).size;
      if (event.offset > size) throw new Error(`the log continues at byte ${String(event.offset)}, but only ${String(size)} are here`);
      const fresh = event.bytes.subarray(size - event.offset);
      if (fresh.length === 0) return;
      for (let at = 0; at < fresh.length; ) at += writeSync(handle, fresh, at);
      if (engine || event.stream === "engine") return;
      const index = openSync(this.paths.logIndex(attempt), "a", 0o600);
      try {
        writeSync(index, encodePiece({ offset: size, length: fresh.length, at: Date.now(), stream: event.stream }));
      } finally {
        closeSync(index);
      }
    } finally {
      closeSync(handle);
    }
  }
}
