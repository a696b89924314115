/** Import roots and fallback roots of a launch, in the order of DESIGN 4.1. */
import type { FallbackRoots } from "./manifest.js";
import type { SearchDirectory } from "./modules.js";
import type { Naming } from "./naming.js";
import { absolute, isInside, parentOf } from "./paths.js";
import type { SnapshotRequest } from "./request.js";
import type { RootPlan } from "./rootPlan.js";
import type { WorkspaceView } from "./workspaceView.js";
import { declaredRoots } from "./declaredRoots.js";
import { siteRoots } from "./siteRoots.js";
import { entryKind } from "./diskCache.js";

/** The plan for `request`; `first` is `sys.path[0]` (null: none), `testRoots` what pytest would put before it. */
export function planRoots(request: SnapshotRequest, view: WorkspaceView, naming: Naming, first: string, testRoots: readonly string[]): RootPlan {
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
  const built = declaredRoots(request, view, isInside(first, workspace) ? first : workspace);
  const declared = [...built.map((path): SearchDirectory => ({ directory: path, kind: "declared" })), ...site.editable].filter((entry) => entry.only !== undefined || !imports.some((known) => known.directory === entry.directory));
  const guessed = built.length > 0 ? [] : [absolute(workspace, "src"), workspace].filter((path) => view.kindOf(path) === entryKind.directory || path === workspace).map((path): SearchDirectory => ({ directory: path, kind: "guessed" }));
  return prepared(view, naming, { imports, declared: unique(declared), site: site.site, guessed: guessed.filter((entry) => !imports.some((known) => known.directory === entry.directory) && !declared.some((known) => known.directory === entry.directory && known.only === undefined)), siteKnown });
}

/** Directories of `roots` that are there, archives opened, outside ones named. */
function prepared(view: WorkspaceView, naming: Naming, plan: RootPlan): RootPlan {
  const present = (entry: SearchDirectory): boolean => entry.only !== undefined || view.isDirectory(entry.directory) || view.openZip(entry.directory);
  const kept = { ...plan, imports: plan.imports.filter(present), declared: plan.declared.filter(present), guessed: plan.guessed.filter(present) };
  for (const { directory } of [...kept.imports, ...kept.declared]) naming.addBase(view.isDirectory(directory) ? directory : parentOf(directory));
  return kept;
}

/** Manifest paths of the fallback roots of `plan`. */
export function fallbackPaths(plan: RootPlan, naming: Naming): FallbackRoots {
  const paths = (entries: readonly SearchDirectory[]): string[] => [...new Set(entries.flatMap((entry) => (entry.only === undefined ? [entry.directory] : [...entry.only.values()].map(parentOf))).map((path) => naming.name(path)))];
  return { declared: paths(plan.declared), guessed: paths(plan.guessed) };
}

function unique(entries: SearchDirectory[]): SearchDirectory[] {
  return entries.filter((entry, index) => entry.only !== undefined || entries.findIndex((other) => other.directory === entry.directory && other.only === undefined) === index);
}
