import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { DiskCache } from "../../../src/snapshot/diskCache.js";
import { IgnoreRules } from "../../../src/snapshot/ignore/ignoreRules.js";
import { LastGood } from "../../../src/snapshot/lastGood.js";
import { WorkspaceView } from "../../../src/snapshot/workspaceView.js";
import { askGit, plant, randomFrom, randomPatterns, randomTree, type Tree } from "./gitIgnoreTrees.js";
import { noteNames, paths, within, type Workspace } from "./workspaces.js";

const repositories = 24;
const treesInEach = 15;

describe("ignore rules against git", function () {
  this.timeout(240_000);
  const global = process.env["GIT_CONFIG_GLOBAL"];
  afterEach(() => {
    if (global === undefined) delete process.env["GIT_CONFIG_GLOBAL"];
    else process.env["GIT_CONFIG_GLOBAL"] = global;
  });

  function rulesOf(folder: string): IgnoreRules {
    return new IgnoreRules(folder, new WorkspaceView(new DiskCache(), new LastGood(), [], 1e9), new Map());
  }

  /** A repository with `tree` in it, the trees `others` in folders of their own, and excludes of all sorts. */
  function repository(workspace: Workspace, tree: Tree, others: readonly Tree[], seed: number): string[] {
    const random = randomFrom(seed + 1);
    const git = (...words: string[]): void => { execFileSync("git", words, { cwd: workspace.folder }); };
    git("init", "-q");
    if (seed % 4 === 1) git("config", "core.ignoreCase", "true");
    workspace.write(".git/info/exclude", seed % 3 === 0 ? randomPatterns(random) : "");
    workspace.write(".git/own settings", `[user]\n\tname = "t ; t" # who\n[Core] pager=cat\n\texcludesFile = "${workspace.path(".git/own excludes")}" ; mine\n`);
    workspace.write(".git/included", `[include]\n\tpath = own settings\n`);
    workspace.write(".git/own excludes", seed % 3 === 1 ? randomPatterns(random) : "");
    process.env["GIT_CONFIG_GLOBAL"] = workspace.path(".git/included");
    plant(workspace.folder, tree);
    others.forEach((other, at) => { plant(workspace.path(`t${String(at)}`), other); });
    return [...tree.paths, ...others.flatMap((other, at) => other.paths.map((path) => `t${String(at)}/${path}`))];
  }

  it(`says of every path of ${String(repositories * (treesInEach + 1))} random trees what git says, by the same line`, () => {
    const wrong: string[] = [];
    let ignored = 0;
    for (let seed = 0; seed < repositories; seed++) {
      within({}, (workspace) => {
        const trees = Array.from({ length: treesInEach + 1 }, (_, at) => randomTree(seed * 100 + at));
        // Every other repository has its ignore files in the folders only: a rule at the top often settles all.
        const first: Tree = seed % 2 === 0 ? { paths: [], ignores: {} } : (trees[0] ?? { paths: [], ignores: {} });
        const files = repository(workspace, first, trees.slice(1), seed);
        const said = askGit(workspace.folder, files, process.env);
        const rules = rulesOf(workspace.folder);
        for (const path of files) {
          const git = said.get(path) ?? null;
          const ours = rules.ruling(workspace.path(path), false);
          const rule = git === null ? null : `${git.source.startsWith(workspace.folder) ? git.source.slice(workspace.folder.length + 1) : git.source}:${String(git.line)}`;
          if (git?.ignored === true) ignored++;
          if ((git?.ignored ?? false) === (ours?.ignored ?? false) && (git?.ignored !== true || ours?.rule === rule)) continue;
          wrong.push(`repository ${String(seed)}: ${JSON.stringify(path)}: git ${String(git?.ignored)} by ${String(rule)}, here ${String(ours?.ignored)} by ${String(ours?.rule)}`);
        }
      });
    }
    assert.ok(ignored > 1000);
    assert.deepEqual(wrong.slice(0, 10), [], `${String(wrong.length)} differ`);
  });

  it("takes time in proportion, whatever the pattern", () => {
    within({ ".gitignore": `${"*a".repeat(40)}b\n/${"**/a*".repeat(20)}/b\n[${"a-".repeat(5000)}\n${" ".repeat(100_000)}x\n` }, (workspace) => {
      execFileSync("git", ["init", "-q"], { cwd: workspace.folder });
      const rules = rulesOf(workspace.folder);
      assert.equal(rules.ruling(workspace.path(`${"a".repeat(250)}`), false), null);
      assert.equal(rules.ruling(workspace.path(`${"aaaaaaaaa/".repeat(20)}c`), false), null);
      assert.equal(rules.ruling(workspace.path(`${"a".repeat(200)}b`), false)?.rule, ".gitignore:1");
    });
  });

  it("counts the rules of a repository above the workspace folder, unless they ignore the folder itself", () => {
    within({ ".gitignore": "*.log\nscratch/\n", ".git/HEAD": "", "app/main.py": "", "app/d/a.log": "", "app/d/a.txt": "", "scratch/main.py": "", "scratch/d/a.log": "", "scratch/d/b.txt": "", "scratch/.gitignore": "b.txt\n" }, (workspace) => {
      const take = (folder: string) => workspace.take(`${folder}/main.py`, { workspace: workspace.path(folder), cwd: workspace.path(folder), bundle: { include: ["d"] } });
      assert.deepEqual(paths(take("app")), ["d/a.txt", "main.py"]);
      assert.deepEqual(take("app").excluded, [{ path: "d/a.log", rule: "../.gitignore:1" }]);
      assert.deepEqual(paths(take("scratch")), ["d/a.log", "main.py"]);
      assert.deepEqual(take("scratch").excluded, [{ path: "d/b.txt", rule: ".gitignore:1" }]);
      assert.deepEqual(noteNames(take("scratch")), []);
    });
  });

  it("finds the excludes of a linked working tree in the repository that it belongs to", () => {
    within({ "repo/a.py": "" }, (workspace) => {
      const git = (...words: string[]): void => { execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...words], { cwd: workspace.path("repo") }); };
      git("init", "-q");
      git("add", "-A");
      git("commit", "-q", "-m", "a");
      git("worktree", "add", "-q", workspace.path("linked"));
      workspace.write("repo/.git/info/exclude", "*.tmp\n");
      const ruling = rulesOf(workspace.path("linked")).ruling(workspace.path("linked/x.tmp"), false);
      assert.deepEqual(ruling, { ignored: true, rule: `${workspace.path("repo/.git/info/exclude")}:1` });
      assert.equal(askGit(workspace.path("linked"), ["x.tmp"], process.env).get("x.tmp")?.ignored, true);
    });
  });
});
