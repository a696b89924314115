/** Package directories that the build files of the workspace declare or imply. */
import { buildFileNames, packageRoots, readPyproject } from "./buildFiles/packageRoots.js";
import { workspaceMembers } from "./buildFiles/workspaceMembers.js";
import { below, isInside, parentOf } from "./paths.js";
import type { WorkspaceView } from "./workspaceView.js";

export interface DeclaredRoots {
  /** Of the projects around the entry, nearest first. */
  own: string[];
  /** Of the other projects of the workspace folders, and of those that build files name wherever they lie, by path. */
  others: string[];
}

const deepest = 3;
const mostDirectories = 2000;
const skipped = /^(\.|__pycache__$|node_modules$|site-packages$|dist-packages$)/;

/** Reads the build files from `from` up to `workspace`, those of all `folders` three levels deep, and those that they name. */
export function declaredRoots(workspace: string, folders: readonly string[], from: string, view: WorkspaceView, broken: (file: string, why: string) => void): DeclaredRoots {
  const own: string[] = [];
  const seen = new Set<string>();
  const named = new Set<string>();
  const read = (directory: string): string[] => {
    if (seen.has(directory)) return [];
    seen.add(directory);
    if (!buildFileNames.some((name) => view.list(directory).has(name))) return [];
    for (const member of workspaceMembers(directory, readPyproject(directory, view, () => undefined), view)) named.add(member);
    return packageRoots(directory, view, broken);
  };
  for (let directory = from; isInside(directory, workspace); directory = parentOf(directory)) {
    own.push(...read(directory));
    if (directory === workspace || directory === "/") break;
  }
  const others: string[] = [];
  let count = 0;
  const walk = (directory: string, depth: number): void => {
    if (count++ > mostDirectories) return;
    const entries = view.list(directory);
    if (entries.has("pyvenv.cfg")) return;
    others.push(...read(directory));
    if (depth === deepest) return;
    for (const name of view.directories(directory)) if (!skipped.test(name)) walk(below(directory, name), depth + 1);
  };
  for (const folder of [workspace, ...folders]) walk(folder, 0);
  // The set grows by what each of them names.
  for (const member of named) others.push(...read(member));
  return { own: [...new Set(own)], others: [...new Set(others)].filter((root) => !own.includes(root)).sort() };
}
