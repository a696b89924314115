/**
 * Ignore rules as git has them (gitignore(5)): the `.gitignore` files from the nearest to the repository's top, then
 * `.git/info/exclude`, then the user's own excludes file. `.slingshotignore` files stand above all of them. Dirty buffers
 * count before the disk.
 */
import { posix } from "node:path";
import { entryKind } from "../diskCache.js";
import { below, isInside, parentOf, relativeTo } from "../paths.js";
import { repositoryTop } from "../repository.js";
import type { WorkspaceView } from "../workspaceView.js";
import { excludeFile, gitSettings } from "./gitSettings.js";
import { IgnoreFile } from "./ignoreFile.js";

/** The rule that settles a path: `file:line`, relative to the workspace folder where the file lies in it. */
export interface Ruling {
  ignored: boolean;
  rule: string;
}

const kinds = [".slingshotignore", ".gitignore"] as const;
type Kind = (typeof kinds)[number];

interface Level {
  /** The folder that the patterns speak of. */
  directory: string;
  /** How the file is named in rulings. */
  name: string;
  rules: IgnoreFile;
}

/** Parsed ignore files by path, kept between snapshots; each is believed while its text stays. */
export type ParsedIgnores = Map<string, { text: string; ignoreCase: boolean; rules: IgnoreFile }>;

export class IgnoreRules {
  private readonly levels = { ".slingshotignore": new Map<string, readonly Level[]>(), ".gitignore": new Map<string, readonly Level[]>() };
  private readonly directories = { ".slingshotignore": new Map<string, Ruling | null>(), ".gitignore": new Map<string, Ruling | null>() };
  /** The folder asked for last of which no rule speaks: files are asked for one folder after the other. */
  private silent: string | null = null;
  /** The folder whose ignore files are the outermost that count. */
  private readonly top: string;
  private readonly ignoreCase: boolean;
  /** The files that hold for the whole repository, the strongest first. */
  private readonly general: readonly Level[];

  constructor(
    private readonly workspace: string,
    private readonly view: WorkspaceView,
    private readonly kept: ParsedIgnores,
  ) {
    const repository = repositoryTop(workspace);
    const read = (path: string): string | null => view.text(path);
    const settings = gitSettings(repository, read);
    this.ignoreCase = settings.ignoreCase;
    this.top = repository ?? workspace;
    const files = [...(repository === null ? [] : [excludeFile(repository, read)]), settings.excludesFile];
    this.general = files.flatMap((file) => this.level(file, this.top, isInside(file, workspace) ? relativeTo(workspace, file) : file));
    // A folder that its repository ignores, opened as a workspace, is not empty: its own rules count.
    if (this.top !== workspace && this.directory(".gitignore", workspace, this.top)?.ignored === true) {
      this.top = workspace;
      this.silent = null;
      for (const kind of kinds) {
        this.levels[kind].clear();
        this.directories[kind].clear();
      }
    }
  }

  /** The ruling on `path` (absolute); null where no rule speaks of it. A rule on a folder settles all that is in it. */
  ruling(path: string, isDirectory: boolean): Ruling | null {
    const parent = parentOf(path);
    if (parent === this.silent) return null;
    const top = isInside(path, this.top) ? this.top : parent;
    if (kinds.every((kind) => this.levelsOf(kind, parent, top).length === 0)) {
      this.silent = parent;
      return null;
    }
    for (const kind of kinds) {
      const found = this.byKind(kind, path, isDirectory, top);
      if (found !== null) return found;
    }
    return null;
  }

  /** Git goes down from the top: below an ignored folder nothing comes back. */
  private byKind(kind: Kind, path: string, isDirectory: boolean, top: string): Ruling | null {
    const parent = parentOf(path);
    const above = this.directory(kind, parent, top);
    if (above?.ignored === true) return above;
    const levels = this.levelsOf(kind, parent, top);
    return levels.length === 0 ? above : (nearest(levels, path, isDirectory) ?? above);
  }

  private directory(kind: Kind, path: string, top: string): Ruling | null {
    if (path === top || !isInside(path, top)) return null;
    const known = this.directories[kind].get(path);
    if (known !== undefined) return known;
    const ruling = this.byKind(kind, path, true, top);
    this.directories[kind].set(path, ruling);
    return ruling;
  }

  /** The ignore files that speak of what is in `directory`, nearest first. */
  private levelsOf(kind: Kind, directory: string, top: string): readonly Level[] {
    const general = kind === ".gitignore" ? this.general : [];
    if (!isInside(directory, top)) return general;
    let levels = this.levels[kind].get(directory);
    if (levels === undefined) {
      const above = directory === top || directory === "/" ? general : this.levelsOf(kind, parentOf(directory), top);
      // Git follows no link here.
      const isThere = this.view.list(directory).get(kind) === entryKind.file;
      const file = below(directory, kind);
      levels = isThere ? [...this.level(file, directory, posix.relative(this.workspace, file)), ...above] : above;
      this.levels[kind].set(directory, levels);
    }
    return levels;
  }

  private level(file: string, directory: string, name: string): Level[] {
    const text = file === "" ? null : this.view.text(file);
    if (text === null) return [];
    const known = this.kept.get(file);
    const rules = known?.text === text && known.ignoreCase === this.ignoreCase ? known.rules : new IgnoreFile(text, this.ignoreCase);
    this.kept.set(file, { text, ignoreCase: this.ignoreCase, rules });
    return [{ directory, name, rules }];
  }
}

/** The last word of the nearest ignore file that speaks of exactly this path. */
function nearest(levels: readonly Level[], path: string, isDirectory: boolean): Ruling | null {
  for (const { directory, name, rules } of levels) {
    const verdict = isInside(path, directory) ? rules.verdict(relativeTo(directory, path), isDirectory) : null;
    if (verdict !== null) return { ignored: verdict.ignored, rule: `${name}:${String(verdict.line)}` };
  }
  return null;
}
