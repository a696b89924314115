/** Files that `include` globs name. */
import picomatch from "picomatch";
import { entryKind } from "./diskCache.js";
import { below, isInside, parentOf, relativeTo } from "./paths.js";
import { matcher, type Rules } from "./rules.js";
import type { WorkspaceView } from "./workspaceView.js";
import { statOf } from "./diskCache.js";
import { realpathSync } from "node:fs";
import { isErrno, SlingshotError } from "../base/errors.js";
import type { Notes } from "./notes.js";

export interface Included {
  path: string;
  glob: string;
}

/** A glob by the questions that a walk asks. Paths are relative to the workspace folder. */
interface Wanted {
  glob: string;
  matches: (path: string) => boolean;
  /** Whether files that match can lie in the folder at `path`. */
  enters: (path: string) => boolean;
}

/** Walks the workspace folder for `globs`; what rules leave out is told to `rules.excluded` by manifest path. */
export class Includes {
  private readonly found = new Map<string, string>();

  constructor(
    private readonly workspace: string,
    private readonly view: WorkspaceView,
    private readonly rules: Rules,
    private readonly notes: Notes,
  ) {}

  find(globs: readonly string[]): Included[] {
    for (const glob of globs) {
      const clean = glob.replace(/^\.\//, "").replace(/\/+$/, "");
      const { base } = picomatch.scan(clean);
      const literal = base === clean;
      const start = base === "" || base === "." ? this.workspace : below(this.workspace, base);
      const kind = start === this.workspace ? entryKind.directory : this.view.kindOf(start);
      const before = this.found.size;
      if (!isInside(start, this.workspace) || start.includes("/../")) {
        this.notes.add("include-outside", glob, "warning", `"${glob}" leads outside the workspace folder and includes nothing.`);
        continue;
      }
      if (kind === entryKind.file) this.file(start, glob, true);
      else if (kind === entryKind.directory) this.walk(start, { glob, matches: literal ? () => true : matcher(clean), enters: literal ? () => true : entersFor(clean) }, new Set());
      if (this.found.size === before && ![...this.found.values()].includes(glob)) this.notes.add("include-matches-nothing", glob, "warning", `"${glob}" includes no file; check its spelling and the ignore rules.`);
    }
    return [...this.found].map(([path, glob]) => ({ path, glob }));
  }

  private walk(directory: string, wanted: Wanted, above: ReadonlySet<string>): void {
    const { glob, matches } = wanted;
    const real = realOf(directory);
    if (real === null || above.has(real)) return;
    const here = new Set([...above, real]);
    if (this.view.isDenied(directory)) {
      const shown = relativeTo(this.workspace, directory);
      this.notes.add("unreadable-folder", shown, "warning", `${shown} can't be listed: permission denied; what "${glob}" means in it is left out.`, shown);
    }
    for (const name of [...this.view.list(directory).keys()].sort()) {
      const path = below(directory, name);
      const relative = relativeTo(this.workspace, path);
      const kind = this.view.kind(directory, name);
      if (kind === entryKind.directory) {
        if (!wanted.enters(relative)) continue;
        const never = this.rules.builtIn(`${path}/`) ?? (this.view.list(path).has("pyvenv.cfg") ? "a virtual environment" : null);
        if (never !== null) {
          if (name !== "__pycache__" && matches(`${relative}/x`)) this.rules.excluded.set(`${relative}/`, never);
          continue;
        }
        this.checkName(path, relative, matches);
        if (this.leadsOutside(path)) continue;
        const ruling = this.rules.ignored(path, true);
        if (ruling?.ignored === true) this.rules.excluded.set(`${relative}/`, ruling.rule);
        else this.walk(path, wanted, here);
      } else if (kind === entryKind.file && matches(relative)) this.file(path, glob);
      else if (kind === entryKind.none && matches(relative) && this.view.list(directory).get(name) === entryKind.link) {
        this.notes.add("dangling-link", relative, "warning", `${relative} is a link that leads nowhere; it is left out.`, relative);
      }
    }
  }

  /** A folder whose name is not UTF-8 can't be opened by the name that is known of it. */
  private checkName(path: string, relative: string, matches: (path: string) => boolean): void {
    if (!relative.includes("\ufffd") || statOf(path) !== null) return;
    if (matches(`${relative}/x`)) throw new SlingshotError("refused", "file-name", `The folder name "${relative}" is not valid UTF-8.`, "Rename the folder, or leave it out.", { file: path });
    this.notes.add("file-name", relative, "warning", `The folder name "${relative}" is not valid UTF-8; what is in it is left out.`, relative);
  }

  /** A file that is named in full is wanted whatever git ignores. */
  private file(path: string, glob: string, named = false): void {
    if (this.found.has(path)) return;
    const relative = relativeTo(this.workspace, path);
    if (this.rules.builtIn(path) !== null || this.leadsOutside(path)) return;
    const configured = this.rules.configured(path);
    const ruling = configured !== null ? { ignored: true, rule: configured } : named ? this.rules.leftOut(path) : this.rules.ignored(path);
    if (ruling?.ignored === true) {
      this.rules.excluded.set(relative, ruling.rule);
      return;
    }
    // Another glob may have left it out before.
    this.rules.excluded.delete(relative);
    this.found.set(path, glob);
  }

  /** Links to data outside the workspace folder are not followed. */
  private leadsOutside(path: string): boolean {
    if (this.view.list(parentOf(path)).get(path.slice(path.lastIndexOf("/") + 1)) !== entryKind.link) return false;
    return linkOutside(path, this.workspace, this.notes, relativeTo(this.workspace, path));
  }
}

/** As far as each part of `glob` speaks of one level; from `**` on, and where braces span levels, every folder is entered. */
function entersFor(glob: string): (path: string) => boolean {
  const parts = glob.split("/");
  const plain = parts.findIndex((part) => part.includes("**") || /[{}()]/.test(part));
  const levels = (plain < 0 ? parts : parts.slice(0, plain)).map((part) => picomatch(part, { dot: true }));
  return (path) => {
    const names = path.split("/");
    return levels.every((level, at) => names[at] === undefined || level(names[at]));
  };
}

/** Whether the link at `path` leads outside `workspace`; says so in a note under the name `shown`. */
export function linkOutside(path: string, workspace: string, notes: Notes, shown: string): boolean {
  const real = realOf(path);
  const top = realOf(workspace) ?? workspace;
  if (real === null || isInside(real, top)) return false;
  notes.add("link-outside", shown, "warning", `${shown} is a link to ${real}, outside the workspace folder; it is not followed.`, shown);
  return true;
}

function realOf(path: string): string | null {
  try {
    return statOf(path) === null ? null : realpathSync(path);
  } catch (error) {
    if (isErrno(error)) return null;
    throw error;
  }
}
