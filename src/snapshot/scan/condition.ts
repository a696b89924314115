/** Whether the condition of an `if` is settled by TYPE_CHECKING, which is false at run time. */
import { dottedName, type Expression } from "./expression.js";
import { tokens, type Token } from "./lexer.js";

/** True, false or null (depends on the run) for the condition text `[start, end)`. */
export function settled(buffer: Uint8Array, start: number, end: number, isTypeChecking: (name: string) => boolean): boolean | null {
  const list = tokens(buffer, start, end);
  const reader = { list, next: 0 };
  const value = or(reader, isTypeChecking);
  return reader.next >= list.length ? value : null;
}

interface Reader {
  list: Token[];
  next: number;
}

function or(reader: Reader, test: (name: string) => boolean): boolean | null {
  let value = and(reader, test);
  while (reader.list[reader.next]?.text === "or") {
    reader.next++;
    const right = and(reader, test);
    value = value === true || right === true ? true : value === false && right === false ? false : null;
  }
  return value;
}

function and(reader: Reader, test: (name: string) => boolean): boolean | null {
  let value = not(reader, test);
  while (reader.list[reader.next]?.text === "and") {
    reader.next++;
    const right = not(reader, test);
    value = value === false || right === false ? false : value === true && right === true ? true : null;
  }
  return value;
}

function not(reader: Reader, test: (name: string) => boolean): boolean | null {
  const token = reader.list[reader.next];
  if (token?.text === "not" && token.kind === "name") {
    reader.next++;
    const value = not(reader, test);
    return value === null ? null : !value;
  }
  if (token?.text === "(" && token.kind === "operator") {
    const start = reader.next++;
    const value = or(reader, test);
    if (reader.list[reader.next]?.text === ")") {
      reader.next++;
      if (endsOperand(reader)) return value;
    }
    reader.next = start;
    return skipOperand(reader);
  }
  let name = "";
  const start = reader.next;
  for (let at = reader.list[reader.next]; at !== undefined && (at.kind === "name" || at.text === "."); at = reader.list[reader.next]) {
    if (at.kind === "name" && (at.text === "or" || at.text === "and" || name.length > 0) && !name.endsWith(".")) break;
    name += at.text;
    reader.next++;
  }
  if (name !== "" && endsOperand(reader)) return test(name) ? false : null;
  reader.next = start;
  return skipOperand(reader);
}

function endsOperand(reader: Reader): boolean {
  const next = reader.list[reader.next];
  return next === undefined || next.text === "or" || next.text === "and" || next.text === ")";
}

/** Passes anything up to the next `and`, `or` or closing bracket of this level. */
function skipOperand(reader: Reader): null {
  let depth = 0;
  for (let token = reader.list[reader.next]; token !== undefined; token = reader.list[reader.next]) {
    if (token.kind === "operator" && "([{".includes(token.text)) depth++;
    else if (token.kind === "operator" && ")]}".includes(token.text)) {
      if (depth === 0) return null;
      depth--;
    } else if (depth === 0 && token.kind === "name" && (token.text === "or" || token.text === "and")) return null;
    reader.next++;
  }
  return null;
}

/** The qualified name of `expression`, its first part replaced by what it was imported as. */
export function qualifiedName(expression: Expression, aliases: Readonly<Record<string, string>>): string | null {
  const name = dottedName(expression);
  if (name === null) return null;
  const dot = name.indexOf(".");
  const first = dot < 0 ? name : name.slice(0, dot);
  const qualified = Object.hasOwn(aliases, first) ? (aliases[first] ?? first) : first;
  return dot < 0 ? qualified : qualified + name.slice(dot);
}
