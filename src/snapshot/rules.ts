/** What may enter a snapshot: Slingshot's own state never, then the project file's `exclude`, then ignore files. */
import picomatch from "picomatch";
import { IgnoreRules, type ParsedIgnores, type Ruling } from "./ignore/ignoreRules.js";
import { below, isInside, parentOf, relativeTo } from "./paths.js";
import type { BundleSettings } from "./request.js";
import type { WorkspaceView } from "./workspaceView.js";

const projectFile = ".vscode/slingshot.json";
const ownState = /(^|\/)(\.git|\.hg|\.svn|\.slingshot|__pycache__|node_modules|\.venv|\.tox|\.nox|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.ipynb_checkpoints)(\/|$)/;

export class Rules {
  readonly excluded = new Map<string, string>();
  private readonly ignores: IgnoreRules;
  private readonly matchers: { test: (path: string) => boolean; rule: string }[];

  constructor(
    private readonly workspace: string,
    private readonly view: WorkspaceView,
    settings: BundleSettings,
    private readonly sites: readonly string[],
    kept: ParsedIgnores,
  ) {
    this.ignores = new IgnoreRules(workspace, view, kept);
    this.matchers = (settings.exclude ?? []).map((glob) => ({ test: matcher(glob), rule: `${projectFile}${this.lineOf(glob)}` }));
  }

  /** The rule of Slingshot itself that keeps `path` out, in words; nothing overrides it. */
  builtIn(path: string): string | null {
    if (!path.startsWith("/")) return null;
    const relative = isInside(path, this.workspace) ? relativeTo(this.workspace, path) : path;
    if (relative === projectFile) return "Slingshot's own settings";
    if (ownState.test(relative)) return "never part of a snapshot";
    if (this.sites.some((site) => isInside(path, site)) || this.inEnvironment(path)) return "a virtual environment";
    return null;
  }

  /** The rule of the project file that leaves `path` out, or null. */
  configured(path: string): string | null {
    if (this.matchers.length === 0 || !isInside(path, this.workspace)) return null;
    const relative = relativeTo(this.workspace, path);
    return this.matchers.find((matcher) => matcher.test(relative))?.rule ?? null;
  }

  /** What the ignore files say of `path`. */
  ignored(path: string, isDirectory = false): Ruling | null {
    return path.startsWith("/") ? this.ignores.ruling(path, isDirectory) : null;
  }

  /** What `.slingshotignore` says of `path` where it leaves it out; git's own ignore files don't count. */
  leftOut(path: string): Ruling | null {
    const ruling = this.ignored(path);
    return ruling?.ignored === true && /(^|\/)\.slingshotignore:\d+$/.test(ruling.rule) ? ruling : null;
  }

  private inEnvironment(path: string): boolean {
    for (let directory = parentOf(path); isInside(directory, this.workspace) && directory !== this.workspace; directory = parentOf(directory)) {
      if (this.view.list(directory).has("pyvenv.cfg")) return true;
    }
    return false;
  }

  /** `:line` of a pattern in the project file, where it can be found. */
  private lineOf(glob: string): string {
    const text = this.view.text(below(this.workspace, projectFile));
    const line = text?.split("\n").findIndex((each) => each.includes(JSON.stringify(glob))) ?? -1;
    return line < 0 ? "" : `:${String(line + 1)}`;
  }
}

/** Whether a path relative to the workspace folder matches `glob`; a folder's name stands for all that is in it. */
export function matcher(glob: string): (path: string) => boolean {
  const clean = glob.replace(/^\.\//, "").replace(/\/+$/, "");
  const test = picomatch([clean, `${clean}/**`], { dot: true });
  // A line break in a name is refused later; here it must not hide the file from the glob.
  return (path) => test(path.replace(/[\r\n]/g, "_"));
}
