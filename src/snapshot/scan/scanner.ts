/**
 * Finds the imports of a Python source, and the statements worth reading, in one pass over its bytes.
 * It follows CPython's tokenizer where the source is valid and keeps going where it is half typed.
 */
import { addAssignments } from "./assignments.js";
import { BlockStack, scopeOf, type Block } from "./blocks.js";
import { byteClass, classes, endOfString, isWord, prefix, stringPrefix, textOf } from "./bytes.js";
import { settled } from "./condition.js";
import { endOfFormatted } from "./formatted.js";
import { ImportReader } from "./importReader.js";
import { internedText } from "./internedText.js";
import { Interest } from "./interest.js";
import { LineCounter } from "./lineCounter.js";
import { opensStatement } from "./recovery.js";
import { emptyScan, scopes, type SourceScan } from "./sourceScan.js";
import { StatementReader } from "./statementReader.js";

const headers = new Set(["if", "elif", "else", "try", "except", "finally", "for", "while", "with", "def", "class", "async", "match", "case"]);
/** Lengths of the header words by their first byte, as bits: most statements begin with none of them. */
const headerLengths = new Uint8Array(256);
for (const word of headers) headerLengths[word.charCodeAt(0)] = (headerLengths[word.charCodeAt(0)] ?? 0) | (1 << word.length);
const catchesImportError = /\b(ImportError|ModuleNotFoundError|Exception|BaseException)\b/;

export class Scanner {
  private readonly interest = new Interest();
  private readonly blocks = new BlockStack();
  private readonly visit = (start: number, end: number): void => {
    if (this.interest.find(this.buffer, start, end) !== null) this.interesting = true;
  };
  private buffer: Uint8Array = new Uint8Array(0);
  private end = 0;
  private scan: SourceScan = emptyScan();
  private lines = new LineCounter(this.buffer, 0);
  private reader = new StatementReader(this.buffer, this.scan, this.interest, this.lines);
  private imports = new ImportReader(this.buffer, 0, this.scan, this.interest, this.lines, this.blocks);
  private interesting = false;
  private runsTypeChecking = false;

  /**
   * Scans `[start, end)` of `buffer`, which must be readable for 16 bytes more (their content does not matter).
   * The text must be UTF-8 or agree with it in all ASCII bytes.
   */
  run(buffer: Uint8Array, start: number, end: number): SourceScan {
    this.buffer = buffer;
    this.end = end;
    this.scan = emptyScan();
    this.interest.reset();
    this.lines = new LineCounter(buffer, start);
    this.reader = new StatementReader(buffer, this.scan, this.interest, this.lines);
    this.blocks.enter(-1);
    this.imports = new ImportReader(buffer, end, this.scan, this.interest, this.lines, this.blocks);
    this.interesting = false;
    this.runsTypeChecking = false;
    let pos = start;
    while (pos < end) pos = this.logicalLine(pos);
    this.imports.finish();
    this.reader.finish();
    this.importedAll();
    addAssignments(buffer, start, end, this.scan);
    return this.scan;
  }

  /** One logical line; returns the offset behind it. */
  private logicalLine(from: number): number {
    const { buffer, end } = this;
    let pos = from;
    let indent = 0;
    for (; ; pos++) {
      const byte = buffer[pos];
      if (byte === 0x20) indent++;
      else if (byte === 0x09) indent = (indent | 7) + 1;
      else if (byte === 0x0c) indent = 0;
      else if (byte === 0x5c && (buffer[pos + 1] === 0x0a || buffer[pos + 1] === 0x0d)) pos += buffer[pos + 1] === 0x0d && buffer[pos + 2] === 0x0a ? 2 : 1;
      else break;
    }
    if (pos >= end) return end;
    const first = classes[buffer[pos] ?? 0];
    if (first === byteClass.newline) return pos + 1;
    if (first === byteClass.comment) return this.behindLine(pos);
    this.blocks.enter(indent);
    return this.statements(pos, indent);
  }

  private openBracket(at: number): void {
    this.scan.suspicious ??= { line: this.lines.lineAt(at), what: "a bracket is never closed", complete: true };
  }

  private behindLine(from: number): number {
    let pos = from;
    while (pos < this.end && classes[this.buffer[pos] ?? 0] !== byteClass.newline) pos++;
    return pos + 1;
  }

  /** The statements of one logical line: a header with its inline body, or simple statements apart by `;`. */
  private statements(from: number, indent: number): number {
    const { buffer, end } = this;
    let pos = from;
    let depth = 0;
    let opened = from;
    let start = from;
    let fresh = true;
    let header = "";
    while (pos < end) {
      const byte = buffer[pos] ?? 0;
      switch (classes[byte]) {
        case byteClass.name: {
          const at = pos;
          let kind;
          do kind = classes[buffer[++pos] ?? 0];
          while (kind === byteClass.name || kind === byteClass.digit);
          if (pos > end) pos = end;
          if (kind === byteClass.quote && pos < end) {
            const bits = stringPrefix(buffer, at, pos);
            pos = this.string(pos, bits === prefix.invalid ? 0 : bits, fresh);
            fresh = false;
            break;
          }
          if (fresh && depth === 0) {
            const length = pos - at;
            if ((byte === 0x69 && length === 6 && isWord(buffer, at, "import")) || (byte === 0x66 && length === 4 && isWord(buffer, at, "from"))) {
              pos = length === 6 ? this.imports.importStatement(pos) : this.imports.fromStatement(pos);
              fresh = false;
              break;
            }
            if (byte === 0x6c && length === 4 && isWord(buffer, at, "lazy") && this.isLazy(pos)) break;
            fresh = false;
            if (at === from && length <= 7 && ((headerLengths[byte] ?? 0) & (1 << length)) !== 0) {
              const word = internedText(buffer, at, pos);
              if (headers.has(word)) {
                header = word;
                if (word === "async") fresh = true;
                break;
              }
            } else if (header === "async") header = internedText(buffer, at, pos);
          }
          const word = this.interest.find(buffer, at, pos);
          if (word !== null) this.interesting = true;
          else if (byte === 0x70 || byte === 0x6d) this.systemAttribute(at, pos);
          break;
        }
        case byteClass.digit:
          while (classes[buffer[++pos] ?? 0] === byteClass.digit || classes[buffer[pos] ?? 0] === byteClass.name);
          fresh = false;
          break;
        case byteClass.quote:
          pos = this.string(pos, 0, fresh);
          fresh = false;
          break;
        case byteClass.comment:
          while (pos < end && classes[buffer[pos] ?? 0] !== byteClass.newline) pos++;
          break;
        case byteClass.newline:
          if (depth > 0 && !opensStatement(buffer, pos + 1)) {
            pos++;
            break;
          }
          this.finish(start, pos);
          if (depth > 0) this.openBracket(opened);
          return pos + 1;
        case byteClass.open:
          if (depth++ === 0) opened = pos;
          pos++;
          fresh = false;
          break;
        case byteClass.close:
          if (depth > 0) depth--;
          pos++;
          fresh = false;
          break;
        case byteClass.colon:
          pos++;
          if (depth > 0) break;
          if (buffer[pos] === 0x3d) {
            pos++;
            break;
          }
          if (header !== "") {
            this.openBlock(header, indent, start, pos - 1);
            header = "";
            start = pos;
          }
          fresh = true;
          break;
        case byteClass.semicolon:
          pos++;
          if (depth > 0) break;
          this.finish(start, pos - 1);
          start = pos;
          fresh = true;
          break;
        case byteClass.backslash: {
          const next = buffer[pos + 1];
          pos += next === 0x0d && buffer[pos + 2] === 0x0a ? 3 : next === 0x0a || next === 0x0d ? 2 : 1;
          break;
        }
        case byteClass.blank:
          pos++;
          break;
        default:
          pos++;
          fresh = false;
      }
    }
    this.finish(start, end);
    if (depth > 0) this.openBracket(opened);
    return end;
  }

  /** `from .names import __all__`: what is in it stands elsewhere. */
  private importedAll(): void {
    const { scan } = this;
    if (scan.all !== null) return;
    const statement = scan.imports.find(({ names, scope }) => names?.includes("__all__") === true && (scope & (scopes.deferred | scopes.typeOnly)) === 0);
    if (statement !== undefined) scan.all = { names: [], dynamic: true, line: statement.line };
  }

  /** `sys.path` and `sys.modules` count, other names `path` and `modules` do not. */
  private systemAttribute(at: number, pos: number): void {
    const { buffer } = this;
    if (buffer[at - 1] !== 0x2e || buffer[at - 2] !== 0x73 || buffer[at - 3] !== 0x79 || buffer[at - 4] !== 0x73) return;
    if ((pos - at === 4 && isWord(buffer, at, "path")) || (pos - at === 7 && isWord(buffer, at, "modules"))) this.interesting = true;
  }

  private finish(start: number, end: number): void {
    if (!this.interesting) return;
    this.interesting = false;
    if (this.reader.read(start, end, this.blocks.top, isWord(this.buffer, this.imports.skipBlanks(start), "for"))) this.runsTypeChecking = true;
  }

  /** `lazy import x` (PEP 810). */
  private isLazy(pos: number): boolean {
    const at = this.imports.skipBlanks(pos);
    return at > pos && (isWord(this.buffer, at, "import") || isWord(this.buffer, at, "from"));
  }

  private string(at: number, bits: number, alone: boolean): number {
    const { buffer, end } = this;
    const close = (bits & prefix.format) !== 0 ? endOfFormatted(buffer, at, end, (bits & prefix.raw) !== 0, this.visit) : endOfString(buffer, at, end);
    if (close < 0) {
      // Graver than an open bracket, which it may be the cause of: what follows is not read.
      this.scan.suspicious = { line: this.lines.lineAt(at), what: "a triple-quoted string is never closed" };
      return end;
    }
    const length = close - at - 2;
    if (!alone && (bits & ~(prefix.raw | prefix.unicode)) === 0 && length >= 3 && length <= 120 && classes[buffer[at + 1] ?? 0] === byteClass.name) this.candidate(at + 1, close - 1);
    return close;
  }

  /** Keeps a string that is spelled like `module.name` or `module.name:attribute`. */
  private candidate(start: number, end: number): void {
    const { buffer } = this;
    let dots = 0;
    for (let at = start; at < end; at++) {
      const byte = buffer[at] ?? 0;
      const kind = classes[byte];
      if (kind === byteClass.name || kind === byteClass.digit) continue;
      if (byte !== 0x2e && byte !== 0x3a) return;
      if (byte === 0x2e) dots++;
      if (classes[buffer[at + 1] ?? 0] !== byteClass.name || at + 1 >= end) return;
    }
    if (dots > 0 || textOf(buffer, start, end).includes(":")) this.scan.strings.push({ text: textOf(buffer, start, end), line: this.lines.lineAt(start) });
  }

  private openBlock(header: string, indent: number, start: number, colon: number): void {
    const { previous } = this.blocks;
    let added = scopeOf(header);
    let decided = false;
    if (header === "if" || header === "elif" || header === "else") {
      const before = header === "if" ? null : previous;
      const value = header === "else" ? true : this.interesting ? this.condition(start, colon, header) : null;
      if (before?.decided === true || value === false) added |= scopes.typeOnly;
      decided = before?.decided === true || (value === true && header !== "else");
    }
    const guards = (header === "with" && this.interesting && /\bsuppress\b/.test(textOf(this.buffer, start, colon)) && catchesImportError.test(textOf(this.buffer, start, colon))) || false;
    if (header === "except" && previous !== null) {
      const handled = textOf(this.buffer, start + 6, colon).trim();
      if (handled === "" || catchesImportError.test(handled)) for (let at: Block | null = previous; at !== null; at = this.sibling(at)) at.guards ||= at.keyword === "try";
    }
    this.finish(start, colon);
    const block = this.blocks.push(indent, header, added, decided);
    block.guards = guards;
    if (header === "except") this.siblings.set(block, previous);
  }

  /** The `try` before a chain of handlers. */
  private readonly siblings = new WeakMap<Block, Block | null>();
  private sibling(block: Block): Block | null {
    return block.keyword === "except" ? (this.siblings.get(block) ?? null) : null;
  }

  private condition(start: number, colon: number, header: string): boolean | null {
    if (this.runsTypeChecking) return null;
    const { aliases } = this.scan;
    return settled(this.buffer, start + header.length, colon, (name) => {
      if (name === "TYPE_CHECKING") return true;
      const dot = name.indexOf(".");
      if (dot < 0) return /^typing(_extensions)?\.TYPE_CHECKING$/.test(aliases[name] ?? "");
      const owner = name.slice(0, dot);
      return name.slice(dot) === ".TYPE_CHECKING" && /^typing(_extensions)?$/.test(aliases[owner] ?? owner);
    });
  }
}
