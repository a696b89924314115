/** Reads the statements that the scanner found interesting and records what they mean for the closure. */
import { qualifiedName } from "./condition.js";
import { children, dottedName, type Expression } from "./expression.js";
import type { Interest } from "./interest.js";
import type { LineCounter } from "./lineCounter.js";
import { readsData } from "./dataReaders.js";
import { Parser, type Statement } from "./parser.js";
import { readPathEdit } from "./pathEdits.js";
import { scopes, type DynamicImport, type SourceScan } from "./sourceScan.js";

const moduleCalls: Record<string, DynamicImport["call"]> = {
  import_module: "import_module",
  __import__: "__import__",
  run_module: "run_module",
  run_path: "run_path",
};
const pathCalls = new Set(["spec_from_file_location", "load_source", "SourceFileLoader"]);
const openCalls = new Set(["open", "io.open", "codecs.open", "builtins.open"]);
const fileKeywords = new Set(["file", "filepath_or_buffer", "io", "path", "source", "fname", "filename", "fp", "database", "name", "f"]);
const resourceCalls = /^(importlib\.resources|importlib_resources)\.(read_text|read_binary|open_text|open_binary|path)$/;

export class StatementReader {
  /** The statement at hand changes a search path: what it names is no data. */
  private edits = false;
  private allNames: { names: string[]; dynamic: boolean; line: number } | null = null;

  constructor(
    private readonly buffer: Uint8Array,
    private readonly scan: SourceScan,
    private readonly interest: Interest,
    private readonly lines: LineCounter,
  ) {}

  /** Reads `[start, end)`; returns whether it gives TYPE_CHECKING a value other than False. */
  read(start: number, end: number, scope: number, isLoop: boolean): boolean {
    const statement = new Parser(this.buffer, start, end).statement();
    const line = this.lines.lineAt(start);
    const target = statement.targets[0];
    const value = statement.values[0];
    let runsTypeChecking = false;
    if (target !== undefined && value !== undefined) {
      if (target.kind === "name" && target.id === "__all__") this.all(statement.operator ?? "=", value, line);
      else if (target.kind === "name" && target.id === "TYPE_CHECKING") runsTypeChecking = !(value.kind === "name" && value.id === "False");
      else if (target.kind === "name" && statement.operator === "=" && !isLoop) {
        this.scan.constants.push({ name: target.id, value, line });
        this.interest.add(target.id);
      }
    }
    const edit = readPathEdit(statement, this.scan.aliases, line, scope);
    if (edit !== null) this.scan.pathEdits.push(edit);
    if (this.writesModules(statement)) this.scan.writesModules = true;
    this.edits = edit !== null;
    if ((scope & scopes.typeOnly) !== 0) return runsTypeChecking;
    for (const expression of [...statement.targets, ...statement.values]) this.visit(expression, line, scope);
    return runsTypeChecking;
  }

  /** Called once behind the last statement. */
  finish(): void {
    this.scan.all = this.allNames;
  }

  private all(operator: string, value: Expression, line: number): void {
    const names = literalNames(value);
    if (operator === "=" || this.allNames === null) this.allNames = { names: [], dynamic: operator !== "=", line };
    if (names === null) this.allNames.dynamic = true;
    else this.allNames.names.push(...names);
  }

  private writesModules(statement: Statement): boolean {
    return statement.targets.some((target) => target.kind === "subscript" && this.name(target.of) === "sys.modules");
  }

  private name(expression: Expression): string | null {
    return qualifiedName(expression, this.scan.aliases);
  }

  private visit(expression: Expression, line: number, scope: number): void {
    if (expression.kind === "call") this.call(expression, scope);
    if (this.edits) {
      for (const child of children(expression)) this.visit(child, line, scope);
      return;
    }
    if (expression.kind === "attribute" || expression.kind === "call" || expression.kind === "binary" || expression.kind === "subscript") {
      this.scan.data.push({ kind: "path", target: expression, anchor: null, line: lineOf(expression, this.lines) ?? line });
    }
    for (const child of children(expression)) this.visitBelow(child, expression, line, scope);
  }

  /** Below an expression that may itself be a path, only calls are looked for: the closure goes down on its own. */
  private visitBelow(expression: Expression, parent: Expression, line: number, scope: number): void {
    const covered = parent.kind === "attribute" || parent.kind === "call" || parent.kind === "binary" || parent.kind === "subscript";
    if (!covered) {
      this.visit(expression, line, scope);
      return;
    }
    if (expression.kind === "call") this.call(expression, scope);
    for (const child of children(expression)) this.visitBelow(child, parent, line, scope);
  }

  private call(call: Extract<Expression, { kind: "call" }>, scope: number): void {
    const name = this.name(call.callee);
    const last = call.callee.kind === "attribute" ? call.callee.name : name === null ? null : name.slice(name.lastIndexOf(".") + 1);
    if (last === null) return;
    const line = this.lines.lineAt(call.at);
    const argument = (index: number, keyword: string): Expression | null => call.keywords.find((entry) => entry.name === keyword)?.value ?? call.args[index] ?? null;
    const kind = Object.hasOwn(moduleCalls, last) ? moduleCalls[last] : undefined;
    if (kind !== undefined && !ownMethod(call.callee)) {
      if (kind === "import_module") this.dynamic(kind, argument(0, "name"), argument(1, "package"), null, line, scope);
      else if (kind === "__import__") this.dynamic(kind, argument(0, "name"), argument(4, "level"), argument(3, "fromlist"), line, scope);
      else this.dynamic(kind, argument(0, kind === "run_module" ? "mod_name" : "path_name"), null, null, line, scope);
    } else if (pathCalls.has(last)) {
      this.dynamic("load_path", argument(1, last === "spec_from_file_location" ? "location" : last === "load_source" ? "pathname" : "path"), null, null, line, scope);
    } else if (last === "load_entry_point" || (last === "load" && call.callee.kind === "attribute" && call.args.length === 0 && this.readsEntryPoints())) {
      this.dynamic("entry_point", null, null, null, line, scope);
    } else if (name === "pkgutil.iter_modules" || name === "pkgutil.walk_packages") {
      this.dynamic("iter_modules", argument(0, "path"), null, null, line, scope);
    } else if (name === "exec" || name === "builtins.exec") this.scan.execs.push(line);
    else if (name !== null && (openCalls.has(name) || readsData(name))) {
      const target = call.args[0] ?? call.keywords.find((entry) => fileKeywords.has(entry.name))?.value ?? null;
      if (target !== null) this.scan.data.push({ kind: "open", target, anchor: null, line });
    } else if (name === "pkgutil.get_data" || (name !== null && resourceCalls.test(name))) {
      const [anchor, target] = [argument(0, "package"), argument(1, "resource")];
      if (target !== null) this.scan.data.push({ kind: "resource", target, anchor, line });
    } else if ((last === "append" || last === "extend") && call.callee.kind === "attribute" && this.name(call.callee.of) === "__all__") {
      const value = call.args[0];
      if (value !== undefined) this.all("+=", last === "append" ? { kind: "sequence", items: [value] } : value, line);
    } else if (name === "pathlib.Path") {
      this.scan.data.push({ kind: "open", target: call, anchor: null, line });
    }
  }

  /** Whether the source imports what tells the entry points of installed distributions. */
  private readsEntryPoints(): boolean {
    return Object.values(this.scan.aliases).some((name) => /^(importlib\.metadata|importlib_metadata|pkg_resources)(\.|$)/.test(name)) || this.scan.imports.some(({ module }) => module === "importlib.metadata");
  }

  private dynamic(call: DynamicImport["call"], target: Expression | null, anchor: Expression | null, names: Expression | null, line: number, scope: number): void {
    this.scan.dynamic.push({ call, target, anchor, names, line, scope });
  }
}

/** `self.import_module(…)` is somebody's own method; that of `__import__("importlib")` is not. */
function ownMethod(callee: Expression): boolean {
  if (callee.kind === "attribute" && callee.of.kind === "call" && dottedName(callee.of.callee) === "__import__") return false;
  const name = dottedName(callee);
  return callee.kind === "attribute" && (name === null || name.startsWith("self.") || name.startsWith("cls."));
}

function literalNames(value: Expression): string[] | null {
  if (value.kind === "binary" && value.operator === "+") {
    const [left, right] = [literalNames(value.left), literalNames(value.right)];
    return left === null || right === null ? null : [...left, ...right];
  }
  if (value.kind !== "sequence") return null;
  const names: string[] = [];
  for (const item of value.items) {
    if (item.kind !== "string") return null;
    names.push(item.value);
  }
  return names;
}

function lineOf(expression: Expression, lines: LineCounter): number | null {
  if (expression.kind === "name" || expression.kind === "string" || expression.kind === "call" || expression.kind === "format") return lines.lineAt(expression.at);
  for (const child of children(expression)) {
    const line = lineOf(child, lines);
    if (line !== null) return line;
  }
  return null;
}
