/** One snapshot being taken. */
import { SlingshotError } from "../base/errors.js";
import { entryName, type Closure } from "./closure.js";
import { Contents, defaultMaxDataFile } from "./contents.js";
import { dataReferences } from "./dataReferences.js";
import type { DiskCache } from "./diskCache.js";
import { packageName, resolveEntry, type Entry } from "./entry.js";
import type { ParsedIgnores } from "./ignore/ignoreRules.js";
import { importSystem } from "./importSystem.js";
import { conftestModules, shadowModules } from "./implicitModules.js";
import { Includes, type Included } from "./includes.js";
import type { LastGood } from "./lastGood.js";
import { snapshotId, type Manifest } from "./manifest.js";
import { disturbanceOf, type Disturbance } from "./moment.js";
import { Naming } from "./naming.js";
import { Notes } from "./notes.js";
import { OutsideLinks } from "./outsideLinks.js";
import { below, byBytes, isInside } from "./paths.js";
import { addRemarks } from "./remarks.js";
import type { ContentSink, Snapshot, SnapshotRequest } from "./request.js";
import type { RootPlan } from "./rootPlan.js";
import { fallbackPaths, planRoots } from "./roots.js";
import { Rules } from "./rules.js";
import { isTestFile } from "./testRoots.js";
import { WorkspaceView } from "./workspaceView.js";
import type { SearchDirectory } from "./modules.js";

/** Bytes that a snapshot may have where the project file says nothing. */
export const defaultMaxSize = 100_000_000;

/** What is kept between snapshots. */
export interface Kept {
  disk: DiskCache;
  lastGood: LastGood;
  ignores: ParsedIgnores;
}

export class Take {
  private readonly notes = new Notes();
  private readonly naming: Naming;
  private readonly view: WorkspaceView;
  private readonly limit: number;
  private contents: Contents | null = null;

  constructor(
    private readonly request: SnapshotRequest,
    private readonly sink: ContentSink,
    private readonly kept: Kept,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.limit = request.bundle.maxSize ?? defaultMaxSize;
    this.naming = new Naming(request.workspace);
    this.view = new WorkspaceView(kept.disk, kept.lastGood, request.overlays, this.limit);
    for (const folder of request.folders ?? []) this.naming.addBase(folder);
  }

  run(): Snapshot {
    const started = performance.now();
    const { request, view, naming, notes } = this;
    const entry = resolveEntry(request, view, naming);
    const plan = planRoots(request, view, naming, notes, entry.firstRoot, entry.testRoots);
    const rules = new Rules(request.workspace, view, request.bundle, plan.site.map((root) => root.directory), this.kept.ignores);
    const included = new Includes(request.workspace, view, rules, notes).find([...(request.bundle.include ?? []), ...(request.include ?? [])]);
    const closure = this.closure(entry, plan, included);
    this.stop();
    addRemarks(closure);
    noteUntitled(notes, request, (path) => naming.name(path));
    noteDenied(notes, view, [...plan.imports, ...plan.declared, ...plan.guessed], (path) => naming.name(path));
    const contents = new Contents({ view, naming, notes, rules, links: new OutsideLinks(view, [request.workspace, ...(request.folders ?? [])]), sink: this.sink, disk: this.kept.disk, workspace: request.workspace, limit: this.limit, dataFileLimit: request.bundle.maxDataFile ?? defaultMaxDataFile });
    this.contents = contents;
    contents.addCode(closure.graph, entry.file);
    for (const { path, glob } of included) contents.addIncluded(path, glob);
    for (const reference of dataReferences(closure)) contents.addReference(reference);
    const closed = performance.now();
    const files = contents.take(() => { this.stop(); });
    const hashed = performance.now();
    // With roots given by hand the folder may not be the first of them; then its file runs as a script.
    const runsFolder = entry.isFolder && request.entry.function === undefined && plan.imports[0]?.directory === entry.firstRoot;
    const content = {
      entry: { file: entry.file === null ? null : naming.name(entry.file), function: request.entry.function ?? null, module: entry.module, ...(runsFolder ? { folder: true as const } : {}) },
      importRoots: [...new Set([...plan.imports, ...closure.added].map((root) => naming.name(root.directory)))],
      fallbackRoots: fallbackPaths(plan, naming, closure.graph.files),
      files,
    };
    const manifest: Manifest = {
      id: snapshotId(content),
      workspace: request.workspace,
      ...content,
      external: [...closure.external].sort(byBytes),
      notes: notes.list(),
      excluded: [...rules.excluded].map(([path, rule]) => ({ path, rule })).sort((left, right) => byBytes(left.path, right.path)),
      timings: { closureMs: closed - started, hashMs: hashed - closed, packMs: 0 },
    };
    return { manifest };
  }

  /** What was not at rest while the snapshot was taken; to be asked when `run` has ended. */
  disturbance(): Disturbance {
    const { contents, kept, request } = this;
    return disturbanceOf(kept.disk, contents?.read ?? [], [request.workspace, ...(request.folders ?? [])], () => contents?.changed() ?? []);
  }

  private closure(entry: Entry, plan: RootPlan, included: readonly Included[]): Closure {
    const { request, view, naming, notes } = this;
    const { closure, finder, stdlib } = importSystem(request, view, naming, notes, entry.firstRoot, plan);
    for (const module of conftestModules(entry, view, request.workspace)) {
      startPackages(closure, module.alias ?? "");
      closure.start(module, { kind: "conftest", detail: "pytest loads it before the test" });
    }
    // As a script the test has no package; pytest imports it with those around it.
    if (entry.file !== null && entry.module === null && isTestFile(entry.file)) startPackages(closure, packageName(entry.file, view)?.name ?? "");
    closure.settle();
    if (entry.module !== null) startModule(closure, entry);
    else if (entry.file !== null) closure.start({ name: entryName, kind: "source", file: entry.file, beside: [], search: null, root: "import" }, { kind: "entry" });
    closure.run();
    const roots = [...plan.imports, ...plan.declared, ...plan.guessed];
    for (const { path, glob } of included) {
      if (!path.endsWith(".py") || closure.graph.has(path)) continue;
      closure.start({ name: `\u0000${path}`, alias: dottedBelow(path, roots), kind: "source", file: path, beside: [], search: null, root: "import" }, { kind: "include", detail: glob });
    }
    for (const { module, file } of shadowModules(closure.resolver.imports, stdlib, finder)) {
      const path = naming.name(file);
      notes.add("shadows-stdlib", path, "warning", `${path} hides the standard library's "${module.name}" from the job and from the library itself; rename it if that is not meant.`, path);
      closure.start(module, { kind: "shadows-stdlib", detail: `the standard library has a module "${module.name}"` });
    }
    closure.run();
    return closure;
  }

  private stop(): void {
    if (this.signal?.aborted === true) throw new SlingshotError("cancelled", "cancelled", "The snapshot was cancelled.", "");
  }
}

/** Follows the packages around the module `name`. */
function startPackages(closure: Closure, name: string): void {
  const dot = name.lastIndexOf(".");
  if (dot >= 0) closure.importFromLaunch(name.slice(0, dot));
}

/** Follows what `python -m module` loads; `entry.file` becomes the file that runs. */
function startModule(closure: Closure, entry: Entry): void {
  const name = entry.module ?? "";
  startPackages(closure, name);
  const found = closure.resolver.resolve(name);
  if (found !== null && (found.kind === "external" || found.kind === "stdlib")) {
    if (found.kind === "external") closure.external.add(name.split(".", 1)[0] ?? name);
    return;
  }
  const isPackage = found !== null && found.search !== null;
  if (isPackage) closure.importFromLaunch(name);
  const target = isPackage ? closure.resolver.resolve(`${name}.__main__`) : found;
  const file = target?.file ?? entry.file;
  if (file === null) {
    const what = isPackage ? `"${name}" is a package without __main__.py and can't be run.` : `There is no module "${name}".`;
    throw new SlingshotError("usage", "no-entry", what, "Name a module that can be imported from the working directory.");
  }
  entry.file = file;
  closure.resolver.forget(isPackage ? `${name}.__main__` : name);
  closure.start({ name: entryName, alias: isPackage ? `${name}.__main__` : name, kind: target?.kind ?? "source", file, beside: [], search: null, root: "import" }, { kind: "entry" });
}

/** Says which missing modules are untitled documents: these have no folder that could be an import root. */
function noteUntitled(notes: Notes, { overlays }: SnapshotRequest, name: (path: string) => string): void {
  for (const { kind, subject, file, line } of notes.list()) {
    const path = `.slingshot/untitled/${subject}.py`;
    if (kind !== "unresolved" || !overlays.some((overlay) => overlay.path === path)) continue;
    notes.add("untitled-module", subject, "warning", `"${subject}" is an untitled document, which nothing can import; save it in the workspace.`, file ?? name(path), line);
  }
}

/** Says which missing modules may stand in a folder that can't be listed. */
function noteDenied(notes: Notes, view: WorkspaceView, roots: readonly SearchDirectory[], name: (path: string) => string): void {
  for (const { kind, subject } of notes.list()) {
    if (kind !== "unresolved" && kind !== "optional-missing") continue;
    for (const { directory, only } of roots) {
      if (only !== undefined) continue;
      const folders = subject.split(".").reduce((path, part) => [...path, below(path.at(-1) ?? directory, part)], [directory]);
      const denied = folders.find((folder) => view.isDenied(folder));
      if (denied !== undefined) notes.add("unreadable-folder", name(denied), "warning", `${name(denied)} can't be listed: permission denied; "${subject}" may be in it.`, name(denied));
    }
  }
}

/** Dotted name of `file` below the first root that holds it by names that can be imported. */
export function dottedBelow(file: string, roots: readonly SearchDirectory[]): string {
  for (const { directory, only } of roots) {
    if (only !== undefined || !isInside(file, directory)) continue;
    const parts = file.slice(directory.length + 1).replace(/\.py$/, "").split("/");
    if (parts.every((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part))) return parts.join(".").replace(/\.__init__$/, "");
  }
  return "";
}
