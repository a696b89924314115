import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interpreterFor } from "../../../src/snapshot/interpreter.js";
import { paths, within } from "./workspaces.js";

/** Editable installs made by the real pip and setuptools, and what CPython imports through them. */
describe("editable installs", () => {
  let folder = "";
  let own = "";
  before(function () {
    this.timeout(180_000);
    folder = realpathSync(mkdtempSync(join(tmpdir(), "slingshot-editable-")));
    const builder = process.env["SLINGSHOT_SETUPTOOLS_PYTHON"];
    assert.ok(builder !== undefined, "SLINGSHOT_SETUPTOOLS_PYTHON names what scripts/setup.mjs made");
    execFileSync(builder, ["-I", "-m", "venv", folder]);
    own = join(folder, "bin", "python");
    const tools = execFileSync(builder, ["-I", "-c", "import setuptools, os; print(os.path.dirname(setuptools.__path__[0]))"], { encoding: "utf8" }).trim();
    rmSync(join(site(), "setuptools"), { recursive: true, force: true });
    writeFileSync(join(site(), "a-tools.pth"), `${tools}\n`);
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  const site = (): string => execFileSync(own, ["-I", "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], { encoding: "utf8" }).trim();

  const layouts: Record<string, { files: Record<string, string>; main: string; hook: boolean }> = {
    "a src layout": { files: { "lib/pyproject.toml": project("lib-a", '[tool.setuptools.packages.find]\nwhere = ["src"]\n'), "lib/src/lib_a/__init__.py": "from . import core\n", "lib/src/lib_a/core.py": "" }, main: "import lib_a\n", hook: false },
    "a flat layout": { files: { "lib/pyproject.toml": project("lib-b", '[tool.setuptools]\npackages = ["lib_b"]\n'), "lib/lib_b/__init__.py": "import lib_b.deep\n", "lib/lib_b/deep.py": "", "lib/other.py": "" }, main: "import lib_b\n", hook: true },
    "packages below other names, and a lone module": { files: { "lib/pyproject.toml": project("lib-c", '[tool.setuptools]\npackages = ["lib_c", "lib_c.sub"]\npy-modules = ["alone"]\n[tool.setuptools.package-dir]\n"lib_c.sub" = "elsewhere/sub"\n'), "lib/lib_c/__init__.py": "", "lib/alone.py": "", "lib/elsewhere/sub/__init__.py": "from . import x\n", "lib/elsewhere/sub/x.py": "" }, main: "import lib_c.sub, alone\n", hook: true },
    "a namespace package": { files: { "lib/pyproject.toml": project("lib-d", '[tool.setuptools]\npackages = ["space.mine"]\n'), "lib/space/mine/__init__.py": "from . import y\n", "lib/space/mine/y.py": "" }, main: "import space.mine\n", hook: true },
  };

  for (const [name, { files, main, hook }] of Object.entries(layouts)) {
    it(`follows ${name}`, () => {
      within({ ...files, "main/main.py": main }, (workspace) => {
        execFileSync(own, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-build-isolation", "--no-deps", "-e", workspace.path("lib")], { env: { ...process.env, PIP_NO_INDEX: "1" } });
        const directory = site();
        assert.equal(readdirSync(directory).some((file) => /^__editable__.*finder\.py$/.test(file)), hook);
        const program = `import sys; ${main.trim()}\nprint('\\n'.join(sorted(m.__file__ for m in list(sys.modules.values()) if (getattr(m, '__file__', None) or '').startswith(sys.argv[1]))))`;
        const loaded = execFileSync(own, ["-I", "-c", program, workspace.path("lib")], { encoding: "utf8" }).trim().split("\n").map((path) => path.slice(workspace.folder.length + 1));
        const manifest = workspace.take("main/main.py", { interpreter: { ...interpreterFor("3.11"), executable: own, sitePaths: [directory] }, site: [directory], roots: ["main"] });
        assert.deepEqual(paths(manifest), [...loaded, "main/main.py"].sort());
        assert.deepEqual(manifest.external, []);
        for (const file of readdirSync(directory)) if (/^(__editable__|lib_)/.test(file) && existsSync(join(directory, file))) rmSync(join(directory, file), { recursive: true });
      });
    }).timeout(120_000);
  }
});

function project(name: string, more: string): string {
  return `[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "${name}"\nversion = "1"\n${more}`;
}
