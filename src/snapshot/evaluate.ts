/** Values of expressions that depend on nothing but the source's place, its module name and literals. */
import { qualifiedName } from "./scan/condition.js";
import type { Expression } from "./scan/expression.js";
import type { SourceScan } from "./scan/sourceScan.js";
import { posix } from "node:path";

/** Where the source stands that an expression is read in. */
export interface Place {
  /** `__file__`, absolute. */
  file: string;
  /** `__name__`. */
  module: string;
  /** `__package__`. */
  package: string;
  /** Directory that relative paths are taken from. */
  cwd: string;
  /** `sys.path[0]`. */
  firstRoot: string;
  /** Directory of a local package, for `importlib.resources.files`; null where it is none. */
  packageDirectory: (name: string) => string | null;
}

/** Text whose unknown pieces are null; or a list of values. */
export type Value = { kind: "text"; parts: (string | null)[]; /** Depends on `__file__` or a package's place. */ based: boolean } | { kind: "list"; items: (Value | null)[] } | { kind: "number"; value: number };

const dirname = new Set(["os.path.dirname", "posixpath.dirname"]);
const same = new Set(["os.path.abspath", "os.path.realpath", "os.path.normpath", "os.fspath", "str", "os.path.normcase", "posixpath.abspath"]);
const join = new Set(["os.path.join", "posixpath.join"]);
const paths = new Set(["pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "Path", "pathlib.PurePosixPath"]);

export class Evaluator {
  private depth = 0;

  constructor(
    private readonly scan: SourceScan,
    private readonly place: Place,
    private readonly line: number,
  ) {}

  /** The whole text, or null where a part is unknown. */
  text(expression: Expression | null): string | null {
    const value = expression === null ? null : this.value(expression);
    return value === null ? null : whole(value);
  }

  /** The directory of the package that `anchor` names, by text or as an imported module. */
  packagePath(anchor: Expression): string | null {
    const value = this.packagePlace(anchor);
    return value === null ? null : whole(value);
  }

  value(expression: Expression): Value | null {
    if (++this.depth > 60) return null;
    const value = this.evaluate(expression);
    this.depth--;
    return value;
  }

  private evaluate(expression: Expression): Value | null {
    switch (expression.kind) {
      case "string":
        return literal(expression.value);
      case "number":
        return { kind: "number", value: expression.value };
      case "format":
        return this.format(expression.parts);
      case "sequence":
        return { kind: "list", items: expression.items.map((item) => this.value(item)) };
      case "name":
        return this.named(expression.id);
      case "binary":
        return this.binary(expression.operator, expression.left, expression.right);
      case "attribute":
        return this.attribute(expression);
      case "subscript":
        return this.subscript(expression);
      case "call":
        return this.call(expression);
      default:
        return null;
    }
  }

  private format(parts: readonly (string | Expression)[]): Value {
    const result: (string | null)[] = [];
    let based = false;
    for (const part of parts) {
      const value = typeof part === "string" ? literal(part) : this.value(part);
      if (value?.kind === "text") {
        result.push(...value.parts);
        based ||= value.based;
      } else result.push(value?.kind === "number" ? String(value.value) : null);
    }
    return { kind: "text", parts: merged(result), based };
  }

  private named(id: string): Value | null {
    const { place } = this;
    if (id === "__file__") return { kind: "text", parts: [place.file], based: true };
    if (id === "__name__") return literal(place.module);
    if (id === "__package__") return literal(place.package);
    const known = this.scan.constants.filter((constant) => constant.name === id && constant.oneOfSeveral !== true);
    if (known.length === 0) return this.scan.aliases[id] === undefined ? null : this.qualified(this.scan.aliases[id] ?? "");
    const before = known.filter((constant) => constant.line < this.line);
    const chosen = before.at(-1) ?? known.at(-1);
    if (chosen === undefined) return null;
    return new Evaluator(this.scan, place, chosen.line === this.line ? -1 : chosen.line).nested(this.depth, chosen.value);
  }

  private nested(depth: number, expression: Expression): Value | null {
    this.depth = depth;
    return this.value(expression);
  }

  private qualified(name: string): Value | null {
    if (name === "os.sep" || name === "os.path.sep") return literal("/");
    if (name === "os.curdir" || name === "os.path.curdir") return literal(".");
    if (name === "os.pardir" || name === "os.path.pardir") return literal("..");
    if (name === "__spec__.name") return literal(this.place.module);
    if (name === "__spec__.parent") return literal(this.place.package);
    return null;
  }

  private binary(operator: string, left: Expression, right: Expression): Value | null {
    const first = this.value(left);
    if (operator === "+") {
      const second = this.value(right);
      if (first?.kind === "list" || second?.kind === "list") return first?.kind === "list" && second?.kind === "list" ? { kind: "list", items: [...first.items, ...second.items] } : null;
      if (first === null && second === null) return null;
      return concatenated(first, second);
    }
    if (operator === "/") {
      const base = first === null ? null : whole(first);
      const tail = this.text(right);
      return base === null || tail === null || first?.kind !== "text" ? null : path(posix.join(tail.startsWith("/") ? "" : base, tail), first.based);
    }
    if (operator === "%" && first?.kind === "text") {
      const template = whole(first);
      const value = this.value(right);
      return template === null ? null : filled(template, /%[sdr]/, value?.kind === "list" ? value.items : [value], first.based);
    }
    return null;
  }

  private attribute(expression: Extract<Expression, { kind: "attribute" }>): Value | null {
    const name = qualifiedName(expression, this.scan.aliases);
    const known = name === null ? null : this.qualified(name);
    if (known !== null) return known;
    const value = this.value(expression.of);
    const text = value === null ? null : whole(value);
    if (text === null || value?.kind !== "text") return null;
    switch (expression.name) {
      case "parent":
        return path(posix.dirname(text), value.based);
      case "name":
        return { kind: "text", parts: [posix.basename(text)], based: false };
      case "stem":
        return { kind: "text", parts: [posix.parse(text).name], based: false };
      default:
        return null;
    }
  }

  private subscript(expression: Extract<Expression, { kind: "subscript" }>): Value | null {
    const index = this.value(expression.index);
    if (index?.kind !== "number") return null;
    if (expression.of.kind === "attribute" && expression.of.name === "parents") {
      const value = this.value(expression.of.of);
      const text = value === null ? null : whole(value);
      if (text === null || value?.kind !== "text" || index.value < 0) return null;
      let directory = posix.dirname(text);
      for (let count = 0; count < index.value; count++) directory = posix.dirname(directory);
      return path(directory, value.based);
    }
    if (index.value === 0 && qualifiedName(expression.of, this.scan.aliases) === "sys.path") return path(this.place.firstRoot, true);
    // `__package__.split(".")[0]`
    const list = this.value(expression.of);
    return list?.kind === "list" ? (list.items.at(index.value) ?? null) : null;
  }

  private call(expression: Extract<Expression, { kind: "call" }>): Value | null {
    const name = qualifiedName(expression.callee, this.scan.aliases);
    const first = expression.args[0];
    if (name !== null) {
      if (dirname.has(name) && first !== undefined) return this.mapped(first, (text) => posix.dirname(text));
      if (same.has(name) && first !== undefined) return this.mapped(first, name === "str" || name === "os.fspath" ? (text) => text : (text) => posix.resolve(this.place.cwd, text));
      if (name === "os.path.basename" && first !== undefined) return this.mapped(first, (text) => posix.basename(text));
      if (join.has(name)) return this.joined(null, expression.args);
      if (name === "os.getcwd" || name === "pathlib.Path.cwd") return path(this.place.cwd, false);
      if (paths.has(name)) return expression.args.length === 0 ? literal(".") : this.joined(null, expression.args);
      if ((name === "importlib.resources.files" || name === "importlib_resources.files") && first !== undefined) return this.packagePlace(first);
      if (name === "tuple" || name === "list" || name === "sorted") return first === undefined ? null : this.value(first);
    }
    return expression.callee.kind === "attribute" ? this.method(expression.callee, expression.args) : null;
  }

  private method(callee: Extract<Expression, { kind: "attribute" }>, args: readonly Expression[]): Value | null {
    const value = this.value(callee.of);
    if (value?.kind !== "text") return null;
    const text = whole(value);
    const first = args[0];
    const argument = first === undefined ? null : this.text(first);
    if (text === null) return null;
    switch (callee.name) {
      case "resolve":
      case "absolute":
        return path(posix.resolve(this.place.cwd, text), value.based);
      case "as_posix":
      case "__str__":
      case "__fspath__":
        return value;
      case "joinpath":
        return this.joined(value, args);
      case "with_name":
        return argument === null ? null : path(posix.join(posix.dirname(text), argument), value.based);
      case "with_suffix":
        return argument === null ? null : path(posix.join(posix.dirname(text), posix.parse(text).name + argument), value.based);
      case "format":
        return filled(text, /\{\w*\}/, args.map((arg) => this.value(arg)), value.based);
      case "join": {
        const list = first === undefined ? null : this.value(first);
        const items = list?.kind === "list" ? list.items.map((item) => (item === null ? null : whole(item))) : [null];
        return items.every((item) => item !== null) ? literal(items.join(text)) : null;
      }
      case "split":
        return argument === null ? null : { kind: "list", items: text.split(argument).map((part) => literal(part)) };
      case "rpartition": {
        const at = argument === null ? -1 : text.lastIndexOf(argument);
        return at < 0 || argument === null ? null : { kind: "list", items: [literal(text.slice(0, at)), literal(argument), literal(text.slice(at + argument.length))] };
      }
      default:
        return null;
    }
  }

  private mapped(expression: Expression, change: (text: string) => string): Value | null {
    const value = this.value(expression);
    const text = value === null ? null : whole(value);
    return text === null || value?.kind !== "text" ? null : path(change(text), value.based);
  }

  private joined(base: Value | null, args: readonly Expression[]): Value | null {
    let result = base === null ? "" : whole(base);
    let based = base?.kind === "text" && base.based;
    for (const arg of args) {
      const value = this.value(arg);
      const text = value === null ? null : whole(value);
      if (text === null || result === null || value?.kind !== "text") return null;
      based = text.startsWith("/") ? value.based : based || value.based;
      result = result === "" || text.startsWith("/") ? text : `${result.replace(/\/+$/, "")}/${text}`;
    }
    return result === null ? null : path(result, based);
  }

  /** The directory of a package given by name, or by the name it was imported under. */
  private packagePlace(anchor: Expression): Value | null {
    const text = this.text(anchor);
    const name = text ?? this.importedName(qualifiedName(anchor, this.scan.aliases));
    const directory = name === null ? null : this.place.packageDirectory(name === "__main__" ? this.place.module : name);
    return directory === null ? null : path(directory, true);
  }

  private importedName(name: string | null): string | null {
    if (name === null) return null;
    for (const statement of this.scan.imports) {
      if (statement.level > 0) continue;
      if (statement.names === null && (statement.module === name || statement.module.startsWith(`${name}.`))) return name;
      if (statement.names?.includes(name) === true) return `${statement.module}.${name}`;
    }
    return null;
  }
}

/** All of a text, or null where a piece of it is unknown. */
export function whole(value: Value): string | null {
  if (value.kind === "number") return String(value.value);
  if (value.kind !== "text") return null;
  let text = "";
  for (const part of value.parts) {
    if (part === null) return null;
    text += part;
  }
  return text;
}

function literal(text: string): Value {
  return { kind: "text", parts: [text], based: false };
}

function path(text: string, based: boolean): Value {
  return { kind: "text", parts: [text], based };
}

function concatenated(first: Value | null, second: Value | null): Value | null {
  const parts = (value: Value | null): (string | null)[] => (value?.kind === "text" ? value.parts : value?.kind === "number" ? [String(value.value)] : [null]);
  const based = (first?.kind === "text" && first.based) || (second?.kind === "text" && second.based);
  return { kind: "text", parts: merged([...parts(first), ...parts(second)]), based };
}

function filled(template: string, hole: RegExp, values: readonly (Value | null)[], based: boolean): Value {
  const parts: (string | null)[] = [];
  let rest = template;
  for (let index = 0; ; index++) {
    const found = hole.exec(rest);
    if (found === null) break;
    parts.push(rest.slice(0, found.index));
    const value = values[index] ?? null;
    parts.push(value === null ? null : whole(value));
    rest = rest.slice(found.index + found[0].length);
  }
  parts.push(rest);
  return { kind: "text", parts: merged(parts), based };
}

function merged(parts: readonly (string | null)[]): (string | null)[] {
  const result: (string | null)[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === "string" && typeof last === "string") result[result.length - 1] = last + part;
    else if (part !== "") result.push(part);
  }
  return result.length === 0 ? [""] : result;
}
