/** Installed packages: site-packages directories, the directories that their `.pth` files add, and editable installs. */
import { readFileSync } from "node:fs";
import { isErrno } from "../base/errors.js";
import type { SearchDirectory } from "./modules.js";
import type { Naming } from "./naming.js";
import { absolute, below, isInside, parentOf } from "./paths.js";
import { Parser } from "./scan/parser.js";
import type { Expression } from "./scan/expression.js";
import type { WorkspaceView } from "./workspaceView.js";

export interface SiteRoots {
  site: SearchDirectory[];
  /** Roots of code that is worked on rather than installed. */
  editable: SearchDirectory[];
}

const installedPlace = /\/(site-packages|dist-packages)(\/|$)/;

/** What `site.py` would make of the site directories; hooks are read, never run. */
export function siteRoots(paths: readonly string[], view: WorkspaceView, naming: Naming, folders: readonly string[]): SiteRoots {
  const result: SiteRoots = { site: paths.map((directory) => ({ directory, kind: "site" })), editable: [] };
  for (const directory of paths) {
    const names = [...view.list(directory).keys()].filter((name) => name.endsWith(".pth") || name.endsWith(".egg-link")).sort();
    for (const name of names) readPath(result, directory, name, view, naming, folders);
  }
  return result;
}

function readPath(result: SiteRoots, directory: string, file: string, view: WorkspaceView, naming: Naming, folders: readonly string[]): void {
  const text = read(below(directory, file));
  const distribution = file.replace(/\.(pth|egg-link)$/, "").replace(/^__editable__\./, "").replace(/^_+/, "").replace(/-\d[^-]*$/, "");
  for (const line of text.split(/\r?\n/)) {
    const entry = line.trim();
    if (entry === "" || entry.startsWith("#")) continue;
    const hook = /^import\s+(__editable__\w*_finder)\b/.exec(entry)?.[1];
    if (hook !== undefined) readHook(result, below(directory, `${hook}.py`), distribution, naming);
    if (/^import[ \t]/.test(entry)) continue;
    const path = naming.spelled(absolute(directory, entry));
    if (!view.isDirectory(path) && !view.openZip(path)) continue;
    const known = [...result.site, ...result.editable].some((root) => root.directory === path && root.only === undefined);
    if (known) continue;
    const local = folders.some((folder) => isInside(path, folder)) && !installedPlace.test(path);
    const generic = file === "easy-install.pth" || file === "distutils-precedence.pth";
    if (local || !isInstalled(path, directory)) {
      naming.addBase(path, generic ? undefined : distribution);
      result.editable.push({ directory: path, kind: "declared" });
    } else result.site.push({ directory: path, kind: "site" });
  }
}

function isInstalled(path: string, site: string): boolean {
  return installedPlace.test(path) || isInside(path, site) || /^\/usr\/(lib|share)\//.test(path) || isInside(path, absolute(site, ".."));
}

/** The literals `MAPPING = {name: path}` and `NAMESPACES = {name: [path, …]}` of setuptools' editable finder. */
function readHook(result: SiteRoots, path: string, distribution: string, naming: Naming): void {
  const source = read(path);
  const only = new Map<string, string>();
  const namespaces = new Map<string, string[]>();
  const items = entries(source, "MAPPING");
  for (let index = 0; index + 1 < items.length; index += 2) {
    const [name, place] = [textOf(items[index]), textOf(items[index + 1])];
    if (name === null || place === null) continue;
    only.set(name, naming.spelled(place));
    naming.addBase(rootOf(name, naming.spelled(place)), distribution);
  }
  const spaces = entries(source, "NAMESPACES");
  for (let index = 0; index + 1 < spaces.length; index += 2) {
    const [name, places] = [textOf(spaces[index]), spaces[index + 1]];
    if (name === null || places?.kind !== "sequence") continue;
    const paths = places.items.flatMap((item) => textOf(item) ?? []).map((place) => naming.spelled(place));
    namespaces.set(name, paths);
    for (const place of paths) naming.addBase(rootOf(name, place), distribution);
  }
  if (only.size > 0 || namespaces.size > 0) result.editable.push({ directory: path, kind: "declared", only, namespaces });
}

/** Keys and values of the dictionary that `source` gives the name, in turn. */
function entries(source: string, name: string): readonly Expression[] {
  const table = new RegExp(`^${name}\\b[^=\\n]*=\\s*(\\{.*\\})\\s*$`, "m").exec(source)?.[1];
  if (table === undefined) return [];
  const bytes = Buffer.concat([Buffer.from(table), Buffer.alloc(16)]);
  const value = new Parser(bytes, 0, bytes.length - 16).statement().values[0];
  return value?.kind === "other" ? value.parts : value?.kind === "sequence" ? value.items : [];
}

function textOf(expression: Expression | undefined): string | null {
  return expression?.kind === "string" ? expression.value : null;
}

/** The directory that holds the top-level package of the dotted `name`, which lies at `place`. */
export function rootOf(name: string, place: string): string {
  return name.split(".").reduce((directory) => parentOf(directory), place);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error)) return "";
    throw error;
  }
}
