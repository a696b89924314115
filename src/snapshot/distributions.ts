/** Which installed distribution a top-level module belongs to, read from the metadata beside it. */
import { readFileSync } from "node:fs";
import { isErrno } from "../base/errors.js";
import type { DiskCache } from "./diskCache.js";
import { below } from "./paths.js";

export interface Distribution {
  name: string;
  version: string;
}

/** Tables by site directory; each is believed while the directory's listing is the same. */
const tables = new Map<string, { entries: object; byModule: Map<string, Distribution> }>();
const metadata = /^(.+?)-(\d[^-]*?)(?:-py[\d.]+)?\.(?:dist-info|egg-info)$/;

/** The distribution of the module `top` in the first of the `sites` whose metadata names it; null where none does. */
export function distributionOf(top: string, sites: readonly string[], disk: DiskCache): Distribution | null {
  for (const site of sites) {
    const entries = disk.list(site);
    // Most distributions bear their module's name; the others' metadata must be read.
    const namesake = distributions(entries.keys()).find(({ name }) => normal(name) === normal(top));
    if (namesake !== undefined && (entries.has(top) || entries.has(`${top}.py`))) return namesake;
    let table = tables.get(site);
    if (table?.entries !== entries) {
      table = { entries, byModule: byModule(site, [...entries.keys()]) };
      tables.set(site, table);
    }
    const found = table.byModule.get(top);
    if (found !== undefined) return found;
  }
  return null;
}

function byModule(site: string, names: readonly string[]): Map<string, Distribution> {
  const table = new Map<string, Distribution>();
  for (const distribution of distributions(names)) for (const module of modules(below(site, distribution.folder), distribution.name)) if (!table.has(module)) table.set(module, distribution);
  return table;
}

function distributions(names: Iterable<string>): (Distribution & { folder: string })[] {
  return [...names].flatMap((folder) => {
    const parts = metadata.exec(folder);
    return parts === null ? [] : [{ folder, name: parts[1] ?? "", version: parts[2] ?? "" }];
  });
}

function normal(name: string): string {
  return name.replace(/[-_.]+/g, "_").toLowerCase();
}

/** What a distribution says it installs, else the module of its own name. */
function modules(folder: string, name: string): Iterable<string> {
  const listed = read(below(folder, "top_level.txt"))?.split(/\s+/).filter((module) => module !== "");
  if (listed !== undefined && listed.length > 0) return listed;
  const found = new Set<string>();
  for (const line of read(below(folder, "RECORD"))?.split("\n") ?? []) {
    const module = /^"?([\p{L}_][\p{L}\p{N}_]*)(?:\/|\.py[,"]|\.[\w-]+\.(?:so|pyd)[,"])/u.exec(line)?.[1];
    if (module !== undefined && module !== "__pycache__") found.add(module);
  }
  return found.size > 0 ? found : [name.replace(/[-.]+/g, "_"), normal(name)];
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error)) return null;
    throw error;
  }
}
