/** A project folder as a build back end sees it: what is there, without the disk. */
import { entryKind, type EntryKind } from "../diskCache.js";
import { absolute, below } from "../paths.js";
import type { WorkspaceView } from "../workspaceView.js";

export class Project {
  constructor(
    readonly directory: string,
    private readonly view: WorkspaceView,
  ) {}

  /** Text of `name` in the folder, dirty buffers first; null where there is none. */
  text(name: string): string | null {
    if (this.kind(name) !== entryKind.file) return null;
    return this.view.text(below(this.directory, name));
  }

  kind(path: string): EntryKind {
    const full = absolute(this.directory, path);
    return full === this.directory ? entryKind.directory : this.view.kindOf(full);
  }

  hasDirectory(path: string): boolean {
    return this.kind(path) === entryKind.directory;
  }

  /** Whether `name` is a package or module in `parent`. */
  hasModule(parent: string, name: string): boolean {
    const path = name.replace(/\./g, "/");
    return this.kind(`${parent}/${path}/__init__.py`) === entryKind.file || this.kind(`${parent}/${path}.py`) === entryKind.file;
  }

  /** Names of the packages (with `__init__.py`) and modules directly in `path`. */
  members(path: string): { packages: string[]; modules: string[] } {
    const directory = absolute(this.directory, path);
    const packages: string[] = [];
    const modules: string[] = [];
    for (const name of this.view.list(directory).keys()) {
      if (name.endsWith(".py")) modules.push(name.slice(0, -3));
      else if (!name.includes(".") && this.view.kind(directory, name) === entryKind.directory && this.view.kind(below(directory, name), "__init__.py") === entryKind.file) packages.push(name);
    }
    return { packages, modules };
  }
}
