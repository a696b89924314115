/**
 * What the names stand for that an import by name, an edit of a search path or a read of data uses: found by a second look at the source,
 * in the few that need it, because most assignments are passed byte by byte.
 */
import { byteClass, classes, endOfString } from "./bytes.js";
import { children, type Expression } from "./expression.js";
import { LineCounter } from "./lineCounter.js";
import { Parser } from "./parser.js";
import type { SourceScan } from "./sourceScan.js";

/** Names that lead to other names are followed so far. */
const deepest = 4;
const mostPerName = 20;
const constantName = /^_?[A-Z][A-Z0-9_]*$/;

/** Adds to `scan.constants` what `[start, end)` of `buffer` assigns to the names that its calls depend on. */
export function addAssignments(buffer: Uint8Array, start: number, end: number, scan: SourceScan): void {
  if (scan.dynamic.length === 0 && scan.pathEdits.length === 0 && scan.data.length === 0) return;
  const known = new Set(scan.constants.map(({ name }) => name));
  let wanted = new Set<string>();
  const want = (expression: Expression | null, only?: RegExp): void => {
    if (expression === null) return;
    if (expression.kind === "name") {
      if (!known.has(expression.id) && !expression.id.startsWith("__") && only?.test(expression.id) !== false) wanted.add(expression.id);
    } else for (const child of children(expression)) want(child, only);
  };
  for (const call of scan.dynamic) for (const expression of [call.target, call.anchor, call.names]) want(expression);
  for (const edit of scan.pathEdits) for (const entry of edit.entries) want(entry);
  for (const data of scan.data) want(data.target, constantName);
  for (let depth = 0; depth < deepest && wanted.size > 0; depth++) {
    const names = wanted;
    wanted = new Set();
    for (const name of names) {
      known.add(name);
      if (Object.hasOwn(scan.aliases, name)) continue;
      const constants = assignedTo(buffer, start, end, name);
      for (const constant of constants) {
        scan.constants.push(constants.length > 1 ? { ...constant, oneOfSeveral: true } : constant);
        want(constant.value);
      }
    }
  }
}

/** `name = value` at the start of a line, and each item of `for name in (…)`. */
function assignedTo(buffer: Uint8Array, start: number, end: number, name: string): SourceScan["constants"] {
  const text = Buffer.from(buffer.buffer, buffer.byteOffset, end);
  const lines = new LineCounter(buffer, start);
  const found: SourceScan["constants"] = [];
  for (let at = text.indexOf(name, start); at >= 0 && found.length < mostPerName; at = text.indexOf(name, at + 1)) {
    const before = backOverBlanks(buffer, at - 1, start);
    const after = overBlanks(buffer, at + Buffer.byteLength(name), end);
    if (before < start || classes[buffer[before] ?? 0] === byteClass.newline || buffer[before] === 0x3b) {
      if (buffer[after] !== 0x3d || buffer[after + 1] === 0x3d) continue;
      const value = valueOf(buffer, after + 1, end);
      if (value !== null) found.push({ name, value, line: lines.lineAt(at) });
    } else if (endsWith(buffer, before, "for") && buffer[after] === 0x69 && buffer[after + 1] === 0x6e && classes[buffer[after + 2] ?? 0] !== byteClass.name) {
      const value = valueOf(buffer, after + 2, end);
      if (value?.kind === "sequence") for (const item of value.items) found.push({ name, value: item, line: lines.lineAt(at), oneOfSeveral: true });
    }
  }
  return found;
}

function valueOf(buffer: Uint8Array, from: number, end: number): Expression | null {
  const statement = new Parser(buffer, from, endOfExpression(buffer, from, end)).statement();
  const [first] = statement.values;
  if (statement.values.length > 1 && statement.operator === null) return { kind: "sequence", items: statement.values };
  return first ?? null;
}

/** The end of the line at `from`, further down while a bracket is open; a colon or semicolon ends it too. */
function endOfExpression(buffer: Uint8Array, from: number, end: number): number {
  let depth = 0;
  for (let pos = from; pos < end; pos++) {
    const kind = classes[buffer[pos] ?? 0];
    if (kind === byteClass.quote) {
      const close = endOfString(buffer, pos, end);
      if (close < 0) return end;
      pos = close - 1;
    } else if (kind === byteClass.open) depth++;
    else if (kind === byteClass.close && --depth < 0) return pos;
    else if (kind === byteClass.comment) while (pos + 1 < end && classes[buffer[pos + 1] ?? 0] !== byteClass.newline) pos++;
    else if (kind === byteClass.backslash) pos++;
    else if (depth === 0 && (kind === byteClass.newline || kind === byteClass.colon || kind === byteClass.semicolon)) return pos;
  }
  return end;
}

function backOverBlanks(buffer: Uint8Array, from: number, start: number): number {
  let pos = from;
  while (pos >= start && classes[buffer[pos] ?? 0] === byteClass.blank) pos--;
  return pos;
}

function overBlanks(buffer: Uint8Array, from: number, end: number): number {
  let pos = from;
  while (pos < end && classes[buffer[pos] ?? 0] === byteClass.blank) pos++;
  return pos;
}

/** Whether the word that ends at `last` is `word`. */
function endsWith(buffer: Uint8Array, last: number, word: string): boolean {
  for (let index = 0; index < word.length; index++) if (buffer[last - index] !== word.charCodeAt(word.length - 1 - index)) return false;
  return classes[buffer[last - word.length] ?? 0] !== byteClass.name;
}
