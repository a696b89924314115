import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { SlingshotError } from "../../../src/base/errors.js";
import { asAnotherUser } from "../faults/anotherUser.js";
import { noteNames, paths, within, type Workspace } from "./workspaces.js";

function refusal(workspace: Workspace, entry: string, code: string, words: RegExp, bundle = {}): void {
  assert.throws(
    () => workspace.take(entry, { bundle }),
    (error: unknown) => {
      assert.ok(error instanceof SlingshotError);
      assert.equal(error.kind, "refused");
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.notEqual(error.remedy, "");
      return true;
    },
  );
}

describe("rules", () => {
  it("includes by glob and leaves out what git ignores, naming the rule", () => {
    const files = { "main.py": "", "conf/a.yaml": "", "conf/secret.txt": "", "conf/sub/b.yaml": "", "conf/sub/c.log": "", ".gitignore": "# comment\n\nconf/secret.txt\n*.log\n", "conf/sub/.gitignore": "b.yaml\n" };
    within(files, (workspace) => {
      const manifest = workspace.take("main.py", { bundle: { include: ["conf/**"] } });
      assert.deepEqual(paths(manifest), ["conf/a.yaml", "conf/sub/.gitignore", "main.py"]);
      assert.deepEqual(manifest.excluded, [{ path: "conf/secret.txt", rule: ".gitignore:3" }, { path: "conf/sub/b.yaml", rule: "conf/sub/.gitignore:1" }, { path: "conf/sub/c.log", rule: ".gitignore:4" }]);
      assert.deepEqual(manifest.files[0]?.reason, { kind: "include", detail: "conf/**" });
    });
  });

  it("sends a file that is named in full, whatever git ignores, but never against .slingshotignore or exclude", () => {
    const files = { "main.py": "", "d/a.txt": "", "d/b.txt": "", "d/c.txt": "", ".gitignore": "*.txt\n", ".slingshotignore": "b.txt\n" };
    within(files, (workspace) => {
      for (const include of [["d/a.txt", "d/b.txt", "d/c.txt", "d/**"], ["d/**", "d/a.txt", "d/b.txt", "d/c.txt"]]) {
        const manifest = workspace.take("main.py", { bundle: { include, exclude: ["d/c.txt"] } });
        assert.deepEqual(paths(manifest), ["d/a.txt", "main.py"]);
        assert.deepEqual(manifest.excluded.map(({ path }) => path), ["d/b.txt", "d/c.txt"]);
      }
    });
  });

  it("reads the ignore file on the screen, negation and .slingshotignore", () => {
    within({ "main.py": "", "d/a.txt": "", "d/b.txt": "", ".gitignore": "" }, (workspace) => {
      const overlays = [{ path: workspace.path(".gitignore"), bytes: Buffer.from("*.txt\n!a.txt\n") }];
      assert.deepEqual(paths(workspace.take("main.py", { overlays, bundle: { include: ["d"] } })), ["d/a.txt", "main.py"]);
      workspace.write(".slingshotignore", "a.txt\n!b.txt\n");
      const manifest = workspace.take("main.py", { overlays, bundle: { include: ["d"] } });
      assert.deepEqual(paths(manifest), ["d/b.txt", "main.py"]);
      assert.deepEqual(manifest.excluded, [{ path: "d/a.txt", rule: ".slingshotignore:1" }]);
    });
  });

  it("includes ignored code that the job imports, and says so", () => {
    within({ "main.py": "import generated\n", "generated.py": "", ".gitignore": "generated.py\n" }, (workspace) => {
      const manifest = workspace.take("main.py");
      assert.deepEqual(paths(manifest), ["generated.py", "main.py"]);
      assert.ok(noteNames(manifest).includes("ignored-but-needed:generated.py"));
    });
  });

  it("leaves out what the project file excludes, code too, and names the line", () => {
    const settings = '{\n  "bundle": {\n    "include": ["d/**"],\n    "exclude": ["**/*.parquet", "old.py"]\n  }\n}\n';
    within({ "main.py": "import old\n", "old.py": "", "d/x.parquet": "", "d/y.csv": "", ".vscode/slingshot.json": settings }, (workspace) => {
      const manifest = workspace.take("main.py", { bundle: { include: ["d/**", ".vscode/**"], exclude: ["**/*.parquet", "old.py"] } });
      assert.deepEqual(paths(manifest), ["d/y.csv", "main.py"]);
      assert.deepEqual(manifest.excluded, [{ path: "d/x.parquet", rule: ".vscode/slingshot.json:4" }, { path: "old.py", rule: ".vscode/slingshot.json:4" }]);
      assert.ok(noteNames(manifest).includes("excluded-module:old.py"));
    });
  });

  it("follows the imports of included Python files", () => {
    within({ "main.py": "", "plugins/one.py": "import dep\n", "dep.py": "" }, (workspace) => {
      assert.deepEqual(paths(workspace.take("main.py", { include: ["plugins"] })), ["dep.py", "main.py", "plugins/one.py"]);
    });
  });

  it("never takes environments, version control or its own state", () => {
    within({ "main.py": "", "env/pyvenv.cfg": "", "env/lib/a.txt": "", ".git/config": "", ".slingshot/x.txt": "", "node_modules/m/i.js": "", "ok.txt": "" }, (workspace) => {
      assert.deepEqual(paths(workspace.take("main.py", { include: ["**"] })), ["main.py", "ok.txt"]);
    });
  });

  it("says when a glob includes nothing", () => {
    within({ "main.py": "" }, (workspace) => {
      assert.ok(noteNames(workspace.take("main.py", { include: ["confg/**"] })).includes("include-matches-nothing:confg/**"));
    });
  });
});

describe("data references", () => {
  it("takes files beside the source, package resources and literal paths, never a whole folder", () => {
    const main = "from pathlib import Path\nimport json, os\nfrom importlib import resources\nimport pkg\nHERE = Path(__file__).parent\nopen('conf/a.json')\nopen(HERE / 'b.txt')\n(HERE / 'tree').glob('*')\nresources.files(pkg).joinpath('c.txt').read_text()\nopen(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'out.txt'), 'w')\nPath('conf/d.toml').read_text()\n";
    const files = { "main.py": main, "conf/a.json": "", "conf/d.toml": "", "conf/no.json": "", "b.txt": "", "tree/x.bin": "", "pkg/__init__.py": "", "pkg/c.txt": "" };
    within(files, (workspace) => {
      const manifest = workspace.take("main.py");
      assert.deepEqual(paths(manifest), ["b.txt", "conf/a.json", "conf/d.toml", "main.py", "pkg/__init__.py", "pkg/c.txt"]);
      const notes = noteNames(manifest);
      for (const file of ["b.txt", "conf/a.json", "conf/d.toml", "pkg/c.txt", "tree"]) assert.ok(notes.includes(`data-file-reference:${file}`), file);
    });
  });

  it("leaves out a referenced file that git ignores, and says so", () => {
    within({ "main.py": "open('big.csv')\n", "big.csv": "", ".gitignore": "*.csv\n" }, (workspace) => {
      const manifest = workspace.take("main.py");
      assert.deepEqual(paths(manifest), ["main.py"]);
      assert.deepEqual(manifest.excluded, [{ path: "big.csv", rule: ".gitignore:1" }]);
      assert.ok(noteNames(manifest).includes("data-file-reference:big.csv"));
    });
  });
});

describe("refusals", () => {
  it("names the largest files over the limit, before anything is read", () => {
    within({ "main.py": "", "d/small.bin": "x", "d/large.bin": Buffer.alloc(2_500_000) }, (workspace) => {
      refusal(workspace, "main.py", "too-large", /2\.5 MB.*d\/large\.bin \(2\.5 MB\)/, { include: ["d/**"], maxSize: 1_000_000 });
    });
  });

  it("refuses a name with a line break", () => {
    within({ "main.py": "", "d/a\nb.txt": "" }, (workspace) => {
      refusal(workspace, "main.py", "file-name", /a\\nb/, { include: ["d/**"] });
    });
  });

  it("names what can't be read", () => {
    within({ "main.py": "import lib\n", "lib.py": "" }, (workspace) => {
      chmodSync(workspace.folder, 0o755);
      chmodSync(workspace.path("lib.py"), 0);
      asAnotherUser(() => {
        refusal(workspace, "main.py", "unreadable", /lib\.py can't be read: permission denied/);
      });
    });
  });

  it("says that an entry is not there", () => {
    within({}, (workspace) => {
      assert.throws(() => workspace.take("gone.py"), (error: unknown) => error instanceof SlingshotError && error.kind === "usage" && error.message.includes("gone.py"));
      assert.throws(() => workspace.take("gone.py", { entry: { module: "no.such" } }), (error: unknown) => error instanceof SlingshotError && error.kind === "usage" && error.message.includes("no.such"));
    });
  });
});
