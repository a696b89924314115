/** Tests as entries, against what the real pytest puts on `sys.path` and loads (import mode `prepend`). */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { paths, within } from "../workspaces.js";

/** Stands at the end of each test: tells what is loaded of the workspace when it runs, and `sys.path` as it was when it was imported. */
const tell = "\nimport json, os, sys\nWS = os.environ['TOLD_WORKSPACE'] + '/'\nPATH = list(sys.path)\ndef test():\n    files = sorted({m.__file__[len(WS):] for m in list(sys.modules.values()) if (getattr(m, '__file__', None) or '').startswith(WS)})\n    with open(os.environ['TOLD'], 'w') as out: json.dump({'files': files, 'path': [(p + '/')[len(WS):].rstrip('/') or '.' for p in PATH if (p + '/').startswith(WS)]}, out)\n";

interface Told {
  files: string[];
  path: string[];
}

const table: Record<string, { files: Record<string, string>; entry: string }> = {
  "conftest.py in plain folders": { files: { "conftest.py": "import rooted\n", "rooted.py": "", "tests/conftest.py": "import helper\n", "tests/helper.py": "", "tests/test_a.py": "" }, entry: "tests/test_a.py" },
  "conftest.py in packages": { files: { "lib.py": "", "tests/__init__.py": "", "tests/conftest.py": "import lib\nfrom tests.helper import x\n", "tests/helper.py": "x = 1\n", "tests/unit/__init__.py": "import lib\n", "tests/unit/conftest.py": "from ..helper import x\n", "tests/unit/test_a.py": "from tests.helper import x\nimport lib\n" }, entry: "tests/unit/test_a.py" },
  "a package below a plain folder": { files: { "top.py": "", "area/beside.py": "", "area/checks/__init__.py": "import beside\n", "area/checks/conftest.py": "", "area/checks/test_a.py": "import beside\nimport checks.more\n", "area/checks/more.py": "" }, entry: "area/checks/test_a.py" },
  "a plain folder below a package": { files: { "lib.py": "", "tests/__init__.py": "", "tests/conftest.py": "import lib\n", "tests/deep/conftest.py": "import near\n", "tests/deep/near.py": "", "tests/deep/test_a.py": "import near, lib, tests\n" }, entry: "tests/deep/test_a.py" },
  "relative imports": { files: { "conftest.py": "import lib\n", "lib.py": "", "tests/__init__.py": "", "tests/helper.py": "", "tests/test_a.py": "from . import helper\n" }, entry: "tests/test_a.py" },
  "a package whose name is no identifier": { files: { "my-tests/__init__.py": "", "my-tests/helper.py": "", "my-tests/test_a.py": "import helper\n" }, entry: "my-tests/test_a.py" },
};

describe("tests against pytest", () => {
  const python = process.env["SLINGSHOT_PROJECTS_PYTHON"] ?? "";
  before(() => { assert.notEqual(python, "", "SLINGSHOT_PROJECTS_PYTHON names what scripts/setup.mjs made"); });

  for (const [name, { files, entry }] of Object.entries(table)) {
    it(name, () => {
      within({ ...files, [entry]: (files[entry] ?? "") + tell }, (workspace) => {
        const manifest = workspace.take(entry);
        const told = join(workspace.folder, ".told");
        execFileSync(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", entry], { cwd: workspace.folder, env: { PATH: process.env["PATH"], PYTHONDONTWRITEBYTECODE: "1", TOLD: told, TOLD_WORKSPACE: workspace.folder, PYTHONSAFEPATH: "1", PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1" }, stdio: "pipe" });
        const { files: loaded, path } = JSON.parse(readFileSync(told, "utf8")) as Told;
        for (const file of loaded) assert.ok(paths(manifest).includes(file), `pytest loads ${file}, which is not among ${paths(manifest).join(", ")}`);
        const roots = manifest.importRoots.filter((root) => path.includes(root));
        assert.deepEqual(roots, [...new Set(path)], `pytest's sys.path is ${path.join(":")}, the import roots are ${manifest.importRoots.join(":")}`);
      });
    });
  }
});
