/** Short ASCII texts, one string object each: names recur in thousands of files, and maps hash a known object once. */
import { textOf } from "./bytes.js";

const size = 1 << 15;
const slots: (string | undefined)[] = new Array<string | undefined>(size);

/** The text of `[start, end)` of `buffer`. */
export function internedText(buffer: Uint8Array, start: number, end: number): string {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) {
    const byte = buffer[at] ?? 0;
    if (byte >= 0x80) return textOf(buffer, start, end);
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const slot = (hash ^ (hash >>> 15)) & (size - 1);
  const known = slots[slot];
  if (known !== undefined && known.length === end - start) {
    let at = start;
    while (at < end && known.charCodeAt(at - start) === buffer[at]) at++;
    if (at === end) return known;
  }
  const text = textOf(buffer, start, end);
  slots[slot] = text;
  return text;
}
