/** The imports of one open document at one moment, resolved as in a job: one that starts with it where it is a program, else one that imports it. */
import { entryName, packageOf, type Closure } from "./closure.js";
import { Contents, defaultMaxDataFile } from "./contents.js";
import { dataReferences } from "./dataReferences.js";
import type { DiskCache } from "./diskCache.js";
import { relativeName } from "./dynamicImports.js";
import { packageName, resolveEntry, type Entry } from "./entry.js";
import type { Finder } from "./finder.js";
import type { ParsedIgnores } from "./ignore/ignoreRules.js";
import type { ImportPlace, UnsentData } from "./importFacts.js";
import { importSystem } from "./importSystem.js";
import type { LastGood } from "./lastGood.js";
import type { Module } from "./modules.js";
import { Naming } from "./naming.js";
import { Notes } from "./notes.js";
import { OutsideLinks } from "./outsideLinks.js";
import { absolute, baseName, isInside, parentOf } from "./paths.js";
import type { Overlay, SnapshotRequest } from "./request.js";
import type { RootPlan } from "./rootPlan.js";
import { planRoots } from "./roots.js";
import { matcher, Rules } from "./rules.js";
import { emptyScan, type DynamicImport, type ImportStatement, type SourceScan } from "./scan/sourceScan.js";
import { editSearchPath } from "./searchPath.js";
import { secretName } from "./secretNames.js";
import { isEarly } from "./stdlib.js";
import { defaultMaxSize, dottedBelow } from "./take.js";
import { WorkspaceView } from "./workspaceView.js";

/** What is kept from one moment to the next; the disk's part must have begun an epoch. */
export interface KeptForDocuments {
  disk: DiskCache;
  lastGood: LastGood;
  ignores: ParsedIgnores;
}

/** What a job of the document's folder would be launched with. */
export type JobSettings = Pick<SnapshotRequest, "workspace" | "folders" | "interpreter" | "bundle">;

export class DocumentImports {
  readonly scan: SourceScan;
  /** `sys.path` is changed in a way that can't be read. */
  pathUnread = false;
  readonly plan: RootPlan;
  private readonly naming: Naming;
  private readonly notes = new Notes();
  private readonly view: WorkspaceView;
  private readonly closure: Closure;
  private readonly finder: Finder;
  private readonly stdlib: ReadonlySet<string>;
  private readonly module: Module;

  /** `overlays` hold the document's own text, at its path. Throws what a snapshot of it would be refused for. */
  constructor(
    private readonly kept: KeptForDocuments,
    private readonly path: string,
    private readonly isProgram: boolean,
    private readonly settings: JobSettings,
    overlays: readonly Overlay[],
  ) {
    this.view = new WorkspaceView(kept.disk, kept.lastGood, overlays, defaultMaxSize);
    this.naming = new Naming(settings.workspace);
    for (const folder of settings.folders ?? []) this.naming.addBase(folder);
    this.scan = this.view.file(path, true).scan ?? emptyScan();
    const request: SnapshotRequest = { ...settings, cwd: settings.workspace, entry: { file: path }, overlays: [...overlays] };
    const entry = this.entry(request);
    this.plan = planRoots(request, this.view, this.naming, this.notes, entry.firstRoot, entry.testRoots);
    const { closure, finder, stdlib } = importSystem(request, this.view, this.naming, this.notes, entry.firstRoot, this.plan);
    this.closure = closure;
    this.finder = finder;
    this.stdlib = stdlib;
    this.module = { name: entryName, kind: "source", file: path, beside: [], search: null, root: "import", ...this.alias(entry) };
    this.editPath();
  }

  /** All that decides where a name is found, but for the files themselves. */
  roots(): unknown {
    const { plan, closure } = this;
    return [[closure.resolver.imports, plan.declared, plan.site, plan.guessed].map((roots) => roots.map(({ directory, only }) => (only === undefined ? directory : [...only]))), packageOf(this.module), plan.siteKnown, this.isProgram];
  }

  /** Absolute name of the module of a statement; null where it leads out of the document's package. */
  nameOf({ level, module }: Pick<ImportStatement, "level" | "module">): string | null {
    return level === 0 ? module : relativeName(".".repeat(level) + module, packageOf(this.module));
  }

  /** The text that a call imports, and its absolute name; null where it can't be read. */
  nameOfCall({ call, target, anchor, line }: DynamicImport): { text: string; name: string } | null {
    if (call !== "import_module" && call !== "__import__" && call !== "run_module") return null;
    const evaluator = this.closure.evaluator({ module: this.module, scan: this.scan }, line);
    const text = evaluator.text(target);
    if (text === null || text === "" || (call === "__import__" && anchor !== null)) return null;
    const name = relativeName(text, (call === "import_module" ? evaluator.text(anchor) : null) ?? "");
    return name === null ? null : { text, name };
  }

  place(name: string): ImportPlace {
    const { resolver } = this.closure;
    const found = resolver.resolve(name);
    const parts = name.split(".");
    const top = parts[0] ?? name;
    if (found !== null) return this.placeOf(found, parts);
    const beside = this.beside(parts);
    if (beside !== null) return beside;
    let owner: Module | null = null;
    let gone = top;
    for (let count = 1; count <= parts.length; count++) {
      gone = parts.slice(0, count).join(".");
      const module = resolver.resolve(gone);
      if (module === null) break;
      owner = module;
    }
    if (owner === null) return this.plan.siteKnown ? { kind: "missing", gone, owner: null } : { kind: "unknown" };
    // A package that writes sys.modules may make its children itself.
    if (owner.file !== null && owner.kind === "source" && this.view.zipOf(owner.file) === null && this.view.file(owner.file, true).scan?.writesModules === true) return this.placeOf(owner, owner.name.split("."));
    return { kind: "missing", gone, owner: owner.name };
  }

  /** Where `item` of `from base import item` comes from; null: it is an attribute, or can't be told. */
  placeOfItem(base: string, item: string): ImportPlace | null {
    const owner = this.closure.resolver.resolve(base);
    if (owner === null || owner.search === null || owner.kind === "external" || owner.kind === "stdlib" || item === "*") return null;
    const found = this.closure.resolver.resolve(`${base}.${item}`);
    if (found !== null) return this.placeOf(found, found.name.split("."));
    if (owner.kind === "namespace") return { kind: "missing", gone: `${base}.${item}`, owner: base };
    if (owner.file === null || owner.kind !== "source" || this.view.zipOf(owner.file) !== null || item.startsWith("__") || this.view.mentions(owner.file, item)) return null;
    return { kind: "missing", gone: `${base}.${item}`, owner: base };
  }

  /** The module of the standard library that the document hides from programs; null: none, or from none that is known. */
  hides(): string | null {
    const { path, view, settings } = this;
    const isPackage = baseName(path) === "__init__.py";
    const place = isPackage ? parentOf(path) : path;
    const name = baseName(place).replace(/\.py$/, "");
    const directory = parentOf(place);
    if (!path.startsWith("/") || !this.stdlib.has(name) || isEarly(name) || name === "__main__" || view.list(directory).has("__init__.py")) return null;
    if (this.isProgram && !isPackage) return name;
    if ((settings.bundle.roots ?? []).some((root) => absolute(settings.workspace, root) === directory)) return name;
    const others = [...view.list(directory).keys()].filter((other) => other.endsWith(".py") && other !== baseName(path));
    return directory === settings.workspace && others.length > 0 ? name : null;
  }

  /** Data files and folders that the document names and that a launch would not send, but for those that `bundle.include` names. */
  unsent(): UnsentData[] {
    const { view, naming, settings } = this;
    if (this.scan.data.length === 0) return [];
    const { workspace, bundle } = settings;
    const notes = new Notes();
    const rules = new Rules(workspace, view, bundle, this.plan.site.map((root) => root.directory), this.kept.ignores);
    const contents = new Contents({ view, naming, notes, rules, sink: { has: () => true, put: () => undefined }, disk: this.kept.disk, workspace, links: new OutsideLinks(view, [workspace]), limit: bundle.maxSize ?? defaultMaxSize, dataFileLimit: bundle.maxDataFile ?? defaultMaxDataFile });
    const includes = (bundle.include ?? []).map(matcher);
    // The references of this document alone: nothing else has been followed.
    this.closure.executed.push({ module: this.module, scan: this.scan });
    const references = dataReferences(this.closure);
    this.closure.executed.pop();
    return references.flatMap(({ path, isDirectory: isFolder, line, by }): UnsentData[] => {
      const inside = isInside(path, workspace);
      const shown = this.shown(path);
      // A glob such as `conf/**` speaks for the folder as well.
      if (inside && includes.some((matches) => matches(shown) || (isFolder && matches(`${shown}/x`)))) return [];
      contents.addReference({ path, isDirectory: isFolder, line, by });
      const note = notes.list().find(({ kind, subject }) => kind === "data-file-reference" && subject === shown);
      if (note === undefined || (note.severity === "info" && !isFolder)) return [];
      const why = note.text.slice(note.text.indexOf("; ") + 2);
      const keptOut = rules.configured(path) !== null || (isFolder ? rules.ignored(path, true)?.ignored === true : rules.leftOut(path) !== null);
      return [{ path: shown, isFolder, line, why, includable: inside && !keptOut && secretName(shown) === null }];
    });
  }

  /** Follows `names` as a launch would, one module at a time; how many local files that makes, and their bytes. */
  *reach(names: readonly string[]): Generator<undefined, { files: number; bytes: number }> {
    for (const name of names) this.closure.importFromLaunch(name);
    yield* this.closure.walk();
    const { files } = this.closure.graph;
    return { files: files.length, bytes: files.reduce((sum, file) => sum + this.view.size(file), 0) };
  }

  /** Follows the document as a launch of it would, one module at a time. */
  *follow(): Generator<undefined, void> {
    this.closure.start(this.module, { kind: "entry" });
    yield* this.closure.walk();
  }

  /** Local files that have been followed so far. */
  get found(): number {
    return this.closure.graph.files.length;
  }

  /** Manifest path of an absolute path. */
  shown(path: string): string {
    return this.naming.find(path) ?? path;
  }

  /** A program runs as itself; any other file of a package is imported by its package's name. */
  private entry(request: SnapshotRequest): Entry {
    const inPackage = this.isProgram || !this.path.startsWith("/") ? null : packageName(this.path, this.view);
    if (inPackage === null) return resolveEntry(request, this.view, this.naming);
    return { file: this.path, module: inPackage.name, firstRoot: inPackage.root, isFolder: false, testRoots: [] };
  }

  /** The name that relative imports are taken from: that of the launch, else that by which others import the document. */
  private alias(entry: Entry): Pick<Module, "alias"> {
    if (entry.module !== null) return { alias: entry.module };
    if (this.isProgram) return {};
    const roots = [...this.plan.imports, ...this.plan.declared, ...this.plan.guessed].filter(({ directory }) => directory !== parentOf(this.path));
    const dotted = dottedBelow(this.path, roots);
    return dotted === "" ? {} : { alias: dotted };
  }

  private editPath(): void {
    const { closure, scan, module } = this;
    for (const edit of scan.pathEdits) {
      if (edit.path !== "sys.path") continue;
      const changed = editSearchPath(closure.resolver.imports, edit, closure.evaluator({ module, scan }, edit.line), this.settings.workspace, this.view);
      if (changed === null) this.pathUnread = true;
    }
  }

  private placeOf(module: Module, parts: readonly string[]): ImportPlace {
    if (module.kind === "stdlib") return { kind: "standard-library" };
    if (module.kind === "external") return { kind: "installed", top: parts[0] ?? module.name };
    return this.local(module, parts, module.root === "site" ? "import" : module.root);
  }

  private local(module: Module, parts: readonly string[], rootKind: Extract<ImportPlace, { kind: "local" }>["rootKind"]): ImportPlace {
    const file = module.file ?? module.search?.[0]?.directory ?? "";
    let root = module.file === null ? file : parentOf(file);
    const ups = module.search === null ? parts.length - 1 : parts.length;
    for (let up = 0; up < ups; up++) root = parentOf(root);
    return { kind: "local", file, root, rootKind, hidesStandard: this.stdlib.has(parts[0] ?? "") };
  }

  /** Found from a folder around the document: there in a job that starts in that folder. */
  private beside(parts: readonly string[]): ImportPlace | null {
    const { workspace } = this.settings;
    if (this.isProgram || !isInside(this.path, workspace)) return null;
    for (let directory = parentOf(this.path); isInside(directory, workspace); directory = parentOf(directory)) {
      let module: Module | null = this.finder.findIn(parts[0] ?? "", parts[0] ?? "", { directory, kind: "import" });
      for (let count = 1; count < parts.length && module !== null; count++) {
        const tail = parts[count] ?? "";
        module = module.search === null ? null : this.finder.find(parts.slice(0, count + 1).join("."), tail, module.search);
      }
      if (module !== null && module.file !== null && module.kind !== "external") return this.local(module, parts, "beside");
      if (directory === workspace || directory === "/") break;
    }
    return null;
  }
}
