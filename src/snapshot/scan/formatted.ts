/** The end of f-strings and t-strings (PEP 701: a replacement field may hold any tokens, the same quotes included). */
import { byteClass, classes, endOfString, isTriple, prefix, stringPrefix } from "./bytes.js";
import { opensStatement } from "./recovery.js";

/** Called with each name inside a replacement field. */
export type NameVisitor = (start: number, end: number) => void;

/**
 * The offset behind the formatted string that opens at `at`, or -1 where it stays open to the end of the source.
 * One that is broken (half typed) ends as a plain string would.
 */
export function endOfFormatted(buffer: Uint8Array, at: number, end: number, raw: boolean, visit: NameVisitor): number {
  const quote = buffer[at] ?? 0;
  const triple = isTriple(buffer, at);
  if (!triple && buffer[at + 1] === quote) return at + 2;
  const found = literal(buffer, at + (triple ? 3 : 1), end, quote, triple, raw, false, visit);
  return found >= 0 ? found : endOfString(buffer, at, end);
}

function literal(buffer: Uint8Array, from: number, end: number, quote: number, triple: boolean, raw: boolean, spec: boolean, visit: NameVisitor): number {
  let pos = from;
  while (pos < end) {
    const byte = buffer[pos];
    if (byte === quote) {
      if (!triple) return spec ? -1 : pos + 1;
      if (buffer[pos + 1] === quote && buffer[pos + 2] === quote) return spec ? -1 : pos + 3;
      pos++;
    } else if (byte === 0x5c) {
      const next = buffer[pos + 1];
      if (next === 0x7b || next === 0x7d) pos++;
      else if (!raw && next === 0x4e && buffer[pos + 2] === 0x7b) {
        while (pos < end && buffer[pos] !== 0x7d && buffer[pos] !== quote) pos++;
        if (buffer[pos] === 0x7d) pos++;
      } else pos += next === 0x0d && buffer[pos + 2] === 0x0a ? 3 : 2;
    } else if (byte === 0x7b) {
      if (buffer[pos + 1] === 0x7b && !spec) pos += 2;
      else {
        pos = field(buffer, pos + 1, end, quote, triple, raw, visit);
        if (pos < 0) return -1;
      }
    } else if (byte === 0x7d) {
      if (spec) return pos;
      pos++;
    } else if ((byte === 0x0a || byte === 0x0d) && !triple) {
      return -1;
    } else pos++;
  }
  return -1;
}

function field(buffer: Uint8Array, from: number, end: number, quote: number, triple: boolean, raw: boolean, visit: NameVisitor): number {
  let depth = 0;
  let pos = from;
  while (pos < end) {
    const byte = buffer[pos] ?? 0;
    switch (classes[byte]) {
      case byteClass.name: {
        const start = pos;
        while (classes[buffer[++pos] ?? 0] === byteClass.name || classes[buffer[pos] ?? 0] === byteClass.digit);
        if (classes[buffer[pos] ?? 0] === byteClass.quote) {
          const bits = stringPrefix(buffer, start, pos);
          const formatted = bits !== prefix.invalid && (bits & prefix.format) !== 0;
          pos = formatted ? endOfFormatted(buffer, pos, end, (bits & prefix.raw) !== 0, visit) : endOfString(buffer, pos, end);
          if (pos < 0) return -1;
        } else visit(start, pos);
        break;
      }
      case byteClass.quote:
        pos = endOfString(buffer, pos, end);
        if (pos < 0) return -1;
        break;
      case byteClass.open:
        depth++;
        pos++;
        break;
      case byteClass.close:
        if (depth === 0) return byte === 0x7d ? pos + 1 : -1;
        depth--;
        pos++;
        break;
      case byteClass.colon: {
        if (depth > 0) {
          pos++;
          break;
        }
        const closed = literal(buffer, pos + 1, end, quote, triple, raw, true, visit);
        return closed < 0 ? -1 : closed + 1;
      }
      case byteClass.comment:
        while (pos < end && classes[buffer[pos] ?? 0] !== byteClass.newline) pos++;
        break;
      case byteClass.newline:
        pos++;
        if (opensStatement(buffer, pos)) return -1;
        break;
      default:
        pos++;
    }
  }
  return -1;
}
