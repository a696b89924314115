/** The import closure: every local file that the entry can load, found by following what its modules would execute. */
import { Evaluator, type Place } from "./evaluate.js";
import { DynamicImports } from "./dynamicImports.js";
import { Graph, type Edge } from "./graph.js";
import type { Reason } from "./manifest.js";
import type { Module, SearchDirectory } from "./modules.js";
import type { Notes } from "./notes.js";
import { baseName, parentOf } from "./paths.js";
import { packageSearch, editSearchPath } from "./searchPath.js";
import type { Resolver } from "./resolver.js";
import { scopes, type DynamicImport, type ImportStatement, type PathEdit, type SourceScan } from "./scan/sourceScan.js";
import type { WorkspaceView } from "./workspaceView.js";

/** What a module does when it runs, told apart by what only one of them has. */
type Event = ImportStatement | PathEdit | DynamicImport;

interface Frame {
  module: Module;
  scan: SourceScan;
  file: number;
  events: Event[];
  next: number;
}

export interface ClosureContext {
  view: WorkspaceView;
  notes: Notes;
  /** Manifest path of an absolute path. */
  name: (path: string) => string;
  /** Directory that paths relative to the working directory are taken from. */
  cwd: string;
  /** `sys.path[0]`. */
  firstRoot: string;
  siteKnown: boolean;
}

export class Closure {
  readonly graph = new Graph();
  readonly external = new Set<string>();
  /** Directories that `sys.path` edits added, in order. */
  readonly added: SearchDirectory[] = [];
  /** Modules by the file that was executed for them. */
  readonly executed: { module: Module; scan: SourceScan }[] = [];
  private readonly stack: Frame[] = [];
  private readonly deferred: { frame: Frame; event: Event }[] = [];
  private retry: { frame: Frame; event: Event }[] = [];
  private readonly dynamic: DynamicImports;
  private final = false;
  resolver!: Resolver;

  constructor(readonly context: ClosureContext) {
    this.dynamic = new DynamicImports(this);
  }

  /** Follows `module`, which the launch itself starts, and everything that it leads to. */
  start(module: Module, reason: Omit<Edge, "line">): void {
    this.touch(module, -1, { ...reason, line: 0 });
  }

  /** Follows what the modules started so far import while they are loaded: before others are started that run after them. */
  settle(): void {
    for (const module of this.drain()) void module;
  }

  /** Runs until nothing new is found. */
  run(): void {
    for (const module of this.walk()) void module;
  }

  /** As `run`, one module at a time: a caller with other duties may rest between any two. */
  *walk(): Generator<undefined, void> {
    for (;;) {
      yield* this.drain();
      const waiting = this.deferred.splice(0);
      for (const { frame, event } of waiting) {
        this.handle(frame, event);
        yield* this.drain();
      }
      if (this.stack.length > 0 || this.deferred.length > 0) continue;
      const again = this.retry;
      this.retry = [];
      if (again.length === 0) return;
      const before = this.graph.files.length;
      for (const { frame, event } of again) {
        this.handle(frame, event);
        yield* this.drain();
      }
      if (this.graph.files.length === before && this.deferred.length === 0) break;
    }
    this.final = true;
    const rest = this.retry;
    this.retry = [];
    for (const { frame, event } of rest) this.handle(frame, event);
    yield* this.drain();
  }

  private *drain(): Generator<undefined, void> {
    for (let frame = this.stack.at(-1); frame !== undefined; frame = this.stack.at(-1)) {
      const event = frame.events[frame.next++];
      if (event === undefined) {
        this.stack.pop();
        yield undefined;
        continue;
      }
      if ((event.scope & scopes.typeOnly) !== 0) continue;
      if ((event.scope & scopes.deferred) !== 0 && !("path" in event)) this.deferred.push({ frame, event });
      else this.handle(frame, event);
    }
  }

  /** `module` is imported by the file numbered `by`. */
  touch(module: Module, by: number, edge: Edge): void {
    const { file } = module;
    if (file === null) return;
    module.number ??= this.graph.number(this.context.view.zipOf(file) ?? file);
    this.graph.link(by, module.number, edge);
    if (module.started === true) return;
    module.started = true;
    for (const other of module.beside) this.graph.link(by, this.graph.number(other), { ...edge, kind: "native-extension", detail: "the source beside the extension module" });
    this.remark(module);
    const sources = module.kind === "source" ? [file] : module.beside;
    for (const source of sources) this.execute(module, source);
  }

  private execute(module: Module, source: string): void {
    const { view } = this.context;
    const zip = view.zipOf(source);
    const scan = zip === null ? view.file(source, true).scan : view.zippedScan(source);
    if (scan === null) return;
    this.executed.push({ module, scan });
    let events: Event[] = scan.imports;
    const edits = scan.pathEdits.filter((edit) => edit.path === "sys.path");
    if (edits.length > 0 || scan.dynamic.length > 0) events = [...scan.imports, ...edits, ...scan.dynamic].sort((left, right) => left.line - right.line);
    this.stack.push({ module, scan, file: this.graph.number(zip ?? source), events, next: 0 });
  }

  private remark(module: Module): void {
    const { notes, name } = this.context;
    if (module.file === null) return;
    const path = name(module.file);
    if (module.kind === "extension") {
      const bare = path.slice(0, path.length - baseName(path).length) + (baseName(path).split(".", 1)[0] ?? "");
      notes.add("native-extension", bare, "warning", `${path} is compiled for this machine; the engine needs the same platform and Python version.`, path);
    } else if (module.kind === "sourceless") {
      notes.add("sourceless", path, "warning", `${path} has no source; it runs only on the Python version that compiled it, and what it imports is not known.`, path);
    }
    const top = module.name.split(".", 1)[0] ?? module.name;
    if (module.root === "guessed") notes.add("guessed-root", top, "info", `"${top}" was found in ${name(this.topDirectory(module))}, which no build file names; add it to "bundle.roots" to make it certain.`, path);
    if (module.root !== "site" && this.resolver.installed(top)) notes.add("shadows-installed", top, "info", `The local "${top}" is used rather than the installed package of that name.`, path);
  }

  private topDirectory(module: Module): string {
    let directory = parentOf(module.file ?? "/");
    const depth = module.name.split(".").length - (module.search === null ? 1 : 0);
    for (let up = 0; up < depth; up++) directory = parentOf(directory);
    return directory;
  }

  private handle(frame: Frame, event: Event): void {
    if ("module" in event) this.import(frame, event);
    else if ("path" in event) this.edit(frame, event);
    else this.dynamic.follow(frame, event);
  }

  place(frame: { module: Module; scan: SourceScan }, source?: string): Place {
    const { cwd, firstRoot } = this.context;
    const { module } = frame;
    return { file: source ?? module.file ?? "", module: module.name === entryName ? "__main__" : (module.alias ?? module.name), package: packageOf(module), cwd, firstRoot, packageDirectory: (name) => this.packageDirectory(name) };
  }

  evaluator(frame: { module: Module; scan: SourceScan }, line: number): Evaluator {
    return new Evaluator(frame.scan, this.place(frame), line);
  }

  private packageDirectory(name: string): string | null {
    const module = this.resolver.resolve(name);
    if (module === null || module.kind === "external" || module.kind === "stdlib") return null;
    return module.search?.[0]?.directory ?? (module.file === null ? null : parentOf(module.file));
  }

  private edit(frame: Frame, edit: PathEdit): void {
    const { notes, name, view } = this.context;
    const file = frame.module.file ?? "";
    if (edit.operation === "remove") {
      notes.add("dynamic-sys.path", `${name(file)}:${String(edit.line)}`, "info", `${name(file)}:${String(edit.line)} takes a directory off sys.path; imports that run after it are looked up as if it were still there.`, name(file), edit.line);
      return;
    }
    const changed = editSearchPath(this.resolver.imports, edit, this.evaluator(frame, edit.line), this.context.cwd, view);
    if (changed === null) {
      notes.add("dynamic-sys.path", `${name(file)}:${String(edit.line)}`, "warning", `${name(file)}:${String(edit.line)} changes sys.path in a way that can't be read before the run; name the directory in "bundle.roots".`, name(file), edit.line);
      return;
    }
    for (const entry of changed) if (!this.added.some((known) => known.directory === entry.directory)) this.added.push(entry);
    if (changed.length > 0) this.resolver.changed();
  }

  private import(frame: Frame, statement: ImportStatement): void {
    let base = statement.module;
    if (statement.level > 0) {
      const absolute = this.absoluteName(frame, statement);
      if (absolute === null) return;
      base = absolute;
    }
    const module = this.importName(base, frame.file, statement.line);
    if (module === null) {
      this.unresolved(frame, statement, base);
      return;
    }
    if (statement.names === null || module.search === null) return;
    for (const name of statement.names) {
      if (name === "*") this.star(frame, statement, module);
      else this.fromName(frame, statement, module, name);
    }
  }

  /** Imports `name` and its parents; null where a part is missing (those before it are loaded nevertheless). */
  importName(name: string, by: number, line: number, kind: Reason["kind"] = "import"): Module | null {
    const known = this.resolver.known(name);
    if (known !== undefined && known.complete === true) {
      this.touch(known, by, { kind, line });
      return known;
    }
    for (let dot = name.indexOf("."); ; dot = name.indexOf(".", dot + 1)) {
      const part = dot < 0 ? name : name.slice(0, dot);
      const module = this.resolver.resolve(part);
      if (module === null) return null;
      if (module.kind === "external") this.external.add(part.split(".", 1)[0] ?? part);
      this.touch(module, by, { kind: dot < 0 ? kind : "parent-package", line });
      if (dot >= 0) continue;
      module.complete = true;
      return module;
    }
  }

  /** The launch itself imports the package `name`, as `-m` does with the parents of its module. */
  importFromLaunch(name: string): void {
    const parts = name.split(".");
    for (let count = 1; count <= parts.length; count++) {
      const module = this.resolver.resolve(parts.slice(0, count).join("."));
      if (module === null) return;
      this.touch(module, -1, { kind: "parent-package", line: 0, detail: "a package around the module that runs" });
      this.settle();
    }
  }

  private fromName(frame: Frame, event: ImportStatement, base: Module, name: string): void {
    if (base.kind === "external" || base.kind === "stdlib") return;
    const full = `${base.name}.${name}`;
    const found = this.resolver.resolve(full);
    if (found !== null) this.importName(full, frame.file, event.line);
    else if (base.kind === "namespace") this.unresolved(frame, event, full);
    else if (base.file !== null && base.kind === "source" && !this.mayBind(base, name)) this.unresolved(frame, event, full);
  }

  /** Whether the package's own code could give it the attribute `name`: only when it spells it, or does something dynamic. */
  private mayBind(base: Module, name: string): boolean {
    if (base.file === null || this.context.view.zipOf(base.file) !== null) return true;
    return name.startsWith("__") || this.context.view.mentions(base.file, name);
  }

  private star(frame: Frame, statement: ImportStatement, base: Module): void {
    if (base.file === null || base.kind !== "source") return;
    const { view, notes, name } = this.context;
    const scan = view.zipOf(base.file) === null ? view.file(base.file, true).scan : view.zippedScan(base.file);
    const all = scan?.all ?? null;
    if (all === null) return;
    for (const child of all.names) if (this.resolver.resolve(`${base.name}.${child}`) !== null) this.importName(`${base.name}.${child}`, frame.file, statement.line);
    if (!all.dynamic) return;
    notes.add("dynamic-__all__", name(base.file), "warning", `__all__ of ${name(base.file)} is computed; all submodules of ${base.name} are included.`, name(base.file), all.line);
    for (const child of this.submodules(base)) this.importName(`${base.name}.${child}`, frame.file, statement.line);
  }

  /** Names of the direct submodules of a package that can be imported, sorted. */
  submodules(base: Module): string[] {
    const names = new Set<string>();
    for (const { directory, kind } of base.search ?? []) {
      if (kind === "site") continue;
      for (const entry of this.context.view.list(directory).keys()) {
        const stem = entry.split(".", 1)[0] ?? entry;
        if (stem !== "__init__" && stem !== "__main__" && stem !== "__pycache__" && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(stem)) names.add(stem);
      }
    }
    return [...names].sort().filter((child) => {
      const found = this.resolver.resolve(`${base.name}.${child}`);
      return found !== null && found.file !== null;
    });
  }

  private absoluteName(frame: Frame, statement: ImportStatement): string | null {
    const { notes, name } = this.context;
    const file = name(frame.module.file ?? "");
    const guarded = (statement.scope & scopes.guarded) !== 0;
    const dots = ".".repeat(statement.level) + statement.module;
    const owner = packageOf(frame.module);
    if (owner === "") {
      if (frame.module.name === entryName) {
        notes.add("relative-import-in-script", file, guarded ? "info" : "error", `${file} imports "${dots}" relatively, which a script can't: it has no package. Run it as a module (-m).`, file, statement.line);
      } else {
        notes.add("relative-beyond-top-level", file, guarded ? "info" : "error", `${file} imports "${dots}" relatively, but is not part of a package.`, file, statement.line);
      }
      return null;
    }
    const parts = owner.split(".");
    if (statement.level > parts.length) {
      notes.add("relative-beyond-top-level", file, guarded ? "info" : "error", `${file} imports "${dots}", which lies above its top-level package ${parts[0] ?? owner}.`, file, statement.line);
      return null;
    }
    const base = parts.slice(0, parts.length - statement.level + 1).join(".");
    return statement.module === "" ? base : `${base}.${statement.module}`;
  }

  private unresolved(frame: Frame, event: Event, full: string): void {
    if (!this.final) {
      this.retry.push({ frame, event });
      return;
    }
    this.missing(frame, full, event.line, event.scope);
  }

  /** Says that `full`, which `frame` imports at `line`, is nowhere. */
  missing(frame: { module: Module }, full: string, line: number, scope: number): void {
    const { notes, name, siteKnown } = this.context;
    const file = name(frame.module.file ?? "");
    const parts = full.split(".");
    let gone = full;
    let owner: Module | null = null;
    for (let count = 1; count <= parts.length; count++) {
      gone = parts.slice(0, count).join(".");
      const found = this.resolver.resolve(gone);
      if (found === null) break;
      owner = found;
    }
    if (owner === null && !siteKnown) {
      this.external.add(gone);
      notes.add("unverified", gone, "info", `"${gone}" is not local; whether the engine has it is not known, because no interpreter was asked.`, file, line);
      return;
    }
    const guarded = (scope & scopes.guarded) !== 0;
    const writes = owner !== null && this.writesModules(owner);
    const severity = guarded || writes ? "info" : "warning";
    const where = owner === null ? "neither local, nor in the standard library, nor installed" : `not in the local ${owner.search === null ? "module" : "package"} ${owner.name}`;
    notes.add("unresolved", gone, severity, `${file}:${String(line)} imports "${full}"; ${gone === full ? "it" : `"${gone}"`} is ${where}.`, file, line);
    if (gone !== full) notes.add("unresolved", full, "info", `${file}:${String(line)} imports "${full}", but "${gone}" is missing.`, file, line);
    if (guarded) notes.add("optional-missing", gone, "info", `${file}:${String(line)} does without "${gone}", which is missing.`, file, line);
  }

  private writesModules(module: Module): boolean {
    return module.file !== null && module.kind === "source" && this.executed.some((entry) => entry.module === module && entry.scan.writesModules);
  }

  /** `%run` puts the directory of the file on the path while it runs. */
  addRunDirectory(directory: string): void {
    if (this.resolver.imports.some((entry) => entry.directory === directory)) return;
    const entry: SearchDirectory = { directory, kind: "import" };
    this.resolver.imports.push(entry);
    this.added.push(entry);
    this.resolver.changed();
  }

  /** `__path__` of a package, after what its `__init__` does to it. */
  openPackage(module: Module): void {
    const { view, notes, name } = this.context;
    if (module.file === null || module.kind !== "source" || module.search === null) return;
    const scan = view.zipOf(module.file) === null ? view.file(module.file, true).scan : view.zippedScan(module.file);
    for (const edit of scan?.pathEdits ?? []) {
      if (edit.path !== "__path__" || scan === null) continue;
      const changed = packageSearch(module, edit, this.evaluator({ module, scan }, edit.line), this.resolver, view);
      if (!changed) notes.add("dynamic-__path__", `${name(module.file)}:${String(edit.line)}`, "warning", `${name(module.file)}:${String(edit.line)} changes __path__ in a way that can't be read before the run.`, name(module.file), edit.line);
    }
  }
}

/** Name under which the entry's own module is kept: it is `__main__` to the program. */
export const entryName = "__main__";

/** `__package__` of a module. */
export function packageOf(module: Module): string {
  const name = module.alias ?? module.name;
  if (module.search !== null) return name;
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(0, dot);
}
