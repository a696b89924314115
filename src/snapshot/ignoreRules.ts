/** Ignore files as git reads them (gitignore(5)), dirty buffers first, and `.slingshotignore` on top of them. */
import ignore, { type Ignore } from "ignore";
import { below, isInside, parentOf, relativeTo } from "./paths.js";
import { repositoryTop } from "./repository.js";
import type { WorkspaceView } from "./workspaceView.js";
import { posix } from "node:path";

/** The rule that settles a path: `file:line`, relative to the workspace folder. */
export interface Ruling {
  ignored: boolean;
  rule: string;
}

const kinds = [".slingshotignore", ".gitignore"] as const;
type Kind = (typeof kinds)[number];

interface Level {
  directory: string;
  rules: Ignore;
}

/** Parsed ignore files by path, kept between snapshots; each is believed while its text stays. */
export type ParsedIgnores = Map<string, { text: string; rules: Ignore }>;

export class IgnoreRules {
  private readonly levels = { ".slingshotignore": new Map<string, readonly Level[]>(), ".gitignore": new Map<string, readonly Level[]>() };
  private readonly directories = { ".slingshotignore": new Map<string, Ruling | null>(), ".gitignore": new Map<string, Ruling | null>() };
  /** The folder whose `.gitignore` is the outermost that counts. */
  private readonly top: string;

  constructor(
    private readonly workspace: string,
    private readonly view: WorkspaceView,
    private readonly kept: ParsedIgnores,
  ) {
    this.top = repositoryTop(workspace) ?? workspace;
  }

  /** The ruling on `path` (absolute); null where no rule speaks of it. A rule on a folder settles all that is in it. */
  ruling(path: string, isDirectory: boolean): Ruling | null {
    const top = isInside(path, this.top) ? this.top : parentOf(path);
    for (const kind of kinds) {
      const found = this.byKind(kind, path, isDirectory, top);
      if (found !== null) return found;
    }
    return null;
  }

  /** Git goes down from the top: below an ignored folder nothing comes back. */
  private byKind(kind: Kind, path: string, isDirectory: boolean, top: string): Ruling | null {
    const parent = parentOf(path);
    const levels = this.levelsOf(kind, parent, top);
    if (levels.length === 0) return null;
    const above = this.directory(kind, parent, top);
    return above?.ignored === true ? above : (this.nearest(kind, levels, path, isDirectory) ?? above);
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
    if (!isInside(directory, top)) return [];
    let levels = this.levels[kind].get(directory);
    if (levels === undefined) {
      const above = directory === top || directory === "/" ? [] : this.levelsOf(kind, parentOf(directory), top);
      const rules = this.rules(below(directory, kind));
      levels = rules === null ? above : [{ directory, rules }, ...above];
      this.levels[kind].set(directory, levels);
    }
    return levels;
  }

  /** The last word of the nearest ignore file that speaks of exactly this path. */
  private nearest(kind: Kind, levels: readonly Level[], path: string, isDirectory: boolean): Ruling | null {
    for (const { directory, rules } of levels) {
      const result = rules.test(relativeTo(directory, path) + (isDirectory ? "/" : ""));
      if (!result.ignored && !result.unignored) continue;
      const line = result.rule?.mark; // told for ignored paths only
      const file = posix.relative(this.workspace, below(directory, kind));
      return { ignored: result.ignored, rule: line === undefined ? file : `${file}:${line}` };
    }
    return null;
  }

  private rules(file: string): Ignore | null {
    const directory = parentOf(file);
    const text = this.view.list(directory).has(file.slice(directory.length + 1)) ? this.view.text(file) : null;
    if (text === null) return null;
    const known = this.kept.get(file);
    const rules = known?.text === text ? known.rules : parsed(text);
    this.kept.set(file, { text, rules });
    return rules;
  }
}

function parsed(text: string): Ignore {
  const rules = ignore({ allowRelativePaths: true });
  text.replace(/^\ufeff/, "").split(/\r?\n/).forEach((line, index) => {
    if (line.trim() !== "" && !line.startsWith("#")) rules.add([{ pattern: line, mark: String(index + 1) }]);
  });
  return rules;
}
