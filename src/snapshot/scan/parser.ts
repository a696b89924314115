/**
 * A forgiving reader of expressions. Whatever it does not know becomes `other` with the parts it could read,
 * so that a call inside an unknown construct is still found.
 */
import type { Expression } from "./expression.js";
import { tokens, type Token } from "./lexer.js";
import { prefix } from "./bytes.js";
import { unescape } from "./literals.js";

const binaryPower: Record<string, number> = {
  or: 1, and: 2, in: 4, not: 4, is: 4, "<": 4, ">": 4, "==": 4, ">=": 4, "<=": 4, "!=": 4,
  "|": 5, "^": 6, "&": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "//": 10, "%": 10, "@": 10, "**": 12,
};
const closing = new Set([")", "]", "}"]);
/** Names that can't be operands: they separate expressions. */
const keywords = new Set(["as", "assert", "async", "break", "case", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "nonlocal", "pass", "raise", "return", "try", "while", "with", "in", "is", "or", "and"]);

/** One statement: its target and operator where it is an assignment, and the expressions in it. */
export interface Statement {
  /** `=`, `+=`, … or null. */
  operator: string | null;
  /** Left sides of the assignment. */
  targets: Expression[];
  values: Expression[];
}

export class Parser {
  private readonly list: Token[];
  private next = 0;
  private depth = 0;

  constructor(
    private readonly buffer: Uint8Array,
    start: number,
    end: number,
  ) {
    this.list = tokens(buffer, start, end);
  }

  statement(): Statement {
    const result: Statement = { operator: null, targets: [], values: [] };
    let current: Expression[] = [];
    const annotations: Expression[] = [];
    let comma = false;
    for (let token = this.peek(); token !== undefined; token = this.peek()) {
      if (token.kind === "operator" && (token.text === "=" || (token.text.length > 1 && token.text.endsWith("=") && binaryPower[token.text] === undefined))) {
        this.next++;
        if (token.text !== ":=") {
          result.targets.push(...(comma ? [{ kind: "sequence", items: current } as Expression] : current));
          result.operator = token.text;
          current = [];
          comma = false;
        }
      } else if (token.kind === "operator" && token.text === ",") {
        this.next++;
        comma = true;
      } else if (token.kind === "operator" && token.text === ":" && result.operator === null && current.length === 1 && !comma) {
        this.next++;
        annotations.push(this.expression(0)); // runs, too
      } else if (this.startsOperand(token)) current.push(this.expression(0));
      else this.next++;
    }
    result.values = [...(comma && result.operator !== null ? [{ kind: "sequence", items: current } as Expression] : current), ...annotations];
    return result;
  }

  private peek(): Token | undefined {
    return this.list[this.next];
  }

  private isOperator(text: string): boolean {
    const token = this.list[this.next];
    return token !== undefined && token.kind === "operator" && token.text === text;
  }

  private isName(text: string): boolean {
    const token = this.list[this.next];
    return token !== undefined && token.kind === "name" && token.text === text;
  }

  private startsOperand(token: Token): boolean {
    if (token.kind === "name") return !keywords.has(token.text);
    return token.kind !== "operator" || ["(", "[", "{", "-", "+", "~", "*", "**"].includes(token.text);
  }

  private expression(power: number): Expression {
    if (++this.depth > 200) {
      this.next = this.list.length;
      return { kind: "other", parts: [] };
    }
    let left = this.unary();
    for (let token = this.peek(); token !== undefined; token = this.peek()) {
      if (token.kind === "name" && token.text === "if" && power === 0) {
        this.next++;
        const condition = this.expression(1);
        if (this.isName("else")) {
          this.next++;
          left = { kind: "either", choices: [left, this.expression(0)], condition };
        } else left = { kind: "other", parts: [left, condition] };
        continue;
      }
      if (token.kind === "operator" && token.text === ":=" && power === 0) {
        this.next++;
        left = this.expression(0);
        continue;
      }
      const own = token.kind === "string" || token.kind === "number" ? undefined : binaryPower[token.text];
      if (own === undefined || own <= power) break;
      this.next++;
      if ((token.text === "not" && this.isName("in")) || (token.text === "is" && this.isName("not"))) this.next++;
      const right = this.expression(token.text === "**" ? own - 1 : own);
      left = { kind: "binary", operator: token.text, left, right };
    }
    this.depth--;
    return left;
  }

  private unary(): Expression {
    const token = this.peek();
    if (token === undefined) return { kind: "other", parts: [] };
    if (token.kind === "operator" && ["-", "+", "~"].includes(token.text)) {
      this.next++;
      const operand = this.expression(11);
      return token.text === "-" && operand.kind === "number" ? { kind: "number", value: -operand.value } : { kind: "other", parts: [operand] };
    }
    if (token.kind === "operator" && (token.text === "*" || token.text === "**")) {
      this.next++;
      return { kind: "star", of: this.expression(1) };
    }
    if (token.kind === "name") {
      if (token.text === "not") {
        this.next++;
        return { kind: "other", parts: [this.expression(3)] };
      }
      if (token.text === "await" || token.text === "yield") {
        this.next++;
        if (this.isName("from")) this.next++;
        const operand = this.peek();
        return { kind: "other", parts: operand !== undefined && this.startsOperand(operand) ? [this.expression(0)] : [] };
      }
      if (token.text === "lambda") return this.lambda();
    }
    return this.postfix(this.primary());
  }

  private lambda(): Expression {
    this.next++;
    const parts: Expression[] = [];
    while (this.peek() !== undefined && !this.isOperator(":") && !this.isClosing()) {
      const token = this.peek();
      if (token !== undefined && this.startsOperand(token)) parts.push(this.expression(0));
      else this.next++;
    }
    if (this.isOperator(":")) {
      this.next++;
      parts.push(this.expression(0));
    }
    return { kind: "other", parts };
  }

  private isClosing(): boolean {
    const token = this.peek();
    return token === undefined || (token.kind === "operator" && closing.has(token.text));
  }

  private primary(): Expression {
    const token = this.list[this.next];
    if (token === undefined || this.isClosing()) return { kind: "other", parts: [] };
    if (token.kind === "name") {
      if (keywords.has(token.text)) return { kind: "other", parts: [] };
      this.next++;
      return { kind: "name", id: token.text, at: token.at };
    }
    this.next++;
    if (token.kind === "number") return { kind: "number", value: Number(token.text.replace(/_/g, "")) };
    if (token.kind === "string") {
      this.next--;
      return this.strings();
    }
    if (token.text === "(" || token.text === "[" || token.text === "{") return this.bracket(token.text);
    return { kind: "other", parts: [] };
  }

  /** Adjacent literals are one. */
  private strings(): Expression {
    const parts: (string | Expression)[] = [];
    const at = this.list[this.next]?.at ?? 0;
    let readable = true;
    for (let token = this.peek(); token !== undefined && token.kind === "string"; token = this.peek()) {
      this.next++;
      if ((token.bits & prefix.bytes) !== 0) readable = false;
      if ((token.bits & prefix.format) !== 0) this.format(token, parts);
      else parts.push((token.bits & prefix.raw) !== 0 ? token.text : unescape(token.text));
    }
    if (!readable) return { kind: "other", parts: parts.filter((part): part is Expression => typeof part !== "string") };
    if (parts.every((part) => typeof part === "string")) return { kind: "string", value: parts.join(""), at };
    return { kind: "format", parts, at };
  }

  private format(token: Token, parts: (string | Expression)[]): void {
    const raw = (token.bits & prefix.raw) !== 0;
    let text = token.at;
    const flush = (to: number): void => {
      if (to <= text) return;
      const piece = new TextDecoder().decode(this.buffer.subarray(text, to)).replace(/\{\{/g, "{").replace(/\}\}/g, "}");
      parts.push(raw ? piece : unescape(piece));
    };
    for (let pos = token.at; pos < token.end; pos++) {
      if (this.buffer[pos] === 0x5c && !raw) {
        if (this.buffer[pos + 1] === 0x4e && this.buffer[pos + 2] === 0x7b) while (pos < token.end && this.buffer[pos] !== 0x7d) pos++;
        else if (this.buffer[pos + 1] !== 0x7b) pos++;
        continue;
      }
      if (this.buffer[pos] !== 0x7b) continue;
      if (this.buffer[pos + 1] === 0x7b) {
        pos++;
        continue;
      }
      flush(pos);
      const close = fieldEnd(this.buffer, pos + 1, token.end);
      const inner = new Parser(this.buffer, pos + 1, close.expression);
      const read = inner.statement().values;
      const only = read[0];
      parts.push(read.length === 1 && only !== undefined && close.plain ? only : { kind: "other", parts: read });
      pos = close.end;
      text = close.end + 1;
    }
    flush(token.end);
  }

  private bracket(open: string): Expression {
    const items: Expression[] = [];
    let plain = open !== "{";
    let comma = false;
    while (this.peek() !== undefined && !this.isClosing()) {
      const token = this.peek();
      if (token === undefined) break;
      if (token.kind === "operator" && token.text === ",") {
        this.next++;
        comma = true;
      } else if (this.startsOperand(token)) {
        items.push(this.expression(0));
      } else {
        plain = false; // a comprehension, a dictionary
        this.next++;
      }
    }
    this.next++;
    const only = items[0];
    if (open === "(" && plain && !comma && items.length === 1 && only !== undefined) return only;
    return plain ? { kind: "sequence", items } : { kind: "other", parts: items };
  }

  private postfix(start: Expression): Expression {
    let value = start;
    for (let token = this.peek(); token !== undefined && token.kind === "operator"; token = this.peek()) {
      if (token.text === ".") {
        const name = this.list[this.next + 1];
        this.next++;
        if (name === undefined || name.kind !== "name") return value;
        this.next++;
        value = { kind: "attribute", of: value, name: name.text };
      } else if (token.text === "(") {
        this.next++;
        value = this.call(value, token.at);
      } else if (token.text === "[") {
        this.next++;
        value = { kind: "subscript", of: value, index: this.index() };
      } else break;
    }
    return value;
  }

  private index(): Expression {
    const parts: Expression[] = [];
    let plain = true;
    while (this.peek() !== undefined && !this.isClosing()) {
      const token = this.peek();
      if (token !== undefined && this.startsOperand(token)) parts.push(this.expression(0));
      else {
        plain = false;
        this.next++;
      }
    }
    this.next++;
    const only = parts[0];
    return plain && parts.length === 1 && only !== undefined ? only : { kind: "other", parts };
  }

  private call(callee: Expression, at: number): Expression {
    const args: Expression[] = [];
    const keywordArgs: { name: string; value: Expression }[] = [];
    while (this.peek() !== undefined && !this.isClosing()) {
      const token = this.list[this.next];
      const after = this.list[this.next + 1];
      if (token === undefined) break;
      if (token.kind === "name" && after !== undefined && after.kind === "operator" && after.text === "=") {
        this.next += 2;
        keywordArgs.push({ name: token.text, value: this.expression(0) });
      } else if (this.startsOperand(token)) args.push(this.expression(0));
      else this.next++;
    }
    this.next++;
    return { kind: "call", callee, args, keywords: keywordArgs, at };
  }
}

/** Where the expression of a replacement field ends and where its closing brace stands. */
function fieldEnd(buffer: Uint8Array, from: number, end: number): { expression: number; end: number; plain: boolean } {
  const list = tokens(buffer, from, end);
  let depth = 0;
  let expression = -1;
  for (const token of list) {
    if (token.kind !== "operator") continue;
    if (depth === 0 && expression < 0 && (token.text === ":" || token.text === ":=" || token.text === "!")) {
      expression = token.at;
      // The rest is a conversion or a format specification: only braces count.
      let braces = 0;
      for (let pos = token.at; pos < end; pos++) {
        if (buffer[pos] === 0x7b) braces++;
        else if (buffer[pos] === 0x7d && braces-- === 0) return { expression, end: pos, plain: false };
      }
      return { expression, end, plain: false };
    }
    if (token.text === "(" || token.text === "[" || token.text === "{") depth++;
    else if (closing.has(token.text)) {
      if (depth === 0) return { expression: token.at, end: token.at, plain: true };
      depth--;
    }
  }
  return { expression: end, end, plain: false };
}
