/**
 * Cuts Python text into logical lines of tokens. Tolerant: a half-typed buffer gives the lines that can be told, and an
 * open bracket ends where a statement plainly begins at the margin. Strings and comments are single tokens, never code.
 */

export interface Token {
  kind: "name" | "string" | "number" | "operator";
  text: string;
  /** 0-based. */
  line: number;
}

export interface LogicalLine {
  /** 0-based line of the first token. */
  line: number;
  /** 0-based line of the last token. */
  endLine: number;
  /** Width of the indentation; a tab goes to the next multiple of eight. */
  indent: number;
  tokens: Token[];
}

export interface Scan {
  lines: LogicalLine[];
  /** Text of each comment, without the number sign, by 0-based line. */
  comments: Map<number, string>;
}

const statementAtMargin = /(?:def|class|async\s+def|import|from|if\s+__name__)\b|@\w/y;
const nameStart = /[\p{L}\p{Nl}_]/u;
const namePart = /[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_]*/uy;
const stringStart = /(?:[rRbBuUfFtT]{0,2})("""|'''|"|')/y;
const number = /[0-9][0-9a-zA-Z_.]*/y;
const operator = /->|\*\*|:=|==|!=|<=|>=|\.\.\.|./suy;

export function scanPython(text: string): Scan {
  const lines: LogicalLine[] = [];
  const comments = new Map<number, string>();
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 0;
  let depth = 0;
  let indent = 0;
  let atMargin = true;
  let open: LogicalLine | undefined;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const add = (kind: Token["kind"], token: string, tokenLine: number): void => {
    if (open === undefined) {
      open = { line: tokenLine, endLine: tokenLine, indent, tokens: [] };
      lines.push(open);
    }
    open.tokens.push({ kind, text: token, line: tokenLine });
    open.endLine = line;
  };

  while (at < text.length) {
    if (atMargin) {
      atMargin = false;
      if (depth > 0 && match(statementAtMargin) !== null) {
        depth = 0;
        open = undefined;
      }
      let width = 0;
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === 32) width++;
        else if (code === 9) width += 8 - (width % 8);
        else if (code === 12) width = 0;
        else break;
      }
      if (open === undefined) indent = width;
      continue;
    }
    const char = text.charAt(at);
    if (char === "\n" || char === "\r") {
      at += char === "\r" && text.charAt(at + 1) === "\n" ? 2 : 1;
      line++;
      atMargin = true;
      if (depth === 0) open = undefined;
    } else if (char === " " || char === "\t" || char === "\f") {
      at++;
    } else if (char === "\\" && /[\r\n]/.test(text.charAt(at + 1))) {
      at += text.startsWith("\r\n", at + 1) ? 3 : 2;
      line++;
    } else if (char === "#") {
      const end = lineEnd(text, at);
      comments.set(line, text.slice(at + 1, end));
      at = end;
    } else {
      const string = match(stringStart);
      if (string !== null) {
        const quote = string[1] ?? '"';
        const end = stringEnd(text, at + string[0].length, quote);
        const token = text.slice(at, end);
        const first = line;
        line += countLines(token);
        add("string", token, first);
        at = end;
      } else if (nameStart.test(String.fromCodePoint(text.codePointAt(at) ?? 0))) {
        const name = match(namePart)?.[0] ?? char;
        add("name", name === "" ? char : name, line);
        at += Math.max(name.length, 1);
      } else if (char >= "0" && char <= "9") {
        const digits = match(number)?.[0] ?? char;
        add("number", digits, line);
        at += digits.length;
      } else {
        const symbol = match(operator)?.[0] ?? char;
        if (symbol === "(" || symbol === "[" || symbol === "{") depth++;
        else if ((symbol === ")" || symbol === "]" || symbol === "}") && depth > 0) depth--;
        add("operator", symbol, line);
        at += symbol.length;
      }
    }
  }
  return { lines, comments };
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

/** Index after the closing quote; a string of one line ends with its line even where its quote is missing. */
function stringEnd(text: string, from: number, quote: string): number {
  const long = quote.length === 3;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\") at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (!long && (char === "\n" || char === "\r")) return at;
  }
  return text.length;
}

function countLines(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
