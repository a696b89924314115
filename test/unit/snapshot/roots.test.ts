import assert from "node:assert/strict";
import { noteNames, paths, within, Workspace } from "./workspaces.js";

const library = { "src/mylib/__init__.py": "", "src/mylib/core.py": "", "jobs/daily.py": "import mylib.core\n" };

describe("import roots", () => {
  it("guesses src/ and the workspace folder where no build file speaks, and says so", () => {
    within({ ...library, "etl/clean.py": "", "jobs/daily.py": "import mylib.core\nimport etl.clean\n" }, (workspace) => {
      const manifest = workspace.take("jobs/daily.py");
      assert.deepEqual(paths(manifest), ["etl/clean.py", "jobs/daily.py", "src/mylib/__init__.py", "src/mylib/core.py"]);
      assert.deepEqual(manifest.importRoots, ["jobs"]);
      assert.deepEqual(manifest.fallbackRoots, { declared: [], guessed: ["src", "."] });
      assert.ok(noteNames(manifest).includes("guessed-root:mylib"));
      assert.ok(noteNames(manifest).includes("guessed-root:etl"));
    });
  });

  const builds: Record<string, Record<string, string>> = {
    "setuptools by discovery": { "pyproject.toml": '[project]\nname = "mylib"\n' },
    "setuptools package-dir": { "pyproject.toml": '[build-system]\nbuild-backend = "setuptools.build_meta"\n[tool.setuptools]\npackage-dir = {"" = "src"}\n' },
    "setuptools find": { "pyproject.toml": '[project]\nname = "x"\n[tool.setuptools.packages.find]\nwhere = ["src"]\n' },
    "setup.cfg": { "setup.cfg": "[metadata]\nname = mylib\n[options]\npackage_dir =\n    = src\npackages = find:\n" },
    "setup.py": { "setup.py": 'from setuptools import setup, find_packages\nsetup(name="x", package_dir={"": "src"}, packages=find_packages("src"))\n' },
    hatch: { "pyproject.toml": '[build-system]\nbuild-backend = "hatchling.build"\n[project]\nname = "x"\n[tool.hatch.build.targets.wheel]\npackages = ["src/mylib"]\n' },
    poetry: { "pyproject.toml": '[tool.poetry]\nname = "x"\npackages = [{ include = "mylib", from = "src" }]\n' },
    pdm: { "pyproject.toml": '[build-system]\nbuild-backend = "pdm.backend"\n[project]\nname = "mylib"\n' },
    flit: { "pyproject.toml": '[build-system]\nbuild-backend = "flit_core.buildapi"\n[project]\nname = "mylib"\n' },
    uv: { "pyproject.toml": '[build-system]\nbuild-backend = "uv_build"\n[project]\nname = "mylib"\n' },
  };
  for (const [name, files] of Object.entries(builds)) {
    it(`reads ${name}: a declared root, no guess`, () => {
      within({ ...library, ...files }, (workspace) => {
        const manifest = workspace.take("jobs/daily.py");
        assert.deepEqual(manifest.fallbackRoots, { declared: ["src"], guessed: [] });
        assert.ok(paths(manifest).includes("src/mylib/core.py"));
        assert.deepEqual(noteNames(manifest), []);
      });
    });
  }

  it("takes a build file as it is on the screen", () => {
    within({ ...library, "pyproject.toml": "[tool.ruff]\n" }, (workspace) => {
      assert.deepEqual(workspace.take("jobs/daily.py").fallbackRoots.declared, []);
      const overlays = [{ path: workspace.path("pyproject.toml"), bytes: Buffer.from('[project]\nname = "mylib"\n') }];
      assert.deepEqual(workspace.take("jobs/daily.py", { overlays }).fallbackRoots.declared, ["src"]);
    });
  });

  it("lets installed packages hide what is only guessed, and declared ones hide the installed copy", () => {
    const files = { "jobs/run.py": "import yaml, mylib\n", "yaml.py": "", "src/mylib/__init__.py": "", "venv/yaml/__init__.py": "", "venv/mylib/__init__.py": "", "pyproject.toml": '[project]\nname = "mylib"\n' };
    within(files, (workspace) => {
      const manifest = workspace.take("jobs/run.py", { site: [workspace.path("venv")] });
      assert.deepEqual(paths(manifest), ["jobs/run.py", "src/mylib/__init__.py"]);
      assert.deepEqual(manifest.external, ["yaml"]);
      assert.ok(noteNames(manifest).includes("shadows-installed:mylib"));
    });
  });

  it("no fallback root hides the standard library", () => {
    within({ "jobs/run.py": "import json, random\n", "json/__init__.py": "", "src/random.py": "" }, (workspace) => {
      const manifest = workspace.take("jobs/run.py");
      assert.deepEqual(paths(manifest), ["jobs/run.py"]);
    });
  });

  it("finds the packages of other projects in a monorepo, and names the root only where it is used", () => {
    const files = { "services/a/pyproject.toml": '[project]\nname = "a"\n', "services/a/a/__init__.py": "", "services/a/a/main.py": "import b.core\n", "libs/b/pyproject.toml": '[project]\nname = "b"\n', "libs/b/src/b/__init__.py": "", "libs/b/src/b/core.py": "", "libs/c/pyproject.toml": '[project]\nname = "c"\n', "libs/c/src/c/__init__.py": "" };
    within(files, (workspace) => {
      const manifest = workspace.take("services/a/a/main.py");
      assert.deepEqual(manifest.fallbackRoots.declared, ["services/a", "libs/b/src"]);
      assert.ok(paths(manifest).includes("libs/b/src/b/core.py"));
    });
  });

  it("names code outside the workspace by its distribution", () => {
    within({ "mylib/__init__.py": "", "mylib/core.py": "" }, (outside) => {
      within({ "main.py": "import mylib.core\n", "site/__editable__.My_Lib-1.0.pth": `${outside.folder}\n` }, (workspace) => {
        const manifest = workspace.take("main.py", { site: [workspace.path("site")] });
        assert.deepEqual(paths(manifest), [".slingshot/roots/my-lib/mylib/__init__.py", ".slingshot/roots/my-lib/mylib/core.py", "main.py"]);
        assert.deepEqual(manifest.fallbackRoots.declared, [".slingshot/roots/my-lib"]);
        assert.deepEqual(manifest.external, []);
      });
    });
  });

  it("reads the mapping of an editable finder without running it", () => {
    within({}, (workspace) => {
      workspace.write("main.py", "import mylib.core\n");
      workspace.write("libs/x/mylib/__init__.py", "");
      workspace.write("libs/x/mylib/core.py", "");
      workspace.write("libs/x/other.py", "");
      workspace.write("site/__editable__.mylib-1.0.pth", "import __editable___mylib_1_0_finder; __editable___mylib_1_0_finder.install()\n");
      workspace.write("site/__editable___mylib_1_0_finder.py", `import sys\nMAPPING: dict[str, str] = {'mylib': '${workspace.path("libs/x/mylib")}'}\nNAMESPACES: dict[str, list[str]] = {}\n`);
      const manifest = workspace.take("main.py", { site: [workspace.path("site")] });
      assert.deepEqual(paths(manifest), ["libs/x/mylib/__init__.py", "libs/x/mylib/core.py", "main.py"]);
    });
  });

  it("finds the packages of another workspace folder", () => {
    const other = new Workspace({ "shared/__init__.py": "" });
    try {
      within({ "main.py": "import shared\n" }, (workspace) => {
        const manifest = workspace.take("main.py", { folders: [other.folder] });
        assert.equal(paths(manifest).filter((path) => /^\.slingshot\/roots\/[^/]+\/shared\/__init__\.py$/.test(path)).length, 1);
      });
    } finally {
      other.remove();
    }
  });

  it("--root replaces all inference", () => {
    within({ ...library, "pyproject.toml": '[project]\nname = "mylib"\n' }, (workspace) => {
      const manifest = workspace.take("jobs/daily.py", { roots: ["jobs"] });
      assert.deepEqual(manifest.fallbackRoots, { declared: [], guessed: [] });
      assert.deepEqual(paths(manifest), ["jobs/daily.py"]);
      assert.ok(noteNames(manifest).includes("unresolved:mylib"));
    });
  });

  it("runs a script with relative imports as the module that it is", () => {
    within({ "pkg/__init__.py": "", "pkg/cli.py": "from . import core\n", "pkg/core.py": "" }, (workspace) => {
      const manifest = workspace.take("pkg/cli.py");
      assert.deepEqual(manifest.entry, { file: "pkg/cli.py", function: null, module: "pkg.cli" });
      assert.deepEqual(manifest.importRoots, ["."]);
      assert.deepEqual(paths(manifest), ["pkg/__init__.py", "pkg/cli.py", "pkg/core.py"]);
    });
  });

  it("puts sys.path edits behind the other roots and follows them for what comes after", () => {
    const files = { "jobs/run.py": "import early\nimport sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'lib'))\nimport late\n", "jobs/early.py": "", "lib/early.py": "", "lib/late.py": "" };
    within(files, (workspace) => {
      const manifest = workspace.take("jobs/run.py");
      assert.deepEqual(manifest.importRoots, ["jobs", "lib"]);
      assert.deepEqual(paths(manifest), ["jobs/early.py", "jobs/run.py", "lib/late.py"]);
    });
  });
});
