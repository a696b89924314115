/** Calls that import by name or path: literal names exactly, literal prefixes as all submodules, the rest as notes. */
import type { Closure } from "./closure.js";
import { whole } from "./evaluate.js";
import { packageOf } from "./closure.js";
import type { Module } from "./modules.js";
import { absolute, baseName, parentOf } from "./paths.js";
import type { Expression } from "./scan/expression.js";
import type { DynamicImport, SourceScan } from "./scan/sourceScan.js";
import { entryKind } from "./diskCache.js";

interface Caller {
  module: Module;
  scan: SourceScan;
  file: number;
}

export class DynamicImports {
  constructor(private readonly closure: Closure) {}

  follow(caller: Caller, call: DynamicImport): void {
    if (call.call === "run_path" || call.call === "load_path") this.path(caller, call);
    else if (call.call === "iter_modules") this.iterate(caller, call);
    else if (call.call === "entry_point") this.note(caller, call, 'what an entry point of an installed distribution names; name the files in "bundle.include"');
    else for (const target of alternatives(call.target, caller.scan)) this.name(caller, { ...call, target }, target !== call.target && call.target?.kind === "name" ? call.target.id : null);
  }

  /** `variable`: what the target was given by. */
  private name(caller: Caller, call: DynamicImport, variable: string | null): void {
    const { closure } = this;
    const evaluator = closure.evaluator(caller, call.line);
    const value = call.target === null ? null : evaluator.value(call.target);
    const parts = value?.kind === "text" ? value.parts : [null];
    const text = value === null ? null : whole(value);
    let anchor = "";
    if (call.call === "import_module" && parts[0]?.startsWith(".") === true) {
      const base = call.anchor === null ? null : evaluator.text(call.anchor);
      if (base === null) {
        this.opaque(caller, call);
        return;
      }
      anchor = base;
    } else if (call.call === "__import__" && call.anchor?.kind === "number" && call.anchor.value > 0) {
      const owner = packageOf(caller.module).split(".");
      const base = owner.slice(0, owner.length - call.anchor.value + 1).join(".");
      if (text !== null) this.literal(caller, call, text === "" ? base : `${base}.${text}`);
      else this.opaque(caller, call);
      return;
    }
    if (text !== null) {
      const full = relativeName(text, anchor);
      if (full === null) this.opaque(caller, call);
      else this.literal(caller, call, full);
      if (variable !== null) this.note(caller, call, `the name in "${variable}", which reads "${text}"`);
      return;
    }
    const head = parts[0] ?? null;
    const base = head === null ? null : relativeName(head, anchor);
    const prefix = base !== null && head !== null && /^\.+$/.test(head) ? `${base}.` : base;
    const tail = parts.length === 3 && parts[1] === null && typeof parts[2] === "string" && parts[2].startsWith(".") ? parts[2] : "";
    if (prefix === null || !prefix.includes(".")) this.opaque(caller, call);
    else this.expand(caller, call, prefix, tail);
  }

  private literal(caller: Caller, call: DynamicImport, text: string): void {
    const { closure } = this;
    const name = call.call === "resolve_name" ? this.moduleIn(text) : text;
    const module = closure.importName(name, caller.file, call.line, "dynamic-import");
    if (module === null) {
      closure.missing(caller, name, call.line, call.scope);
      return;
    }
    if (call.call === "run_module" && module.search !== null) closure.importName(`${name}.__main__`, caller.file, call.line, "dynamic-import");
    const list = call.names === null ? null : closure.evaluator(caller, call.line).value(call.names);
    if (list?.kind !== "list" || module.search === null) return;
    for (const item of list.items) {
      const child = item === null ? null : whole(item);
      if (child !== null && closure.resolver.resolve(`${name}.${child}`) !== null) closure.importName(`${name}.${child}`, caller.file, call.line, "dynamic-import");
    }
  }

  /** The module in `pkg.module:name`, or in `pkg.module.name` the longest part that is one. */
  private moduleIn(text: string): string {
    const { resolver } = this.closure;
    let name = text.split(":", 1)[0] ?? text;
    while (!text.includes(":") && name.includes(".") && resolver.resolve(name) === null) name = name.slice(0, name.lastIndexOf("."));
    return name;
  }

  /** `plugins.` + anything: every submodule whose name begins as the prefix does. */
  private expand(caller: Caller, call: DynamicImport, prefix: string, tail: string): void {
    const { closure } = this;
    const dot = prefix.lastIndexOf(".");
    const base = closure.importName(prefix.slice(0, dot), caller.file, call.line, "dynamic-import");
    const start = prefix.slice(dot + 1);
    this.note(caller, call, `a module whose name begins with "${prefix}"; all submodules of ${prefix.slice(0, dot)} are included`);
    if (base === null) {
      closure.missing(caller, prefix.slice(0, dot), call.line, call.scope);
      return;
    }
    for (const child of closure.submodules(base)) {
      if (!child.startsWith(start)) continue;
      const name = `${base.name}.${child}`;
      closure.importName(name, caller.file, call.line, "dynamic-import");
      if (tail !== "" && closure.resolver.resolve(name + tail) !== null) closure.importName(name + tail, caller.file, call.line, "dynamic-import");
    }
  }

  /** `pkgutil.iter_modules(package.__path__)`: what is listed is usually imported. */
  private iterate(caller: Caller, call: DynamicImport): void {
    const target = call.target;
    if (target === null) return;
    let module: Module | null = null;
    if (target.kind === "name" && target.id === "__path__") module = caller.module;
    else if (target.kind === "attribute" && target.name === "__path__" && target.of.kind === "name") {
      const { id } = target.of;
      const statement = caller.scan.imports.find((entry) => entry.level === 0 && ((entry.names === null && entry.module === id) || entry.names?.includes(id) === true));
      if (statement !== undefined) module = this.closure.resolver.resolve(statement.names === null ? statement.module : `${statement.module}.${id}`);
    }
    if (module === null || module.search === null || module.kind === "external" || module.kind === "stdlib" || !caller.scan.dynamic.some((other) => other.call === "import_module" || other.call === "__import__")) return;
    this.note(caller, call, `the submodules of ${module.name}; all are included`);
    for (const child of this.closure.submodules(module)) this.closure.importName(`${module.name}.${child}`, caller.file, call.line, "dynamic-import");
  }

  private path(caller: Caller, call: DynamicImport): void {
    const { closure } = this;
    const { view, cwd } = closure.context;
    const text = call.target === null ? null : closure.evaluator(caller, call.line).text(call.target);
    if (text === null) {
      this.opaque(caller, call);
      return;
    }
    let file = absolute(cwd, text);
    if (view.kindOf(file) === entryKind.directory) file = `${file}/__main__.py`;
    if (view.kindOf(file) !== entryKind.file) {
      this.note(caller, call, `${text}, which is not there`);
      return;
    }
    const name = `\u0000${file}`;
    const stem = baseName(file).replace(/\.\w+$/, "");
    closure.touch({ name, alias: call.call === "run_path" ? "" : stem, kind: /\.(pyc|so|pyd)$/.test(file) ? "sourceless" : "source", file, beside: [], search: null, root: "import" }, caller.file, {
      kind: "dynamic-import",
      line: call.line,
    });
    if (/\.(ipynb|ipy)$/.test(caller.module.file ?? "")) closure.addRunDirectory(parentOf(file));
  }

  private opaque(caller: Caller, call: DynamicImport): void {
    this.note(caller, call, 'a module whose name is known only at run time; name the files in "bundle.include"');
  }

  private note(caller: Caller, call: DynamicImport, what: string): void {
    const { notes, name } = this.closure.context;
    const file = name(caller.module.file ?? "");
    notes.add("dynamic-import", `${file}:${String(call.line)}`, "warning", `${file}:${String(call.line)} loads ${what}.`, file, call.line);
  }
}

/** The absolute name of `name`, whose leading dots count from the package `anchor`; null beyond its top. */
export function relativeName(name: string, anchor: string): string | null {
  if (!name.startsWith(".")) return name;
  const dots = /^\.+/.exec(name)?.[0].length ?? 0;
  const owner = anchor.split(".");
  if (anchor === "" || dots > owner.length) return null;
  const base = owner.slice(0, owner.length - dots + 1).join(".");
  return name.length === dots ? base : `${base}.${name.slice(dots)}`;
}

/** The expressions that `target` may stand for: the branches of a condition, and all that is assigned to a name. */
function alternatives(target: Expression | null, scan: SourceScan, depth = 0): (Expression | null)[] {
  if (target === null || depth > 4) return [target];
  if (target.kind === "either") return target.choices.flatMap((choice) => alternatives(choice, scan, depth + 1));
  if (target.kind === "binary" && target.operator === "or") return [target.left, target.right].flatMap((choice) => alternatives(choice, scan, depth + 1));
  // Names handed to `map` together with the function that imports them.
  if (target.kind === "sequence") return target.items.flatMap((item) => alternatives(item, scan, depth + 1));
  const assigned = target.kind === "name" ? scan.constants.filter(({ name }) => name === target.id) : [];
  return assigned.length === 0 ? [target] : assigned.flatMap(({ value }) => alternatives(value, scan, depth + 1));
}
