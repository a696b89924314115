/** Reads import statements, blanks and line breaks wherever Python allows them. */
import { isGuarded, type Block, type BlockStack } from "./blocks.js";
import { byteClass, classes, isWord } from "./bytes.js";
import type { Interest } from "./interest.js";
import { internedText } from "./internedText.js";
import type { LineCounter } from "./lineCounter.js";
import { opensStatement } from "./recovery.js";
import { scopes, type ImportStatement, type SourceScan } from "./sourceScan.js";

const plainName = /^[\x20-\x7e]*$/;

export class ImportReader {
  private readonly pending: { statement: ImportStatement; block: Block | null }[] = [];

  constructor(
    private readonly buffer: Uint8Array,
    private readonly end: number,
    private readonly scan: SourceScan,
    private readonly interest: Interest,
    private readonly lines: LineCounter,
    private readonly blocks: BlockStack,
  ) {}

  /** Called once behind the last line: handlers are known now, so guarded imports can be marked. */
  finish(): void {
    for (const { statement, block } of this.pending) if (isGuarded(block)) statement.scope |= scopes.guarded;
  }

  /** The offset behind blanks and continued line ends. */
  skipBlanks(from: number): number {
    const { buffer } = this;
    let pos = from;
    for (;;) {
      const kind = classes[buffer[pos] ?? 0];
      if (kind === byteClass.blank) pos++;
      else if (kind === byteClass.backslash && classes[buffer[pos + 1] ?? 0] === byteClass.newline) pos += buffer[pos + 1] === 0x0d && buffer[pos + 2] === 0x0a ? 3 : 2;
      else return pos;
    }
  }

  /** The offset behind the name at `pos`, or `pos` where there is none. */
  private name(pos: number): number {
    const { buffer, end } = this;
    if (classes[buffer[pos] ?? 0] !== byteClass.name) return pos;
    let at = pos + 1;
    while (classes[buffer[at] ?? 0] === byteClass.name || classes[buffer[at] ?? 0] === byteClass.digit) at++;
    return Math.min(at, end);
  }

  private readonly dotted = { text: "", start: 0, end: 0, next: 0 };

  /** Reads `a . b.c` at `from` into `dotted`; the text is empty where no name stands there. */
  private readDotted(from: number): void {
    const { dotted, buffer } = this;
    let pos = this.skipBlanks(from);
    dotted.text = "";
    dotted.start = pos;
    dotted.end = pos;
    let stop = this.name(pos);
    while (stop > pos && buffer[stop] === 0x2e && classes[buffer[stop + 1] ?? 0] === byteClass.name) stop = this.name(stop + 1);
    const first = stop > pos ? nameText(buffer, pos, stop) : "";
    if (first !== "") {
      // Written without blanks, as nearly all are.
      dotted.text = first;
      dotted.end = stop;
      dotted.next = this.skipBlanks(stop);
      if (buffer[dotted.next] !== 0x2e || dotted.next >= this.end) return;
      pos = this.skipBlanks(dotted.next + 1);
    }
    for (;;) {
      const stop = this.name(pos);
      if (stop === pos) break;
      const name = nameText(buffer, pos, stop);
      dotted.text = dotted.text === "" ? name : `${dotted.text}.${name}`;
      dotted.end = stop;
      const next = this.skipBlanks(stop);
      if (buffer[next] !== 0x2e || next >= this.end) {
        dotted.next = next;
        return;
      }
      pos = this.skipBlanks(next + 1);
    }
    dotted.next = pos;
  }

  /** Reads what follows `import` at `from`; returns the offset behind it. */
  importStatement(from: number): number {
    let pos = from;
    for (;;) {
      this.readDotted(pos);
      const { text, start, end, next } = this.dotted;
      if (text === "") return next;
      const alias = this.alias(next);
      this.add(0, text, null, start, end);
      this.keepAlias(text, null, alias.name ?? null);
      if (this.buffer[alias.next] !== 0x2c || alias.next >= this.end) return alias.next;
      pos = alias.next + 1;
    }
  }

  /** `as name` at `pos`. */
  private alias(pos: number): { name: string | null; next: number } {
    if (!isWord(this.buffer, pos, "as")) return { name: null, next: pos };
    const at = this.skipBlanks(pos + 2);
    const stop = this.name(at);
    return { name: stop > at ? nameText(this.buffer, at, stop) : null, next: this.skipBlanks(stop) };
  }

  /** Reads what follows `from`; a half-typed statement gives what is there. */
  fromStatement(from: number): number {
    const { buffer } = this;
    let level = 0;
    let pos = this.skipBlanks(from);
    const dots = pos;
    let lastDot = pos;
    while (buffer[pos] === 0x2e) {
      level++;
      lastDot = pos + 1;
      pos = this.skipBlanks(pos + 1);
    }
    let module = "";
    let stop = lastDot;
    let next = pos;
    if (!(level > 0 && isWord(buffer, pos, "import"))) {
      this.readDotted(pos);
      module = this.dotted.text;
      stop = this.dotted.end;
      next = this.dotted.next;
    }
    const start = level > 0 ? dots : this.dotted.start;
    if (!isWord(buffer, next, "import") || (module === "" && level === 0)) return next;
    const names: string[] = [];
    pos = this.skipBlanks(next + 6);
    if (buffer[pos] === 0x2a) {
      names.push("*");
      pos++;
    } else pos = this.importedNames(pos, names, level === 0 ? module : null);
    this.add(level, module, names, start, stop);
    return pos;
  }

  /** The names after `import`, in brackets or not; a half-typed list keeps what is there. */
  private importedNames(from: number, names: string[], module: string | null): number {
    const { buffer } = this;
    const bracket = buffer[from] === 0x28;
    let pos = bracket ? this.skipLines(from + 1) : from;
    for (;;) {
      const stop = this.name(pos);
      if (stop === pos) break;
      if (bracket && opensStatement(buffer, pos) && this.startsLine(pos)) return pos - 1;
      const name = nameText(buffer, pos, stop);
      names.push(name);
      let next = bracket ? this.skipLines(stop) : this.skipBlanks(stop);
      let local = name;
      if (isWord(buffer, next, "as")) {
        const at = bracket ? this.skipLines(next + 2) : this.skipBlanks(next + 2);
        const close = this.name(at);
        if (close > at) local = nameText(buffer, at, close);
        next = bracket ? this.skipLines(close) : this.skipBlanks(close);
      }
      if (module !== null) this.keepAlias(module, name, local);
      pos = next;
      if (buffer[pos] !== 0x2c || pos >= this.end) break;
      pos = bracket ? this.skipLines(pos + 1) : this.skipBlanks(pos + 1);
    }
    if (!bracket) return pos;
    if (buffer[pos] === 0x29) return pos + 1;
    // Half typed: the line that follows is read again as a statement of its own.
    return this.startsLine(pos) ? this.lineBreakBefore(pos) : pos;
  }

  private startsLine(pos: number): boolean {
    let at = pos - 1;
    while (at >= 0 && classes[this.buffer[at] ?? 0] === byteClass.blank) at--;
    return at >= 0 && classes[this.buffer[at] ?? 0] === byteClass.newline;
  }

  private lineBreakBefore(pos: number): number {
    let at = pos - 1;
    while (at > 0 && classes[this.buffer[at] ?? 0] !== byteClass.newline) at--;
    return at;
  }

  private skipLines(from: number): number {
    let pos = from;
    while (pos < this.end) {
      pos = this.skipBlanks(pos);
      const kind = classes[this.buffer[pos] ?? 0];
      if (kind === byteClass.newline) pos++;
      else if (kind === byteClass.comment) while (pos < this.end && classes[this.buffer[pos] ?? 0] !== byteClass.newline) pos++;
      else break;
    }
    return pos;
  }

  private keepAlias(module: string, name: string | null, alias: string | null): void {
    const local = alias ?? name ?? module.split(".", 1)[0] ?? module;
    const qualified = this.interest.imported(module, name, local);
    if (qualified === null || name === "*") return;
    this.scan.aliases[local] = name === null && alias === null ? local : qualified;
  }

  private add(level: number, module: string, names: string[] | null, start: number, stop: number): void {
    const line = this.lines.lineAt(start);
    const block = this.blocks.top;
    const statement = { level, module, names, line, column: this.lines.columnAt(start), endColumn: this.lines.columnAt(stop), scope: block?.scope ?? 0 };
    this.scan.imports.push(statement);
    if (block !== null) this.pending.push({ statement, block });
  }
}

/** A name or dotted name as the compiler sees it: NFKC-normalised when not ASCII. */
function nameText(buffer: Uint8Array, start: number, end: number): string {
  const text = internedText(buffer, start, end);
  return plainName.test(text) ? text : text.normalize("NFKC");
}
