/** Scans of whole sources: encoding, byte-order mark and padding are taken care of. */
import { isUtf8 } from "node:buffer";
import { declaredEncoding, toUtf8 } from "./encoding.js";
import { Scanner } from "./scanner.js";
import type { SourceScan } from "./sourceScan.js";

/** Work done by this process so far. */
export const scanCounts = { sources: 0 };

const scanner = new Scanner();
const padding = 16;
let arena = new Uint8Array(1 << 16);

/**
 * The imports and other facts of one Python source, given as its bytes on disk (any encoding of PEP 263,
 * with or without byte-order mark). Never throws: what is half typed is read as far as it goes.
 */
export function scanSource(bytes: Uint8Array): SourceScan {
  scanCounts.sources++;
  const encoding = declaredEncoding(bytes);
  const source = encoding === null ? bytes : toUtf8(bytes, encoding);
  const text = source ?? bytes;
  if (arena.length < text.length + padding) arena = new Uint8Array((text.length + padding) * 2);
  arena.set(text);
  arena.fill(0, text.length, text.length + padding);
  const start = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  const scan = scanner.run(arena, start, text.length);
  if (source === null) scan.suspicious ??= { line: 1, what: `the declared encoding "${String(encoding)}" is not known here` };
  else if (text.includes(0)) scan.suspicious ??= { line: 1, what: "it holds null bytes", complete: true };
  else if (encoding === null && !isUtf8(text)) scan.suspicious ??= { line: 1, what: "it is not UTF-8, and no encoding is declared", complete: true };
  return scan;
}
