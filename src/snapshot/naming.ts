/** Manifest paths: relative to the workspace folder, or below `.slingshot/roots/<name>/` for what lies outside. */
import { baseName, isInside, relativeTo } from "./paths.js";
import { realpathSync } from "node:fs";
import { isErrno } from "../base/errors.js";

export class Naming {
  /** The workspace folder with links resolved: .pth files name it so. */
  private readonly real: string;
  private readonly bases: { directory: string; name: string }[] = [];
  private readonly taken = new Map<string, number>();

  constructor(readonly workspace: string) {
    this.real = realOf(workspace);
  }

  /** `path` as the workspace spells it. */
  spelled(path: string): string {
    return !isInside(path, this.workspace) && isInside(path, this.real) ? this.workspace + path.slice(this.real.length) : path;
  }

  /** Gives the outside directory a name: that of a distribution, or its own. */
  addBase(directory: string, wanted?: string): void {
    if (isInside(directory, this.workspace) || this.bases.some((base) => isInside(directory, base.directory))) return;
    const plain = (wanted ?? baseName(directory)).toLowerCase().replace(/[-_.]+/g, "-").replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "");
    const stem = plain === "" ? "root" : plain;
    const count = (this.taken.get(stem) ?? 0) + 1;
    this.taken.set(stem, count);
    this.bases.push({ directory, name: count === 1 ? stem : `${stem}-${String(count)}` });
  }

  /** Manifest path of `path`; null for a file that lies outside the workspace and all named bases. */
  find(path: string): string | null {
    if (path.startsWith(".slingshot/")) return path;
    if (isInside(path, this.workspace)) return relativeTo(this.workspace, path);
    const base = this.bases.filter(({ directory }) => isInside(path, directory)).sort((left, right) => right.directory.length - left.directory.length)[0];
    if (base === undefined) return null;
    const rest = relativeTo(base.directory, path);
    return `.slingshot/roots/${base.name}${rest === "." ? "" : `/${rest}`}`;
  }

  /** As `find`, but a lone file outside gets its folder as base. */
  name(path: string): string {
    const found = this.find(path);
    if (found !== null) return found;
    this.addBase(path.slice(0, Math.max(1, path.lastIndexOf("/"))));
    return this.find(path) ?? path;
  }
}

function realOf(directory: string): string {
  try {
    return realpathSync(directory);
  } catch (error) {
    if (isErrno(error)) return directory;
    throw error;
  }
}
