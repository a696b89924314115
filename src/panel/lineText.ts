/** The text of one line of a log from its bytes. */
import { wholeCharacters } from "../base/wholeCharacters.js";
import { lastState } from "./terminalText.js";

/** Characters of a line that the panel shows; the rest is a link to the log as text. */
export const shownCharacters = 8192;

/** A line's bytes as read: all of them, or the ends of one that is longer than the reader keeps. */
export interface RawLine {
  /** 0-based number and byte offset of the line. */
  line: number;
  offset: number;
  /** Bytes of the line without its `\n`. */
  length: number;
  head: Buffer;
  /** Last bytes of a long line, else null. */
  tail: Buffer | null;
  /** False for bytes that no `\n` has ended yet. */
  whole: boolean;
}

/** The line as a terminal would leave it (carriage returns collapse), escape sequences included; and what is not in it. */
export function lineText(raw: RawLine): { text: string; cut: number } {
  if (raw.tail === null) {
    const text = lastState(raw.head.toString("utf8", 0, raw.whole ? raw.head.length : wholeCharacters(raw.head)));
    if (text.length <= shownCharacters) return { text, cut: 0 };
    const shown = text.slice(0, characterEnd(text, shownCharacters));
    return { text: shown, cut: Buffer.byteLength(text) - Buffer.byteLength(shown) };
  }
  let end = raw.tail.length;
  while (end > 0 && raw.tail[end - 1] === 13) end--;
  const start = end === 0 ? -1 : raw.tail.lastIndexOf(13, end - 1);
  if (start !== -1) return lineText({ ...raw, head: raw.tail.subarray(start + 1, end), tail: null });
  const text = lastState(raw.head.toString("utf8", 0, wholeCharacters(raw.head)));
  const shown = text.slice(0, characterEnd(text, shownCharacters));
  return { text: shown, cut: raw.length - Buffer.byteLength(shown) };
}

function characterEnd(text: string, limit: number): number {
  const code = text.charCodeAt(limit - 1);
  return code >= 0xd800 && code < 0xdc00 ? limit - 1 : limit;
}
