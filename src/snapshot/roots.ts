/** Import roots and fallback roots of a launch, in the order of DESIGN 4.1. */
import type { FallbackRoots } from "./manifest.js";
import type { SearchDirectory } from "./modules.js";
import type { Naming } from "./naming.js";
import type { Notes } from "./notes.js";
import { absolute, isInside, parentOf } from "./paths.js";
import type { SnapshotRequest } from "./request.js";
import type { RootPlan } from "./rootPlan.js";
import type { WorkspaceView } from "./workspaceView.js";
import { declaredRoots } from "./declaredRoots.js";
import { rootOf, siteRoots } from "./siteRoots.js";

/** The plan for `request`; `first` is `sys.path[0]`, `testRoots` what pytest would put on the path besides. */
export function planRoots(request: SnapshotRequest, view: WorkspaceView, naming: Naming, notes: Notes, first: string, testRoots: readonly string[]): RootPlan {
  const { workspace } = request;
  const sitePaths = request.site ?? (request.roots !== undefined ? [] : (request.interpreter?.sitePaths ?? []));
  const site = siteRoots(sitePaths, view, naming, [workspace, ...(request.folders ?? [])]);
  const siteKnown = request.site !== undefined || request.roots !== undefined || (request.interpreter !== null && request.interpreter.executable !== null);
  const directory = (path: string): SearchDirectory => ({ directory: path, kind: "import" });
  if (request.roots !== undefined) {
    const imports = unique(request.roots.map((root) => directory(naming.spelled(absolute(workspace, root)))));
    return prepared(view, naming, { imports, declared: site.editable, site: site.site, guessed: [], siteKnown });
  }
  const imports = unique([first, ...testRoots, ...(request.pythonPath ?? []), ...(request.bundle.roots ?? []).map((root) => absolute(workspace, root))].map((path) => directory(naming.spelled(path))));
  const folders = request.folders ?? [];
  const built = declaredRoots(workspace, folders, isInside(first, workspace) ? first : workspace, view, (file, why) => {
    const path = naming.name(file);
    notes.add("build-file-unreadable", path, "warning", `${path} can't be read, so the package directories that it declares are not known: ${why}`, path);
  });
  const fresh = (entries: SearchDirectory[], ...before: SearchDirectory[][]): SearchDirectory[] =>
    unique(entries).filter((entry) => entry.only !== undefined || !before.flat().some((known) => known.directory === entry.directory && known.only === undefined));
  const all = [...built.own.map((path) => declaredRoot(path)), ...site.editable, ...built.others.map((path): SearchDirectory => ({ ...declaredRoot(path), whenUsed: true }))];
  const declared = fresh(all, imports);
  const guesses = [workspace, ...folders].filter((folder) => folder === workspace ? built.own.length === 0 : !built.others.some((root) => isInside(root, folder)));
  const guessed = guesses.flatMap((folder) => [absolute(folder, "src"), folder].filter((path) => view.isDirectory(path)).map((path): SearchDirectory => ({ directory: path, kind: "guessed", ...(folder === workspace ? {} : { whenUsed: true }) })));
  return prepared(view, naming, { imports, declared, site: site.site, guessed: fresh(guessed, imports, declared.filter((entry) => entry.whenUsed !== true)), siteKnown });
}

function declaredRoot(directory: string): SearchDirectory {
  return { directory, kind: "declared" };
}

/** Directories of `roots` that are there, archives opened, outside ones named. */
function prepared(view: WorkspaceView, naming: Naming, plan: RootPlan): RootPlan {
  const present = (entry: SearchDirectory): boolean => entry.only !== undefined || view.isDirectory(entry.directory) || view.openZip(entry.directory);
  const kept = { ...plan, imports: plan.imports.filter(present), declared: plan.declared.filter(present), guessed: plan.guessed.filter(present) };
  for (const { directory } of [...kept.imports, ...kept.declared]) naming.addBase(view.isDirectory(directory) ? directory : parentOf(directory));
  return kept;
}

/** Manifest paths of the fallback roots of `plan`; those of other projects only where one of `files` lies below them. */
export function fallbackPaths(plan: RootPlan, naming: Naming, files: readonly string[]): FallbackRoots {
  const counts = (entry: SearchDirectory): boolean => entry.whenUsed !== true || files.some((file) => isInside(file, entry.directory));
  const paths = (entries: readonly SearchDirectory[]): string[] => [...new Set(entries.filter(counts).flatMap((entry) => (entry.only === undefined ? [entry.directory] : mappedRoots(entry))).map((path) => naming.name(path)))];
  return { declared: paths(plan.declared), guessed: paths(plan.guessed) };
}

/** The directories that an editable install's mapping puts its packages in. */
function mappedRoots({ only, namespaces }: SearchDirectory): string[] {
  const places = [...(namespaces ?? [])].flatMap(([name, directories]) => directories.map((directory) => rootOf(name, directory)));
  return [...new Set([...[...(only ?? [])].map(([name, place]) => rootOf(name, place)), ...places])];
}

function unique(entries: SearchDirectory[]): SearchDirectory[] {
  return entries.filter((entry, index) => entry.only !== undefined || entries.findIndex((other) => other.directory === entry.directory && other.only === undefined) === index);
}
