/** One snapshot being taken. */
import { SlingshotError } from "../base/errors.js";
import { Closure, entryName } from "./closure.js";
import { sameSignature, signatureOf, statOf, type DiskCache } from "./diskCache.js";
import { resolveEntry, type Entry } from "./entry.js";
import { Finder } from "./finder.js";
import type { LastGood } from "./lastGood.js";
import { snapshotId, type Manifest, type ManifestFile, type Reason } from "./manifest.js";
import { Naming } from "./naming.js";
import { Notes } from "./notes.js";
import { byBytes, isInside } from "./paths.js";
import type { ContentSink, Snapshot, SnapshotRequest } from "./request.js";
import { Resolver } from "./resolver.js";
import type { RootPlan } from "./rootPlan.js";
import { fallbackPaths, planRoots } from "./roots.js";
import { stdlibNames } from "./stdlib.js";
import { conftestModules, shadowModules } from "./implicitModules.js";
import { WorkspaceView, type ViewFile } from "./workspaceView.js";
import { holdsPython } from "./holdsPython.js";

const defaultMaxSize = 100_000_000;

export class Take {
  private readonly notes = new Notes();
  private readonly naming: Naming;
  private readonly view: WorkspaceView;
  private readonly used = new Map<string, ViewFile>();

  constructor(
    private readonly request: SnapshotRequest,
    private readonly sink: ContentSink,
    private readonly disk: DiskCache,
    lastGood: LastGood,
    private readonly signal: AbortSignal | undefined,
  ) {
    disk.begin();
    this.naming = new Naming(request.workspace);
    this.view = new WorkspaceView(disk, lastGood, request.overlays, request.bundle.maxSize ?? defaultMaxSize);
    for (const folder of request.folders ?? []) this.naming.addBase(folder);
  }

  run(): Snapshot {
    const started = performance.now();
    const { request, view, naming, notes } = this;
    const entry = resolveEntry(request, view, naming);
    const plan = planRoots(request, view, naming, entry.firstRoot, entry.testRoots);
    const closure = this.closure(entry, plan);
    this.stop();
    const closed = performance.now();
    const files = this.files(closure);
    const hashed = performance.now();
    const roots = [...plan.imports, ...closure.added.filter((added) => !plan.imports.some((known) => known.directory === added.directory))];
    const content = {
      entry: { file: entry.file === null ? null : naming.name(entry.file), function: request.entry.function ?? null, module: entry.module },
      importRoots: [...new Set(roots.map((root) => naming.name(root.directory)))],
      fallbackRoots: fallbackPaths(plan, naming),
      files,
    };
    const manifest: Manifest = {
      id: snapshotId(content),
      workspace: request.workspace,
      ...content,
      external: [...closure.external].sort(byBytes),
      notes: notes.list(),
      excluded: [],
      timings: { closureMs: closed - started, hashMs: hashed - closed, packMs: 0 },
    };
    return { manifest };
  }

  /** Files of the snapshot that are no longer what was read. */
  changedFiles(): string[] {
    const changed: string[] = [];
    for (const { path, disk } of this.used.values()) {
      if (disk === null) continue;
      const stat = statOf(path);
      if (stat === null || !sameSignature(disk.signature, signatureOf(stat))) changed.push(path);
    }
    return changed;
  }

  private closure(entry: Entry, plan: RootPlan): Closure {
    const { request, view, naming, notes } = this;
    const [major, minor] = request.interpreter?.version ?? [3, 11];
    const listed = request.interpreter?.stdlib ?? [];
    const stdlib = listed.length > 0 ? new Set(listed) : stdlibNames(major, minor);
    const version = `${String(major)}${String(minor)}`;
    const suffixes = request.interpreter?.extensionSuffixes ?? [".abi3.so", ".so"];
    const finder = new Finder(view, suffixes, plan.site.map((root) => root.directory), request.interpreter?.executable == null ? `.cpython-${version}-` : null);
    const closure = new Closure({ view, notes, name: (path) => naming.name(path), cwd: isInside(request.cwd, request.workspace) ? request.workspace : request.cwd, firstRoot: entry.firstRoot, siteKnown: plan.siteKnown });
    closure.resolver = new Resolver(finder, plan, stdlib, (module) => { closure.openPackage(module); }, (directory) => holdsPython(view, directory));
    if (entry.module !== null) this.startModule(closure, entry);
    else if (entry.file !== null) closure.start({ name: entryName, kind: "source", file: entry.file, beside: [], search: null, root: "import" }, { kind: "entry" });
    for (const module of conftestModules(entry, view, request.workspace)) closure.start(module, { kind: "conftest", detail: "pytest loads it before the test" });
    closure.run();
    for (const { module, file } of shadowModules(closure.resolver.imports, stdlib, closure.resolver.finder)) {
      const path = naming.name(file);
      notes.add("shadows-stdlib", path, "warning", `${path} hides the standard library's "${module.name}" from the job and from the library itself; rename it if that is not meant.`, path);
      closure.start(module, { kind: "shadows-stdlib", detail: `the standard library has a module "${module.name}"` });
    }
    closure.run();
    return closure;
  }

  private startModule(closure: Closure, entry: Entry): void {
    const name = entry.module ?? "";
    const parent = name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : null;
    if (parent !== null) closure.importFromLaunch(parent);
    const found = closure.resolver.resolve(name);
    const target = found !== null && found.search !== null ? (closure.importFromLaunch(name), closure.resolver.resolve(`${name}.__main__`)) : found;
    const file = target?.file ?? entry.file;
    if (file === null || target?.kind === "external" || target?.kind === "stdlib") {
      if (found !== null && (found.kind === "external" || found.kind === "stdlib")) {
        if (found.kind === "external") closure.external.add(name.split(".", 1)[0] ?? name);
        return;
      }
      throw new SlingshotError("usage", "no-entry", found === null ? `There is no module "${name}".` : `"${name}" is a package without __main__.py and can't be run.`, "Name a module that can be imported from the working directory.");
    }
    entry.file = file;
    const alias = found !== null && found.search !== null ? `${name}.__main__` : name;
    closure.start({ name: entryName, alias, kind: "source", file, beside: [], search: null, root: "import" }, { kind: "entry" });
  }

  private files(closure: Closure): ManifestFile[] {
    const reasons = closure.graph.reasons();
    const files: ManifestFile[] = [];
    closure.graph.files.forEach((path, index) => {
      const reason = reasons[index] ?? { kind: "import" };
      files.push(this.add(path, reason));
    });
    return files.sort((left, right) => byBytes(left.path, right.path));
  }

  private add(path: string, reason: Reason): ManifestFile {
    const file = this.view.file(path, false);
    this.used.set(path, file);
    this.store(file);
    const name = this.naming.name(path);
    if (/[\n\r]/.test(name)) throw new SlingshotError("refused", "file-name", `The file name ${JSON.stringify(name)} holds a line break.`, "Rename the file, or exclude it.", { file: path });
    const python = /\.(py|pyw|ipy|ipynb)$/.test(path);
    const said: Reason = reason.by === undefined ? reason : { ...reason, by: this.naming.name(reason.by) };
    return { path: name, mode: file.executable && !python ? "755" : "644", size: file.size, sha256: file.sha256, origin: file.origin, reason: said };
  }

  private store(file: ViewFile): void {
    const { disk } = file;
    if (this.sink.has(file.sha256)) {
      if (disk !== null) disk.bytes = null;
      return;
    }
    const bytes = disk === null ? this.view.overlayText(file.path) : (disk.bytes ?? this.disk.reread(disk));
    if (disk !== null) disk.bytes = null;
    if (bytes === null) return; // it has changed since: the check at the end finds it
    this.sink.put(file.sha256, bytes);
  }

  private stop(): void {
    if (this.signal?.aborted === true) throw new SlingshotError("cancelled", "cancelled", "The snapshot was cancelled.", "");
  }
}

