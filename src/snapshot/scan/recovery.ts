/**
 * Half-typed text: which line starts can't continue an expression, so that an open bracket before them is a slip
 * and the statement counts nevertheless.
 */
import { byteClass, classes, isWord } from "./bytes.js";

const never = ["import", "def", "class", "return", "while", "try", "with", "raise", "pass", "del", "assert", "global", "nonlocal", "break", "continue", "except", "finally", "elif"];
const byFirst = new Map<number, string[]>();
for (const word of never) {
  const first = word.charCodeAt(0);
  byFirst.set(first, [...(byFirst.get(first) ?? []), word]);
}

/** Whether the line at `at` (at or before its indentation) opens a statement that no bracket can hold. */
export function opensStatement(buffer: Uint8Array, at: number): boolean {
  let pos = at;
  while (classes[buffer[pos] ?? 0] === byteClass.blank) pos++;
  const first = buffer[pos] ?? 0;
  if (first === 0x66 && isWord(buffer, pos, "from")) return isFromImport(buffer, pos + 4);
  const words = byFirst.get(first);
  return words !== undefined && words.some((word) => isWord(buffer, pos, word));
}

/** `yield\n from x` may stand in brackets; `from a.b import` may not. */
function isFromImport(buffer: Uint8Array, at: number): boolean {
  for (let pos = at; ; pos++) {
    const byte = buffer[pos] ?? 0;
    const kind = classes[byte];
    if (kind === byteClass.name) {
      if (isWord(buffer, pos, "import")) return true;
      while (classes[buffer[pos + 1] ?? 0] === byteClass.name || classes[buffer[pos + 1] ?? 0] === byteClass.digit) pos++;
    } else if (kind !== byteClass.blank && byte !== 0x2e) return false;
  }
}
