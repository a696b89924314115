/** Where in the workspace a module lies that no root leads to. */
import { entryKind, type DiskCache } from "./diskCache.js";
import { below } from "./paths.js";

/** Folders that hold no sources of the project, or copies of them. */
const skipped = /^(\.|__pycache__$|node_modules$|site-packages$|dist-packages$|build$|dist$)/;
const mostFound = 5;

/**
 * The folders below `top` from which the dotted `name` can be imported, shallow ones first, one folder looked at between two rests.
 * Only listings are read. Folders inside packages are passed over: on `sys.path` they would give the package's modules second names.
 */
export function* searchModule(name: string, top: string, disk: DiskCache): Generator<undefined, string[]> {
  const found: string[] = [];
  const parts = name.split(".");
  let level = [top];
  while (level.length > 0 && found.length < mostFound) {
    const next: string[] = [];
    for (const directory of level) {
      yield undefined;
      const entries = disk.list(directory);
      if (entries.has("pyvenv.cfg")) continue;
      if (!entries.has("__init__.py") && holds(parts, directory, disk)) found.push(directory);
      for (const child of disk.directories(directory)) if (!skipped.test(child)) next.push(below(directory, child));
    }
    level = next;
  }
  return found;
}

/** Whether the files for `parts` lie below `directory`: each but the last as a folder. */
function holds(parts: readonly string[], directory: string, disk: DiskCache): boolean {
  let at = directory;
  for (const [index, part] of parts.entries()) {
    const entries = disk.list(at);
    if (index === parts.length - 1 && entries.get(`${part}.py`) === entryKind.file) return true;
    if (entries.get(part) !== entryKind.directory) return false;
    at = below(at, part);
  }
  return disk.list(at).has("__init__.py");
}
