/** Several workspace folders, several projects in one folder, and projects that are installed from where they lie. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { probeInterpreter } from "../../../src/snapshot/interpreter.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, paths, within, Workspace } from "./workspaces.js";

const python = process.env["SLINGSHOT_TEST_PYTHON"] ?? "python3";
const project = (name: string, more = ""): string => `[project]\nname = "${name}"\nversion = "1.0"\n${more}`;

describe("several folders", () => {
  it("takes from the other folder what the entry's folder does not have, and tells equal names apart", () => {
    const other = new Workspace({ "util.py": "WHERE = 'other'\n", "shared/__init__.py": "", "shared/util.py": "", "pyproject.toml": "[tool.ruff]\n", "conf/a.yaml": "other" });
    try {
      within({ "jobs/run.py": "import util, shared.util\n", "util.py": "WHERE = 'own'\n", "conf/a.yaml": "own" }, (workspace) => {
        const manifest = workspace.take("jobs/run.py", { folders: [other.folder], include: ["conf/**"] });
        const name = other.folder.slice(other.folder.lastIndexOf("/") + 1).toLowerCase();
        assert.deepEqual(paths(manifest), [`.slingshot/roots/${name}/shared/__init__.py`, `.slingshot/roots/${name}/shared/util.py`, "conf/a.yaml", "jobs/run.py", "util.py"]);
        assert.deepEqual(manifest.fallbackRoots.guessed, [".", `.slingshot/roots/${name}`]);
      });
    } finally {
      other.remove();
    }
  });

  it("finds the members of a uv workspace however deep they lie, but those that it excludes", () => {
    const files = { "pyproject.toml": project("top", '[tool.uv.workspace]\nmembers = ["libs/python/*/*"]\nexclude = ["libs/python/old/*"]\n'), "app/main.py": "import core.a\n", "libs/python/group/core/pyproject.toml": project("core"), "libs/python/group/core/src/core/__init__.py": "", "libs/python/group/core/src/core/a.py": "", "libs/python/old/core/pyproject.toml": project("core"), "libs/python/old/core/src/core/__init__.py": "" };
    within(files, (workspace) => {
      const manifest = workspace.take("app/main.py");
      assert.deepEqual(paths(manifest), ["app/main.py", "libs/python/group/core/src/core/__init__.py", "libs/python/group/core/src/core/a.py"]);
      assert.ok(manifest.fallbackRoots.declared.includes("libs/python/group/core/src"));
    });
  });

  it("follows dependencies by path, also those beside the workspace folder, and theirs", () => {
    const beside = new Workspace({ "one/pyproject.toml": project("one", '[tool.uv.sources]\ntwo = { path = "../two" }\n'), "one/src/one/__init__.py": "import two\n", "two/pyproject.toml": '[tool.poetry]\nname = "two"\npackages = [{ include = "two" }]\n', "two/two/__init__.py": "" });
    try {
      for (const named of [`[tool.uv.sources]\none = { path = "${join(beside.folder, "one")}", editable = true }\n`, `[tool.poetry.dependencies]\npython = "^3.11"\none = { path = "${join(beside.folder, "one")}", develop = true }\n`]) {
        within({ "pyproject.toml": project("app", named), "run.py": "import one\n" }, (workspace) => {
          assert.deepEqual(paths(workspace.take("run.py")).filter((path) => path.startsWith(".slingshot")).map((path) => path.replace(/^\.slingshot\/roots\/[^/]+\//, "")).sort(), ["one/__init__.py", "two/__init__.py"]);
        });
      }
    } finally {
      beside.remove();
    }
  });

  it("reads the members of a build file as it stands on the screen", () => {
    within({ "pyproject.toml": project("top"), "main.py": "import deep\n", "a/b/c/d/pyproject.toml": project("deep"), "a/b/c/d/src/deep/__init__.py": "" }, (workspace) => {
      assert.deepEqual(paths(workspace.take("main.py")), ["main.py"]);
      const overlays = [{ path: workspace.path("pyproject.toml"), bytes: Buffer.from(project("top", '[tool.uv.workspace]\nmembers = ["a/**"]\n')) }];
      assert.deepEqual(paths(workspace.take("main.py", { overlays })), ["a/b/c/d/src/deep/__init__.py", "main.py"]);
    });
  });
});

describe("projects that pip installs from where they lie", function () {
  this.timeout(300_000);
  const backend = (name: string, requirement: string): string => `[build-system]\nrequires = ["${requirement}"]\nbuild-backend = "${name}"\n`;
  const setuptools = backend("setuptools.build_meta", "setuptools");
  const source = { "src/thing/__init__.py": "", "src/thing/a.py": "" };
  const modes: Record<string, [files: Record<string, string>, options: string[]]> = {
    "setuptools, lenient, src layout": [{ "pyproject.toml": project("thing", setuptools), ...source }, []],
    "setuptools, lenient, flat layout (an import hook)": [{ "pyproject.toml": project("thing", `${setuptools}[tool.setuptools]\npackages = ["thing"]\n`), "thing/__init__.py": "", "thing/a.py": "", "other.py": "" }, []],
    "setuptools, strict (a folder of links)": [{ "pyproject.toml": project("thing", setuptools), ...source }, ["--config-settings", "editable_mode=strict"]],
    "setuptools, compat": [{ "pyproject.toml": project("thing", setuptools), ...source }, ["--config-settings", "editable_mode=compat"]],
    hatchling: [{ "pyproject.toml": project("thing", backend("hatchling.build", "hatchling")), ...source }, []],
    poetry: [{ "pyproject.toml": project("thing", `description = ""\n${backend("poetry.core.masonry.api", "poetry-core")}`), ...source }, []],
  };
  let machine: Workspace;
  let interpreter: string;
  before(() => {
    machine = new Workspace({});
    execFileSync(python, ["-m", "venv", machine.path("env")]);
    interpreter = machine.path("env/bin/python");
    pip("install", "setuptools==80.9.0", "wheel==0.45.1", "hatchling==1.27.0", "editables==0.5", "poetry-core==2.1.3");
  });
  after(() => { machine.remove(); });

  function pip(...words: string[]): void {
    execFileSync(interpreter, ["-m", "pip", "-q", ...words], { env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: "1" }, stdio: ["ignore", "pipe", "pipe"] });
  }

  for (const [mode, [files, options]] of Object.entries(modes)) {
    it(`${mode}: its modules are local, under the distribution's name, and they are the files that CPython finds`, async () => {
      const outside = new Workspace(files);
      const workspace = new Workspace({ "main.py": "import thing.a\n" });
      try {
        pip("install", "--no-deps", "--no-build-isolation", "--no-index", ...options, "-e", outside.folder);
        const found = execFileSync(interpreter, ["-c", "import os, thing.a; print(os.path.realpath(thing.a.__file__))"], { encoding: "utf8" }).trim();
        assert.ok(found.startsWith(outside.folder), found);
        const probed = await probeInterpreter(interpreter, workspace.path("caches"));
        const { manifest } = new Snapshotter().take(workspace.request("main.py", { interpreter: probed, site: probed.sitePaths }), new MemorySink());
        assert.deepEqual(paths(manifest).map((path) => path.replace(/^\.slingshot\/roots\/thing\//, "@")), ["@thing/__init__.py", "@thing/a.py", "main.py"]);
        assert.deepEqual(manifest.external, []);
        assert.deepEqual(manifest.fallbackRoots.declared, [".slingshot/roots/thing"]);
      } finally {
        pip("uninstall", "-y", "thing");
        outside.remove();
        workspace.remove();
      }
    });
  }
});
