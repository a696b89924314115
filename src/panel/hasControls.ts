/** Whether a log is more than plain text. */
import { createReadStream } from "node:fs";

/** True where the file's first `limit` bytes hold an escape character or a carriage return that does not end a line. */
export async function hasControls(path: string, limit: number): Promise<boolean> {
  let pending = false;
  for await (const chunk of createReadStream(path, { end: limit - 1, highWaterMark: 1 << 18 })) {
    if (!Buffer.isBuffer(chunk)) return false;
    if (chunk.includes(0x1b) || (pending && chunk[0] !== 10)) return true;
    for (let at = chunk.indexOf(13); at !== -1; at = chunk.indexOf(13, at + 1)) {
      if (at + 1 < chunk.length && chunk[at + 1] !== 10) return true;
    }
    pending = chunk[chunk.length - 1] === 13;
  }
  return false;
}
