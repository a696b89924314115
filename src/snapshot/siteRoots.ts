/** Installed packages: site-packages directories, the directories that their `.pth` files add, and editable installs. */
import { readFileSync } from "node:fs";
import { isErrno } from "../base/errors.js";
import type { SearchDirectory } from "./modules.js";
import type { Naming } from "./naming.js";
import { absolute, below, isInside } from "./paths.js";
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

/** The literal `MAPPING = {…}` of setuptools' editable finder. */
function readHook(result: SiteRoots, path: string, distribution: string, naming: Naming): void {
  const source = read(path);
  const only = new Map<string, string>();
  for (const table of [/^MAPPING[^=\n]*=\s*(\{.*\})\s*$/m.exec(source)?.[1]]) {
    if (table === undefined) continue;
    const bytes = Buffer.concat([Buffer.from(table), Buffer.alloc(16)]);
    const values = new Parser(bytes, 0, bytes.length - 16).statement().values;
    const texts = flat(values).flatMap((item) => (item.kind === "string" ? [item.value] : []));
    for (let index = 0; index + 1 < texts.length; index += 2) {
      const [name, place] = [texts[index] ?? "", naming.spelled(texts[index + 1] ?? "")];
      if (name !== "" && !name.includes(".")) {
        only.set(name, place);
        naming.addBase(place.slice(0, Math.max(1, place.lastIndexOf("/"))), distribution);
      }
    }
  }
  if (only.size > 0) result.editable.push({ directory: path, kind: "declared", only });
}

function flat(values: readonly Expression[]): Expression[] {
  return values.flatMap((value) => (value.kind === "other" ? flat(value.parts) : value.kind === "sequence" ? flat(value.items) : [value]));
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error)) return "";
    throw error;
  }
}
