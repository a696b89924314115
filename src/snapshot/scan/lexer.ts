/** Tokens of one statement, for the expressions that are read. */
import { byteClass, classes, endOfString, identifier, isTriple, prefix, stringPrefix, textOf } from "./bytes.js";
import { endOfFormatted } from "./formatted.js";

export interface Token {
  kind: "name" | "number" | "string" | "operator";
  text: string;
  /** Offset in the source. */
  at: number;
  end: number;
  /** Bits of `prefix` for strings. */
  bits: number;
}

const twoByte = new Set(["**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":="]);

/** The tokens of `[start, end)`: comments, newlines and continuations are left out. */
export function tokens(buffer: Uint8Array, start: number, end: number): Token[] {
  const found: Token[] = [];
  let pos = start;
  while (pos < end) {
    const byte = buffer[pos] ?? 0;
    switch (classes[byte]) {
      case byteClass.name: {
        const from = pos;
        while (classes[buffer[++pos] ?? 0] === byteClass.name || classes[buffer[pos] ?? 0] === byteClass.digit);
        if (classes[buffer[pos] ?? 0] === byteClass.quote) {
          const bits = stringPrefix(buffer, from, pos);
          if (bits !== prefix.invalid) {
            pos = pushString(buffer, pos, end, bits, found);
            break;
          }
        }
        found.push({ kind: "name", text: identifier(buffer, from, pos), at: from, end: pos, bits: 0 });
        break;
      }
      case byteClass.digit: {
        const from = pos;
        while (classes[buffer[pos] ?? 0] === byteClass.name || classes[buffer[pos] ?? 0] === byteClass.digit || buffer[pos] === 0x2e) pos++;
        found.push({ kind: "number", text: textOf(buffer, from, pos), at: from, end: pos, bits: 0 });
        break;
      }
      case byteClass.quote:
        pos = pushString(buffer, pos, end, 0, found);
        break;
      case byteClass.comment:
        while (pos < end && classes[buffer[pos] ?? 0] !== byteClass.newline) pos++;
        break;
      case byteClass.blank:
      case byteClass.newline:
      case byteClass.backslash:
        pos++;
        break;
      default: {
        const two = textOf(buffer, pos, Math.min(pos + 2, end));
        const text = twoByte.has(two) ? two : two.charAt(0);
        found.push({ kind: "operator", text, at: pos, end: pos + text.length, bits: 0 });
        pos += text.length;
      }
    }
  }
  return found;
}

function pushString(buffer: Uint8Array, at: number, end: number, bits: number, found: Token[]): number {
  const raw = (bits & prefix.raw) !== 0;
  const closed = (bits & prefix.format) !== 0 ? endOfFormatted(buffer, at, end, raw, () => undefined) : endOfString(buffer, at, end);
  const stop = closed < 0 ? end : closed;
  const quotes = isTriple(buffer, at) && stop - at >= 6 ? 3 : 1;
  found.push({ kind: "string", text: textOf(buffer, at + quotes, Math.max(at + quotes, stop - quotes)), at: at + quotes, end: stop - quotes, bits });
  return stop;
}
