/** How the command line writes: the program's bytes untouched, Slingshot's own words on standard error. */
import { writeSync } from "node:fs";
import { isErrno } from "../base/errors.js";

/** Writes all bytes to a descriptor, waiting for a slow reader. A reader that has gone (EPIPE) is told by false. */
export function writeAll(descriptor: 1 | 2, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (isErrno(error, "EAGAIN")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else if (isErrno(error, "EPIPE")) return false;
      else throw error;
    }
  }
  return true;
}

/** Slingshot's own words: one line on standard error, none with `--quiet`. */
export function say(quiet: boolean, text: string): void {
  if (!quiet) writeAll(2, Buffer.from(`slingshot: ${text}\n`));
}

export function print(text: string): void {
  writeAll(1, Buffer.from(text + "\n"));
}

/** Splits off a UTF-8 character that has only begun at the end of `bytes`; its length is 0 to 3. */
export function splitUnfinished(bytes: Buffer): [whole: Buffer, rest: Buffer] {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (needs > back) return [bytes.subarray(0, -back), bytes.subarray(-back)];
    break;
  }
  return [bytes, Buffer.alloc(0)];
}
