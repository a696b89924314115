/** Looks names up in directories as CPython's FileFinder does: package, then module, then namespace portion. */
import { entryKind } from "./diskCache.js";
import type { Module, RootKind, SearchDirectory } from "./modules.js";
import { below, isInside } from "./paths.js";
import type { WorkspaceView } from "./workspaceView.js";

const foreign = /\/(site-packages|dist-packages)(\/|$)/;

export class Finder {
  constructor(
    private readonly view: WorkspaceView,
    private readonly suffixes: readonly string[],
    private readonly sites: readonly string[],
    /** Beginning of the suffix of extension modules for any platform, e.g. `.cpython-311-`; null: only `suffixes` count. */
    private readonly anyPlatform: string | null,
  ) {}

  /**
   * The module `name` (whose last part is `tail`) in `search`, in order. A directory without `__init__` is a portion:
   * it counts only when no later directory holds a module or package.
   */
  find(name: string, tail: string, search: readonly SearchDirectory[]): Module | null {
    const portions: SearchDirectory[] = [];
    for (const entry of search) {
      const found = this.findIn(name, tail, entry);
      if (found === null) continue;
      if (found.kind !== "namespace") return found;
      portions.push(...(found.search ?? []));
    }
    return namespace(name, portions);
  }

  /** The module in one directory; a namespace module with one portion where only a directory is there. */
  findIn(name: string, tail: string, entry: SearchDirectory): Module | null {
    if (entry.only !== undefined) {
      const path = entry.only.get(name);
      if (path !== undefined) return this.at(name, path, entry.kind);
      const directories = entry.namespaces?.get(name);
      return directories === undefined ? null : { name, kind: "namespace", file: null, beside: [], search: directories.map((directory) => ({ directory, kind: entry.kind })), root: entry.kind };
    }
    const { directory } = entry;
    const { view } = this;
    const entries = view.list(directory);
    const kind = entries.has(tail) ? view.kind(directory, tail) : entryKind.none;
    const own = kind === entryKind.directory ? below(directory, tail) : null;
    if (own !== null) {
      const init = this.loadable(own, "__init__");
      if (init !== null) return this.module(name, init, [{ directory: own, kind: entry.kind }], entry.kind);
    }
    const file = this.loadable(directory, tail);
    if (file !== null) return this.module(name, file, null, entry.kind);
    return own === null ? null : namespace(name, [{ directory: own, kind: entry.kind }]);
  }

  /** Whether `name` is only a directory in `entry`: neither package nor module. */
  isPlainDirectory(name: string, entry: SearchDirectory): boolean {
    return entry.only === undefined && this.loadable(below(entry.directory, name), "__init__") === null && this.loadable(entry.directory, name) === null;
  }

  /** Names that may be modules in the directory of `entry`, each once. */
  names(entry: SearchDirectory): ReadonlySet<string> {
    const names = new Set<string>();
    for (const name of this.view.list(entry.directory).keys()) names.add(name.split(".", 1)[0] ?? name);
    return names;
  }

  /** A package or module at the very path `path` (without suffix for modules given as such). */
  private at(name: string, path: string, kind: RootKind): Module | null {
    const base = path.replace(/\.py$/, "");
    const slash = base.lastIndexOf("/");
    return this.findIn(name, base.slice(slash + 1), { directory: base.slice(0, slash), kind });
  }

  private loadable(directory: string, stem: string): { file: string; kind: Module["kind"]; beside: string[] } | null {
    const { view } = this;
    const entries = view.list(directory);
    const isFile = (name: string): boolean => entries.has(name) && view.kind(directory, name) === entryKind.file;
    const source = `${stem}.py`;
    const hasSource = isFile(source);
    const extension = hasSource && entries.size < 2 ? undefined : this.extension(directory, stem, isFile);
    if (extension !== undefined) return { file: below(directory, extension), kind: "extension", beside: hasSource ? [below(directory, source)] : [] };
    if (hasSource) return { file: below(directory, source), kind: "source", beside: [] };
    return isFile(`${stem}.pyc`) ? { file: below(directory, `${stem}.pyc`), kind: "sourceless", beside: [] } : null;
  }

  private extension(directory: string, stem: string, isFile: (name: string) => boolean): string | undefined {
    const own = this.suffixes.find((suffix) => isFile(stem + suffix));
    if (own !== undefined) return stem + own;
    if (this.anyPlatform === null) return undefined;
    const start = stem + this.anyPlatform;
    for (const name of this.view.list(directory).keys()) if (name.startsWith(start) && /\.(so|pyd)$/.test(name) && isFile(name)) return name;
    return undefined;
  }

  private module(name: string, found: { file: string; kind: Module["kind"]; beside: string[] }, search: SearchDirectory[] | null, root: RootKind): Module {
    if (root === "site" || this.isForeign(found.file)) return { name, kind: "external", file: null, beside: [], search, root: "site" };
    return { name, kind: found.kind, file: found.file, beside: found.beside, search, root };
  }

  /** Whether `path` belongs to installed packages, which are never local. */
  isForeign(path: string): boolean {
    return foreign.test(path) || this.sites.some((site) => isInside(path, site));
  }
}

/** A namespace package of `portions`; external where all of them are installed; null without any. */
export function namespace(name: string, portions: SearchDirectory[]): Module | null {
  if (portions.length === 0) return null;
  const local = portions.find((portion) => portion.kind !== "site");
  if (local === undefined) return { name, kind: "external", file: null, beside: [], search: portions, root: "site" };
  return { name, kind: "namespace", file: null, beside: [], search: portions, root: local.kind };
}
