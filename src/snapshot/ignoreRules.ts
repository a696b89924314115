/** Ignore files as git reads them (gitignore(5)), dirty buffers first, and `.slingshotignore` on top of them. */
import ignore, { type Ignore } from "ignore";
import { statOf } from "./diskCache.js";
import { below, isInside, parentOf, relativeTo } from "./paths.js";
import type { WorkspaceView } from "./workspaceView.js";
import { posix } from "node:path";

/** The rule that settles a path: `file:line`, relative to the workspace folder. */
export interface Ruling {
  ignored: boolean;
  rule: string;
}

const kinds = [".slingshotignore", ".gitignore"] as const;

/** Parsed ignore files by path, kept between snapshots; each is believed while its text stays. */
export type ParsedIgnores = Map<string, { text: string; rules: Ignore }>;

export class IgnoreRules {
  private readonly files = new Map<string, Ignore | null>();
  private readonly directories = new Map<string, Ruling | null>();
  /** The folder whose `.gitignore` is the outermost that counts. */
  private readonly top: string;

  constructor(
    private readonly workspace: string,
    private readonly view: WorkspaceView,
    private readonly kept: ParsedIgnores,
  ) {
    this.top = this.repository() ?? workspace;
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
  private byKind(kind: (typeof kinds)[number], path: string, isDirectory: boolean, top: string): Ruling | null {
    const above = path === top ? null : this.directory(kind, parentOf(path), top);
    return above?.ignored === true ? above : (this.nearest(kind, path, isDirectory, top) ?? above);
  }

  private directory(kind: (typeof kinds)[number], path: string, top: string): Ruling | null {
    if (path === top || !isInside(path, top)) return null;
    const key = `${kind} ${path}`;
    let ruling = this.directories.get(key);
    if (ruling === undefined) {
      ruling = this.byKind(kind, path, true, top);
      this.directories.set(key, ruling);
    }
    return ruling;
  }

  /** The last word of the nearest ignore file that speaks of exactly this path. */
  private nearest(kind: string, path: string, isDirectory: boolean, top: string): Ruling | null {
    for (let directory = parentOf(path); isInside(directory, top); directory = parentOf(directory)) {
      const rules = this.rules(below(directory, kind));
      if (rules !== null) {
        const relative = relativeTo(directory, path) + (isDirectory ? "/" : "");
        const result = rules.test(relative);
        if (result.ignored || result.unignored) {
          const line = result.rule?.mark; // told for ignored paths only
          const file = posix.relative(this.workspace, below(directory, kind));
          return { ignored: result.ignored, rule: line === undefined ? file : `${file}:${line}` };
        }
      }
      if (directory === top || directory === "/") break;
    }
    return null;
  }

  private rules(file: string): Ignore | null {
    let rules = this.files.get(file);
    if (rules === undefined) {
      const directory = parentOf(file);
      const text = this.view.list(directory).has(file.slice(directory.length + 1)) ? this.view.text(file) : null;
      const known = this.kept.get(file);
      rules = text === null ? null : known?.text === text ? known.rules : parsed(text);
      if (text !== null && rules !== null) this.kept.set(file, { text, rules });
      this.files.set(file, rules);
    }
    return rules;
  }

  private repository(): string | null {
    for (let directory = this.workspace; ; directory = parentOf(directory)) {
      if (statOf(below(directory, ".git")) !== null) return directory;
      if (directory === "/") return null;
    }
  }
}

function parsed(text: string): Ignore {
  const rules = ignore({ allowRelativePaths: true });
  text.replace(/^\ufeff/, "").split(/\r?\n/).forEach((line, index) => {
    if (line.trim() !== "" && !line.startsWith("#")) rules.add([{ pattern: line, mark: String(index + 1) }]);
  });
  return rules;
}
