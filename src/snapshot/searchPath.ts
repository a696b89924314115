/** Edits of `sys.path` and `__path__`, carried out. */
import { whole, type Evaluator } from "./evaluate.js";
import type { Module, SearchDirectory } from "./modules.js";
import { absolute } from "./paths.js";
import type { Resolver } from "./resolver.js";
import type { Expression } from "./scan/expression.js";
import type { PathEdit } from "./scan/sourceScan.js";
import type { WorkspaceView } from "./workspaceView.js";

/**
 * Applies `edit` to `roots`; gives the directories that came in, or null where the edit can't be read. Nothing is taken off.
 * What names no directory (or archive) changes nothing, as in CPython.
 */
export function editSearchPath(roots: SearchDirectory[], edit: PathEdit, evaluator: Evaluator, cwd: string, view: WorkspaceView): SearchDirectory[] | null {
  const paths = entryPaths(edit, evaluator);
  if (paths === null) return null;
  const entries = paths.map((path): SearchDirectory => ({ directory: absolute(cwd, path), kind: "import" })).filter(({ directory }) => view.isDirectory(directory) || view.openZip(directory));
  place(roots, edit, entries);
  return entries;
}

/** Applies `edit` to the `__path__` of `module`; false where it can't be read. */
export function packageSearch(module: Module, edit: PathEdit, evaluator: Evaluator, resolver: Resolver, view: WorkspaceView): boolean {
  const search = module.search ?? [];
  if (edit.operation === "remove") return true;
  if (edit.operation === "extend_path") {
    for (const portion of resolver.portions(module.name)) if (!search.some((known) => known.directory === portion.directory)) search.push(portion);
    return true;
  }
  const paths = entryPaths(edit, evaluator);
  if (paths === null) return false;
  const entries = paths.map((path): SearchDirectory => ({ directory: absolute(search[0]?.directory ?? "/", path), kind: module.root })).filter(({ directory }) => view.isDirectory(directory));
  place(search, edit, entries);
  return true;
}

function place(list: SearchDirectory[], edit: PathEdit, entries: SearchDirectory[]): void {
  if (edit.operation === "append") list.push(...entries.filter((entry) => !list.some((known) => known.directory === entry.directory)));
  else if (edit.operation === "prepend") list.unshift(...entries);
  else if (edit.operation === "insert") list.splice(edit.index ?? list.length, 0, ...entries);
  else list.unshift(...entries); // a replaced sys.path: what it keeps of the old one is not known
}

function entryPaths(edit: PathEdit, evaluator: Evaluator): string[] | null {
  const paths: string[] = [];
  for (const entry of edit.entries) {
    const values = entry.kind === "star" ? list(entry.of, evaluator) : [text(entry, evaluator)];
    for (const value of values) {
      if (value === null) return null;
      paths.push(value);
    }
  }
  return paths;
}

function text(expression: Expression, evaluator: Evaluator): string | null {
  return evaluator.text(expression);
}

function list(expression: Expression, evaluator: Evaluator): (string | null)[] {
  const value = evaluator.value(expression);
  return value?.kind === "list" ? value.items.map((item) => (item === null ? null : whole(item))) : [null];
}
