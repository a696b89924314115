/** Files that are loaded though nothing of the program imports them. */
import { entryKind } from "./diskCache.js";
import type { Entry } from "./entry.js";
import type { Finder } from "./finder.js";
import type { Module, SearchDirectory } from "./modules.js";
import { baseName, below, parentOf } from "./paths.js";
import { conftestFolders, isTestFile } from "./testRoots.js";
import type { WorkspaceView } from "./workspaceView.js";

/** `conftest.py` of the folders from the topmost one down to the test's, where the entry is a test file. */
export function conftestModules(entry: Entry, view: WorkspaceView, top: string): Module[] {
  const { file } = entry;
  if (file === null || !isTestFile(file)) return [];
  const folders = conftestFolders(file, top, view).reverse();
  return folders.map((folder) => ({ name: `\u0000${folder}/conftest`, alias: dotted(folder, view), kind: "source", file: below(folder, "conftest.py"), beside: [], search: null, root: "import" }));
}

function dotted(from: string, view: WorkspaceView): string {
  let name = "conftest";
  for (let directory = from; view.kind(directory, "__init__.py") === entryKind.file && directory !== "/"; directory = parentOf(directory)) name = `${baseName(directory)}.${name}`;
  return name;
}

/** Modules at the top of import roots that bear a name of the standard library: the library itself may load them. */
export function shadowModules(roots: readonly SearchDirectory[], stdlib: ReadonlySet<string>, finder: Finder): { module: Module; file: string }[] {
  const found: { module: Module; file: string }[] = [];
  const seen = new Set<string>();
  for (const root of roots) {
    for (const name of finder.names(root)) {
      if (!stdlib.has(name) || seen.has(name)) continue;
      const module = finder.findIn(name, name, root);
      if (module === null || module.file === null) continue;
      seen.add(name);
      found.push({ module, file: module.file });
    }
  }
  return found;
}
