/** The files of a generated workspace before they have any text: modules, packages and plain folders that collide on purpose. */
import type { Random } from "./random.js";

export const childNames = ["a", "b", "c", "mod", "sub", "util", "café", "file"];
const topNames = ["alpha", "beta", "gamma", "a", "b", "mod", "pkg", "ns", "Case", "case", "café", "file"];
/** Names of the standard library that a program may hide; some of them are loaded before it starts. */
const libraryNames = ["random", "heapq", "token", "sched", "queue", "os", "abc", "io", "json", "types"];
/** Extension modules of the standard library that any module name may end in. */
export const extensionNames = ["_bisect", "_heapq", "_json", "_random", "_queue"];

export interface PlannedModule {
  /** Path in the workspace. */
  path: string;
  /** Dotted name below its root. */
  name: string;
  root: string;
  isPackage: boolean;
}

export interface Layout {
  roots: string[];
  modules: PlannedModule[];
  /** Files that are never loaded as modules, or hold no text of ours. */
  extras: Record<string, string>;
  links: { link: string; target: string }[];
  /** Extension modules: workspace path without suffix. */
  extensions: string[];
  sourceless: string[];
}

export interface LayoutChoice {
  roots: readonly string[];
  /** No file that hides a module of the standard library. */
  plain: boolean;
}

export function layOut(random: Random, { roots, plain }: LayoutChoice): Layout {
  const layout: Layout = { roots: [...roots], modules: [], extras: {}, links: [], extensions: [], sourceless: [] };
  for (const root of roots) {
    const count = 2 + random.below(4);
    const names = new Set<string>();
    while (names.size < count) names.add(random.pick(topNames));
    if (!plain && random.chance(0.3)) names.add(random.pick(libraryNames));
    for (const name of names) fill(random, layout, root, root, name, name, 0);
  }
  const taken = new Set([...layout.modules.map(({ path }) => path), ...Object.keys(layout.extras)].flatMap((path) => path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"))));
  if (random.chance(0.2) && layout.modules.length > 0) {
    const target = random.pick(layout.modules);
    const link = join(random.pick(roots), `linked${target.isPackage ? "" : ".py"}`);
    const to = target.isPackage ? target.path.replace(/\/__init__\.py$/, "") : target.path;
    if (!taken.has(link) && to !== "") layout.links.push({ link, target: to });
  }
  return layout;
}

function fill(random: Random, layout: Layout, root: string, directory: string, stem: string, name: string, depth: number): void {
  const path = join(directory, stem);
  const kind = random.weighted({ module: 4, package: depth < 3 ? 4 : 0, folder: depth < 3 ? 2 : 0, both: depth < 3 ? 1 : 0, moduleAndFolder: depth < 3 ? 1 : 0, stub: 0.4, sourceless: 0.4, extension: depth > 0 ? 0.3 : 0 });
  const add = (file: string, isPackage: boolean): void => {
    layout.modules.push({ path: file, name, root, isPackage });
  };
  if (kind === "module" || kind === "both" || kind === "moduleAndFolder") add(`${path}.py`, false);
  if (kind === "package" || kind === "both") {
    if (random.chance(0.06)) layout.sourceless.push(`${path}/__init__`);
    else add(`${path}/__init__.py`, true);
  }
  if (kind === "stub") layout.extras[`${path}.pyi`] = "x: int\n";
  if (kind === "sourceless") layout.sourceless.push(path);
  if (kind === "extension") layout.extensions.push(join(directory, random.pick(extensionNames)));
  if (kind === "module" && random.chance(0.1)) layout.extras[`${path}.pyi`] = "import nothing_real\n";
  if (kind === "package" || kind === "folder" || kind === "both" || kind === "moduleAndFolder") {
    const count = random.below(4) + (kind === "folder" ? 1 : 0);
    const names = new Set<string>();
    while (names.size < count) names.add(random.pick(childNames));
    for (const child of names) fill(random, layout, root, path, child, `${name}.${child}`, depth + 1);
    if (kind !== "folder" && random.chance(0.15)) add(`${path}/__main__.py`, false);
    if (random.chance(0.1)) layout.extras[`${path}/data.txt`] = "data\n";
  }
}

export function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
