/** Finds what can be launched in a Python text: the `__main__` guard, the job functions, and every other top-level function. */
import picomatch from "picomatch";
import { scanPython, type LogicalLine, type Scan, type Token } from "./pythonLines.js";

export interface Parameter {
  name: string;
  kind: "positional" | "keyword" | "arguments" | "keywords";
  annotation: string | null;
  /** Source text of the default value; null: required. */
  default: string | null;
  /** The engine's session: the runner supplies it. */
  session: boolean;
}

/** Why a function counts as a job. */
export type JobReason = "comment" | "decorator" | "session" | "name";

export interface LaunchableFunction {
  name: string;
  /** 0-based line of the first decorator, or of `def`: where the lens stands. */
  line: number;
  /** 0-based line of the name. */
  nameLine: number;
  /** 0-based last line of the body. */
  endLine: number;
  parameters: Parameter[];
  job: JobReason | null;
}

export interface Launchables {
  /** 0-based line of the `if __name__ == "__main__":`, or null. */
  guardLine: number | null;
  functions: LaunchableFunction[];
}

/** `jobs` of the project file. */
export interface JobPatterns {
  /** Dotted names of decorators, e.g. `mylib.job`. */
  decorators: readonly string[];
  /** Globs on function names, e.g. `*_job`. */
  functions: readonly string[];
}

const engineDecorators = ["ray.remote", "dask.delayed", "prefect.flow", "prefect.task", "dagster.job"];
const sessionTypes = new Set(["SparkSession", "Client"]);
const jobNames = ["main"];

export function findLaunchables(text: string, patterns: JobPatterns): Launchables {
  const scan = scanPython(text);
  const imported = importedNames(scan.lines);
  const decorators = new Set([...engineDecorators, ...patterns.decorators]);
  const named = picomatch([...jobNames, ...patterns.functions]);
  const functions: LaunchableFunction[] = [];
  let guardLine: number | null = null;
  let pending: LogicalLine[] = [];
  let body: LaunchableFunction | undefined;

  for (const line of scan.lines) {
    if (line.indent > 0) {
      if (body !== undefined) body.endLine = line.endLine;
      continue;
    }
    body = undefined;
    if (line.tokens[0]?.text === "@") {
      pending.push(line);
      continue;
    }
    const header = functionHeader(line);
    if (header !== undefined) {
      const first = pending[0]?.line ?? line.line;
      const parameters = readParameters(header.parameters, imported);
      const job = marked(scan, first, header.nameLine)
        ? "comment"
        : pending.some((decorator) => decorators.has(dottedName(decorator.tokens.slice(1), imported)))
          ? "decorator"
          : parameters.some((parameter) => parameter.session)
            ? "session"
            : named(header.name)
              ? "name"
              : null;
      body = { name: header.name, line: first, nameLine: header.nameLine, endLine: line.endLine, parameters, job };
      functions.push(body);
    } else if (guardLine === null && isGuard(line)) {
      guardLine = line.line;
    }
    pending = [];
  }
  return { guardLine, functions };
}

/** The top-level function that holds a 0-based line, its decorators included. */
export function functionAt(launchables: Launchables, line: number): LaunchableFunction | undefined {
  return launchables.functions.find((candidate) => candidate.line <= line && line <= candidate.endLine);
}

function functionHeader(line: LogicalLine): { name: string; nameLine: number; parameters: Token[] } | undefined {
  const { tokens } = line;
  const at = tokens[0]?.text === "async" ? 1 : 0;
  const name = tokens[at + 1];
  if (tokens[at]?.text !== "def" || name?.kind !== "name") return undefined;
  let from = at + 2;
  if (tokens[from]?.text === "[") from = closing(tokens, from) + 1;
  if (tokens[from]?.text !== "(") return { name: name.text, nameLine: name.line, parameters: [] };
  return { name: name.text, nameLine: name.line, parameters: tokens.slice(from + 1, closing(tokens, from)) };
}

/** Index of the bracket that closes the one at `from`, or the end of the tokens. */
function closing(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== "operator") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text) && --depth === 0) return at;
  }
  return tokens.length;
}

function readParameters(tokens: readonly Token[], imported: ReadonlyMap<string, string>): Parameter[] {
  const parameters: Parameter[] = [];
  let keyword = false;
  for (const part of splitAtCommas(tokens)) {
    const first = part[0];
    if (first === undefined || first.text === "/") continue;
    const starred = first.text === "*" || first.text === "**";
    if (first.text === "*") keyword = true;
    const name = starred ? part[1] : first;
    if (name?.kind !== "name") continue;
    const equals = topLevel(part, "=");
    const colon = topLevel(part.slice(0, equals), ":");
    const annotation = colon < equals ? source(part.slice(colon + 1, equals)) : "";
    const kind = first.text === "*" ? "arguments" : first.text === "**" ? "keywords" : keyword ? "keyword" : "positional";
    parameters.push({
      name: name.text,
      kind,
      annotation: annotation === "" ? null : annotation,
      default: equals < part.length ? source(part.slice(equals + 1)) : null,
      session: !starred && isSession(name.text, annotation, imported),
    });
  }
  return parameters;
}

function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  for (let rest = tokens; rest.length > 0; ) {
    const comma = topLevel(rest, ",");
    parts.push(rest.slice(0, comma));
    rest = rest.slice(comma + 1);
  }
  return parts;
}

/** Index of an operator outside brackets, or the number of tokens. */
function topLevel(tokens: readonly Token[], operator: string): number {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== "operator") continue;
    if (token.text === operator) return at;
    if ("([{".includes(token.text)) at = closing(tokens, at);
  }
  return tokens.length;
}

function source(tokens: readonly Token[]): string {
  let text = "";
  let last: Token["kind"] | undefined;
  for (const token of tokens) {
    const words = last !== undefined && last !== "operator" && token.kind !== "operator";
    text += words ? ` ${token.text}` : token.text === "|" ? " | " : token.text === "," ? ", " : token.text;
    last = token.kind;
  }
  return text.trim();
}

function isSession(name: string, annotation: string, imported: ReadonlyMap<string, string>): boolean {
  if (annotation !== "") {
    const type = annotation.replace(/^["']|["']$/g, "");
    const dotted = resolveName(type, imported);
    return sessionTypes.has(dotted.slice(dotted.lastIndexOf(".") + 1));
  }
  if (name === "spark") return true;
  return name === "client" && [...imported.values()].some((origin) => /^(dask\.)?distributed(\.|$)/.test(origin));
}

/** `job`, `mylib.job(retries=2)` as the dotted name of what was imported. */
function dottedName(tokens: readonly Token[], imported: ReadonlyMap<string, string>): string {
  let name = "";
  for (const token of tokens) {
    if (token.kind !== "name" && token.text !== ".") break;
    name += token.text;
  }
  return resolveName(name, imported);
}

function resolveName(dotted: string, imported: ReadonlyMap<string, string>): string {
  const dot = dotted.indexOf(".");
  const head = dot < 0 ? dotted : dotted.slice(0, dot);
  const origin = imported.get(head);
  return origin === undefined ? dotted : origin + (dot < 0 ? "" : dotted.slice(dot));
}

/** Local name → dotted origin, of the import statements anywhere in the text. */
function importedNames(lines: readonly LogicalLine[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { tokens } of lines) {
    if (tokens[0]?.text === "import") {
      for (const [dotted, alias] of importedItems(tokens.slice(1))) {
        if (alias !== undefined) names.set(alias, dotted);
        else names.set(dotted.split(".")[0] ?? dotted, dotted.split(".")[0] ?? dotted);
      }
    } else if (tokens[0]?.text === "from") {
      const at = tokens.findIndex((token) => token.text === "import");
      if (at < 0) continue;
      const module = tokens.slice(1, at).map((token) => token.text).join("");
      for (const [name, alias] of importedItems(tokens.slice(at + 1))) names.set(alias ?? name, `${module}.${name}`);
    }
  }
  return names;
}

function importedItems(tokens: readonly Token[]): [string, string | undefined][] {
  const plain = tokens.filter((token) => token.text !== "(" && token.text !== ")");
  return splitAtCommas(plain).flatMap((part): [string, string | undefined][] => {
    const as = part.findIndex((token) => token.text === "as");
    const name = (as < 0 ? part : part.slice(0, as)).map((token) => token.text).join("");
    return name === "" ? [] : [[name, as < 0 ? undefined : part[as + 1]?.text]];
  });
}

function marked(scan: Scan, firstLine: number, nameLine: number): boolean {
  for (let line = firstLine - 1; line <= nameLine; line++) {
    if (/^\s*slingshot:\s*job\b/.test(scan.comments.get(line) ?? "")) return true;
  }
  return false;
}

function isGuard(line: LogicalLine): boolean {
  const [keyword, ...rest] = line.tokens.filter((token) => token.text !== "(" && token.text !== ")");
  if (keyword?.text !== "if") return false;
  const [left, equals, right] = rest;
  if (equals?.text !== "==") return false;
  const sides = [left?.text, right?.text];
  return sides.includes("__name__") && sides.some((side) => side === '"__main__"' || side === "'__main__'");
}
