/** Reads the statements that the scanner found interesting and records what they mean for the closure. */
import { isGuarded, type Block } from "./blocks.js";
import { textOf } from "./bytes.js";
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
/** Functions that import what their first argument names: also where they are handed on as values. */
const importers = new Set(["importlib.import_module", "importlib.__import__", "__import__", "builtins.__import__"]);
const textRunners = /^(?:(?:__)?builtins(?:__)?\.)?(exec|eval|compile)$/;
const openCalls = new Set(["open", "io.open", "codecs.open", "builtins.open"]);
const fileKeywords = new Set(["file", "filepath_or_buffer", "io", "path", "source", "fname", "filename", "fp", "database", "name", "f"]);
const resourceCalls = /^(importlib\.resources|importlib_resources)\.(read_text|read_binary|open_text|open_binary|path)$/;

export class StatementReader {
  /** The statement at hand changes a search path: what it names is no data. */
  private edits = false;
  private block: Block | null = null;
  private readonly guarded: { call: DynamicImport; block: Block }[] = [];
  private readonly execs: { name: string; line: number }[] = [];
  /** Functions of the module's own that bear the names of `execs`. */
  private readonly defined = new Set<string>();
  private allNames: { names: string[]; dynamic: boolean; line: number } | null = null;

  constructor(
    private readonly buffer: Uint8Array,
    private readonly scan: SourceScan,
    private readonly interest: Interest,
    private readonly lines: LineCounter,
  ) {}

  /** Reads `[start, end)`; returns whether it gives TYPE_CHECKING a value other than False. */
  read(start: number, end: number, block: Block | null, isLoop: boolean): boolean {
    const scope = block?.scope ?? 0;
    this.block = block;
    const statement = new Parser(this.buffer, start, end).statement();
    const line = this.lines.lineAt(start);
    const target = statement.targets[0];
    const value = statement.values[0];
    let runsTypeChecking = false;
    if (target !== undefined && value !== undefined) {
      if (target.kind === "name" && target.id === "__all__") this.all(statement.operator ?? "=", value, line, scope !== 0);
      else if (target.kind === "name" && target.id === "TYPE_CHECKING") runsTypeChecking = !(value.kind === "name" && value.id === "False");
      else if (target.kind === "name" && statement.operator === "=" && !isLoop && !this.renames(target.id, value)) {
        this.scan.constants.push({ name: target.id, value, line });
        this.interest.add(target.id);
      }
    }
    const edit = readPathEdit(statement, this.scan.aliases, line, scope);
    if (edit !== null) this.scan.pathEdits.push(edit);
    if (this.writesModules(statement)) this.scan.writesModules = true;
    this.edits = edit !== null;
    if ((scope & scopes.typeOnly) !== 0) return runsTypeChecking;
    const header = /^(async\s+)?def\b/.test(textOf(this.buffer, start, Math.min(start + 40, end)).trimStart()) ? statement.values[0] : undefined;
    for (const expression of [...statement.targets, ...statement.values]) {
      if (expression === header && expression.kind === "call") this.definition(expression, line, scope);
      else this.visit(expression, line, scope);
    }
    return runsTypeChecking;
  }

  /** Called once behind the last statement. */
  finish(): void {
    this.scan.all = this.allNames;
    for (const { call, block } of this.guarded) if (isGuarded(block)) call.scope |= scopes.guarded;
    const others = (name: string): boolean => this.defined.has(name) || this.scan.imports.some(({ module, names }) => names?.includes(name) === true && module !== "builtins");
    for (const { name, line } of this.execs) if (!others(name) && !this.scan.execs.includes(line)) this.scan.execs.push(line);
  }

  private all(operator: string, value: Expression, line: number, joins: boolean): void {
    const names = literalNames(value);
    // Of two branches either may run: both lists count.
    if ((operator === "=" && !joins) || this.allNames === null) this.allNames = { names: [], dynamic: operator !== "=", line };
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

  /** `load = importlib.import_module`: calls of the new name count as those of the old one. */
  private renames(name: string, value: Expression): boolean {
    if (value.kind !== "name" && value.kind !== "attribute") return false;
    const qualified = this.name(value);
    if (qualified === null || !(importers.has(qualified) || textRunners.test(qualified))) return false;
    this.scan.aliases[name] = qualified.includes(".") ? qualified : `builtins.${qualified}`;
    this.interest.add(name);
    return true;
  }

  /** `def name(a=…)` is no call of `name`; the defaults run. */
  private definition(header: Extract<Expression, { kind: "call" }>, line: number, scope: number): void {
    if (header.callee.kind === "name" && this.block?.keyword !== "class") this.defined.add(header.callee.id);
    this.handedOn(header, scope);
    for (const child of children(header)) if (child !== header.callee) this.visit(child, line, scope);
  }

  /** `map(import_module, names)`: what stands behind an importing function is taken for what it imports. */
  private handedOn(call: Extract<Expression, { kind: "call" }>, scope: number): void {
    const imports = (value: Expression): boolean => (value.kind === "name" || value.kind === "attribute") && importers.has(this.name(value) ?? "");
    const line = this.lines.lineAt(call.at);
    for (const [index, value] of call.args.entries()) if (imports(value)) this.dynamic("handed_on", call.args[index + 1] ?? null, null, null, line, scope);
    for (const { value } of call.keywords) if (imports(value)) this.dynamic("handed_on", null, null, null, line, scope);
  }

  private call(call: Extract<Expression, { kind: "call" }>, scope: number): void {
    this.handedOn(call, scope);
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
    } else if (name === "pkgutil.resolve_name" || name === "pydoc.locate") {
      this.dynamic("resolve_name", argument(0, name === "pydoc.locate" ? "path" : "name"), null, null, line, scope);
    } else if (name !== null && textRunners.test(name)) {
      if (!parsesOnly(call)) this.execs.push({ name: call.callee.kind === "name" ? call.callee.id : name, line });
    } else if (name !== null && (openCalls.has(name) || readsData(name))) {
      const target = call.args[0] ?? call.keywords.find((entry) => fileKeywords.has(entry.name))?.value ?? null;
      if (target !== null) this.scan.data.push({ kind: "open", target, anchor: null, line });
    } else if (name === "pkgutil.get_data" || (name !== null && resourceCalls.test(name))) {
      const [anchor, target] = [argument(0, "package"), argument(1, "resource")];
      if (target !== null) this.scan.data.push({ kind: "resource", target, anchor, line });
    } else if ((last === "append" || last === "extend") && call.callee.kind === "attribute" && this.name(call.callee.of) === "__all__") {
      const value = call.args[0];
      if (value !== undefined) this.all("+=", last === "append" ? { kind: "sequence", items: [value] } : value, line, true);
    } else if (name === "pathlib.Path") {
      this.scan.data.push({ kind: "open", target: call, anchor: null, line });
    }
  }

  /** Whether the source imports what tells the entry points of installed distributions. */
  private readsEntryPoints(): boolean {
    return Object.values(this.scan.aliases).some((name) => /^(importlib\.metadata|importlib_metadata|pkg_resources)(\.|$)/.test(name)) || this.scan.imports.some(({ module }) => module === "importlib.metadata");
  }

  private dynamic(call: DynamicImport["call"], target: Expression | null, anchor: Expression | null, names: Expression | null, line: number, scope: number): void {
    const found = { call, target, anchor, names, line, scope };
    this.scan.dynamic.push(found);
    if (this.block !== null) this.guarded.push({ call: found, block: this.block });
  }
}

/** `self.import_module(…)` is somebody's own method; that of `__import__("importlib")` is not. */
function ownMethod(callee: Expression): boolean {
  if (callee.kind === "attribute" && callee.of.kind === "call" && dottedName(callee.of.callee) === "__import__") return false;
  const name = dottedName(callee);
  return callee.kind === "attribute" && (name === null || name.startsWith("self.") || name.startsWith("cls."));
}

/** `compile(…, PyCF_ONLY_AST)` gives a tree, which is mostly looked at. */
function parsesOnly(call: Extract<Expression, { kind: "call" }>): boolean {
  const flags = call.keywords.find(({ name }) => name === "flags")?.value ?? call.args[3];
  return flags !== undefined && dottedName(flags)?.endsWith("PyCF_ONLY_AST") === true;
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
