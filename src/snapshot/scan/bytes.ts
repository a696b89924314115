/** Byte classes of Python source, and where its string literals end. */

export const byteClass = {
  other: 0,
  name: 1,
  digit: 2,
  quote: 3,
  comment: 4,
  newline: 5,
  blank: 6,
  open: 7,
  close: 8,
  backslash: 9,
  colon: 10,
  semicolon: 11,
} as const;

/** Class of each byte; bytes above 0x7f count as letters, as in CPython's tokenizer. */
export const classes = ((): Uint8Array => {
  const table = new Uint8Array(256);
  const set = (chars: string, value: number): void => {
    for (const char of chars) table[char.charCodeAt(0)] = value;
  };
  set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", byteClass.name);
  table.fill(byteClass.name, 0x80);
  set("0123456789", byteClass.digit);
  set("'\"", byteClass.quote);
  set("#", byteClass.comment);
  set("\n\r", byteClass.newline);
  set(" \t\f", byteClass.blank);
  set("([{", byteClass.open);
  set(")]}", byteClass.close);
  set("\\", byteClass.backslash);
  set(":", byteClass.colon);
  set(";", byteClass.semicolon);
  return table;
})();

/** Letters that may stand before a quote, as bits. */
export const prefix = { raw: 1, bytes: 2, format: 4, unicode: 8, invalid: 16 } as const;

/** The prefix bits of the name at `[start, end)` directly before a quote; `invalid` where it is no string prefix. */
export function stringPrefix(buffer: Uint8Array, start: number, end: number): number {
  if (end - start > 2) return prefix.invalid;
  let bits = 0;
  for (let at = start; at < end; at++) {
    const letter = (buffer[at] ?? 0) | 0x20;
    const bit =
      letter === 0x72 ? prefix.raw : letter === 0x62 ? prefix.bytes : letter === 0x66 || letter === 0x74 ? prefix.format : letter === 0x75 ? prefix.unicode : prefix.invalid;
    if ((bits & bit) !== 0) return prefix.invalid;
    bits |= bit;
  }
  if ((bits & prefix.unicode) !== 0 && bits !== prefix.unicode) return prefix.invalid;
  return (bits & prefix.bytes) !== 0 && (bits & prefix.format) !== 0 ? prefix.invalid : bits;
}

/** Whether three equal quotes stand at `at`. */
export function isTriple(buffer: Uint8Array, at: number): boolean {
  const quote = buffer[at];
  return buffer[at + 1] === quote && buffer[at + 2] === quote;
}

/**
 * The offset behind a plain (not formatted) string that opens at `at`.
 * An unterminated one-line string ends before its newline; an unterminated triple-quoted one gives `-1`.
 */
export function endOfString(buffer: Uint8Array, at: number, end: number): number {
  const quote = buffer[at] ?? 0;
  if (buffer[at + 1] === quote) {
    if (buffer[at + 2] !== quote) return at + 2;
    for (let pos = at + 3; pos < end; pos++) {
      const byte = buffer[pos];
      if (byte === 0x5c) {
        pos++;
        if (buffer[pos] === 0x0d && buffer[pos + 1] === 0x0a) pos++;
      } else if (byte === quote && buffer[pos + 1] === quote && buffer[pos + 2] === quote) return pos + 3;
    }
    return -1;
  }
  for (let pos = at + 1; pos < end; pos++) {
    const byte = buffer[pos];
    if (byte === quote) return pos + 1;
    if (byte === 0x5c) {
      pos++;
      if (buffer[pos] === 0x0d && buffer[pos + 1] === 0x0a) pos++;
    } else if (byte === 0x0a || byte === 0x0d) return pos;
  }
  return end;
}

/** Whether the text at `at` is `word` followed by no further name character. */
export function isWord(buffer: Uint8Array, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index++) if (buffer[at + index] !== word.charCodeAt(index)) return false;
  const next = classes[buffer[at + word.length] ?? 0];
  return next !== byteClass.name && next !== byteClass.digit;
}

const decoder = new TextDecoder("utf-8");

/** The text of `[start, end)`; ASCII is decoded without a decoder. */
export function textOf(buffer: Uint8Array, start: number, end: number): string {
  let text = "";
  if (end - start < 64) {
    for (let at = start; at < end; at++) {
      const byte = buffer[at] ?? 0;
      if (byte >= 0x80) return decoder.decode(buffer.subarray(start, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decoder.decode(buffer.subarray(start, end));
}

/** A Python identifier as the compiler sees it: NFKC-normalised when not ASCII. */
export function identifier(buffer: Uint8Array, start: number, end: number): string {
  const text = textOf(buffer, start, end);
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return text.normalize("NFKC");
  return text;
}
