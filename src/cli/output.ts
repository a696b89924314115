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
