/** What is launched: file, module name, and the first import root that follows from it. */
import { SlingshotError } from "../base/errors.js";
import { entryKind } from "./diskCache.js";
import type { Naming } from "./naming.js";
import { absolute, baseName, below, isInside, parentOf } from "./paths.js";
import type { SnapshotRequest } from "./request.js";
import { scopes } from "./scan/sourceScan.js";
import { testRoots } from "./testRoots.js";
import type { WorkspaceView } from "./workspaceView.js";

export interface Entry {
  /** Absolute path, or that of an untitled buffer; null while a module is not yet looked up. */
  file: string | null;
  /** Dotted name that it runs under with `-m`; null: as a script. */
  module: string | null;
  /** `sys.path[0]`, absolute. */
  firstRoot: string;
  /** The launch named the folder, whose `__main__.py` runs. */
  isFolder: boolean;
  /** Directories that pytest would put on the path. */
  testRoots: string[];
}

/** The entry of `request`; a missing file is refused as a usage error. */
export function resolveEntry(request: SnapshotRequest, view: WorkspaceView, naming: Naming): Entry {
  const { entry, workspace } = request;
  if (entry.file === undefined) return { file: null, module: entry.module ?? "", firstRoot: naming.spelled(request.cwd), isFolder: false, testRoots: [] };
  if (entry.file.startsWith(".slingshot/untitled/")) return { file: entry.file, module: null, firstRoot: workspace, isFolder: false, testRoots: [] };
  let file = naming.spelled(absolute(request.cwd, entry.file));
  const isFolder = view.kindOf(file) === entryKind.directory;
  if (isFolder) file = below(file, "__main__.py");
  if (!view.hasOverlay(file) && view.kindOf(file) !== entryKind.file) throw new SlingshotError("usage", "no-entry", `There is no file ${file}.`, "Name a Python file, or a folder with __main__.py.", { file });
  naming.addBase(parentOf(file));
  const module = request.roots === undefined ? packageName(file, view) : dottedBelow(file, request.roots.map((root) => absolute(workspace, root)));
  if (module !== null && importsRelatively(file, view)) return { file, module: module.name, firstRoot: module.root, isFolder: false, testRoots: testRoots(file, workspace, view) };
  return { file, module: null, firstRoot: parentOf(file), isFolder, testRoots: testRoots(file, workspace, view) };
}

function importsRelatively(file: string, view: WorkspaceView): boolean {
  const statements = view.file(file, true).scan?.imports ?? [];
  return statements.some((statement) => statement.level > 0 && (statement.scope & (scopes.typeOnly | scopes.guarded)) === 0);
}

/** Dotted name of `file` by the packages (folders with `__init__.py`) around it; null where its folder is none. */
export function packageName(file: string, view: WorkspaceView): { name: string; root: string } | null {
  let name = baseName(file).replace(/\.py$/, "");
  let directory = parentOf(file);
  const start = directory;
  while (view.kind(directory, "__init__.py") === entryKind.file && directory !== "/") {
    name = `${baseName(directory)}.${name}`;
    directory = parentOf(directory);
  }
  return directory === start ? null : { name, root: directory };
}

/** Dotted name of `file` below one of the given roots, unless its own folder is the first of them. */
function dottedBelow(file: string, roots: readonly string[]): { name: string; root: string } | null {
  const directory = parentOf(file);
  if (roots.includes(directory)) return null;
  const root = roots.find((path) => isInside(directory, path));
  if (root === undefined) return null;
  return { name: file.slice(root.length + 1).replace(/\.py$/, "").replace(/\//g, "."), root };
}
