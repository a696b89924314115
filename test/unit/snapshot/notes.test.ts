/** What a manifest says beside its files: each kind of note, with the subject that other programs look for. */
import assert from "node:assert/strict";
import { interpreterFor } from "../../../src/snapshot/interpreter.js";
import type { SnapshotRequest } from "../../../src/snapshot/request.js";
import { noteNames, paths, within } from "./workspaces.js";

interface NoteCase {
  kind: string;
  files: Record<string, string | Buffer>;
  /** `main.py` where not given. */
  entry?: string;
  request?: Partial<SnapshotRequest>;
  /** Folder of the workspace that stands for site-packages. */
  site?: string;
  /** Subjects of all notes of `kind`, sorted. */
  subjects: string[];
  /** Files that must be sent for it. */
  sent?: string[];
}

const read = "import sys\nname = sys.argv[1]\n";

const table: Record<string, NoteCase> = {
  "a name that is nowhere": { kind: "unresolved", files: { "main.py": "import gone.sub\nfrom pkg import there, missing\nimport pkg.nothing\n", "pkg/__init__.py": "there = 1\n" }, subjects: ["gone", "gone.sub", "pkg.missing", "pkg.nothing"] },
  "a name in a function, by literal calls": { kind: "unresolved", files: { "main.py": "import importlib\ndef f():\n    import one\n    importlib.import_module('two')\n    __import__('three')\n" }, subjects: ["one", "three", "two"] },
  "what a program does without": {
    kind: "optional-missing",
    files: { "main.py": "import contextlib, importlib\ntry:\n    import a\nexcept ImportError:\n    import b\nelse:\n    import c\nwith contextlib.suppress(ModuleNotFoundError):\n    import d.e\ndef f():\n    try:\n        importlib.import_module('g')\n        from pkg import h\n    except (ImportError, AttributeError):\n        pass\ntry:\n    import i\nexcept OSError:\n    pass\n", "pkg/__init__.py": "" },
    subjects: ["a", "d", "g", "pkg.h"],
  },
  "relative beyond the top": { kind: "relative-beyond-top-level", files: { "main.py": "import pkg.a, top\n", "pkg/__init__.py": "", "pkg/a.py": "def f():\n    from ... import x\n", "top.py": "from . import y\n" }, subjects: ["pkg/a.py", "top.py"] },
  "relative beyond the top, run by -m": { kind: "relative-beyond-top-level", files: { "pkg/__init__.py": "", "pkg/cli.py": "from ...x import y\n" }, request: { entry: { module: "pkg.cli" } }, subjects: ["pkg/cli.py"] },
  "relative in a script": { kind: "relative-import-in-script", files: { "main.py": "from .a import b\n", "a.py": "" }, subjects: ["main.py"] },
  "relative in a script that has a function to call": { kind: "relative-import-in-script", files: { "main.py": "from . import a\ndef f(): pass\n", "a.py": "" }, request: { entry: { file: "main.py", function: "f" } }, subjects: ["main.py"] },
  "imports of names known at run time only": {
    kind: "dynamic-import",
    files: { "main.py": `${read}import importlib, runpy, pkgutil, pydoc\nfrom importlib import import_module as load\n__import__(name)\nimportlib.import_module(name)\nload(name)\nother = importlib.import_module\nother(name)\nlist(map(__import__, [name]))\nrunpy.run_module(name)\nrunpy.run_path(name)\npkgutil.resolve_name(name)\npydoc.locate(name)\ndef f():\n    return importlib.util.spec_from_file_location('x', name)\nclass A:\n    def import_module(self, name): pass\n    def g(self): self.import_module(name)\n` },
    subjects: [5, 6, 7, 9, 10, 11, 12, 13, 14, 16].map((line) => `main.py:${String(line)}`).sort(),
  },
  "imports by a prefix": { kind: "dynamic-import", files: { "main.py": `${read}import importlib\nimportlib.import_module(f"pkg.{name}")\n__import__("pkg.a" + name)\n`, "pkg/__init__.py": "", "pkg/ab.py": "", "pkg/c.py": "" }, subjects: ["main.py:4", "main.py:5"], sent: ["pkg/__init__.py", "pkg/ab.py", "pkg/c.py"] },
  "imports whose names can be read": { kind: "dynamic-import", files: { "main.py": "import importlib, pkgutil\nload = importlib.import_module\nload('a')\nlist(map(load, ['b', 'c']))\npkgutil.resolve_name('pkg.d:f')\npkgutil.resolve_name('pkg.e.f')\n", "a.py": "", "b.py": "", "c.py": "", "pkg/__init__.py": "", "pkg/d.py": "", "pkg/e.py": "" }, subjects: [], sent: ["a.py", "b.py", "c.py", "pkg/d.py", "pkg/e.py"] },
  "text that runs as code": {
    kind: "exec",
    files: { "main.py": "import builtins, re, ast\nexec('a')\neval('b')\ncode = compile('c', 'd', 'exec')\nbuiltins.exec(code)\nbuiltins.eval('e')\n__builtins__.exec('f')\nrun = exec\nrun('g')\ndef f():\n    return [eval(x) for x in y]\nprint(f'{eval(z)}')\nre.compile('h')\nmodel.eval()\nframe.eval('i + j')\ncompile(text, 'k', 'exec', ast.PyCF_ONLY_AST)\n" },
    subjects: [11, 12, 2, 3, 4, 5, 6, 7, 9].map((line) => `main.py:${String(line)}`),
  },
  "functions of the program's own that bear those names": { kind: "exec", files: { "main.py": "from torch import compile\ndef eval(model=compile('x')): pass\neval(1)\nclass A:\n    def exec(self): pass\n" }, subjects: [] },
  "a notebook": { kind: "exec", files: { "n.ipynb": JSON.stringify({ cells: [{ cell_type: "code", source: ["x = 1\n", "exec('a')"] }, { cell_type: "code", source: "eval('b')" }], metadata: {}, nbformat: 4, nbformat_minor: 5 }) }, entry: "n.ipynb", subjects: ["n.ipynb:2", "n.ipynb:3"] },
  "search paths known at run time only": {
    kind: "dynamic-sys.path",
    files: { "main.py": "import os, sys, site\nsys.path.insert(0, os.environ['LIB'])\nsys.path.append(os.getenv('LIB'))\nsys.path += [os.path.expanduser('~/lib')]\nsys.path[:0] = folders\nsys.path = folders\nsite.addsitedir(folder)\ndef f(folder):\n    sys.path.append(folder)\nfor folder in folders: sys.path.append(folder)\nsys.path.pop(0)\nsys.path.append(os.path.dirname(__file__))\nprint(sys.path)\n" },
    subjects: [10, 11, 2, 3, 4, 5, 6, 7, 9].map((line) => `main.py:${String(line)}`),
  },
  "__all__ that is computed": {
    kind: "dynamic-__all__",
    files: { "main.py": "from a import *\nfrom b import *\nfrom c import *\nfrom d import *\nfrom e import *\n", "a/__init__.py": "from . import other\n__all__ = ['x']\n__all__ += other.__all__\n", "a/other.py": "__all__ = ['y']\n", "a/x.py": "", "a/y.py": "", "b/__init__.py": "from .names import __all__\n", "b/names.py": "__all__ = ['z']\n", "b/z.py": "", "c/__init__.py": "__all__ = [n for n in dir()]\n", "d/__init__.py": "if x:\n    __all__ = ['p']\nelse:\n    __all__ = ['q']\n", "d/p.py": "", "d/q.py": "", "e/__init__.py": "__all__ = []\nfor n in names:\n    __all__.append(n)\n" },
    subjects: ["a/__init__.py", "b/__init__.py", "c/__init__.py", "e/__init__.py"],
    sent: ["a/x.py", "a/y.py", "b/z.py", "d/p.py", "d/q.py"],
  },
  "texts that name local modules": { kind: "string-candidate", files: { "main.py": "import used.inner\na = {'class': 'handlers.Rotating', 'b': 'pkg.mod:func', 'c': r'pkg.sub'}\nd = u'solo.F'\ne = ['used.inner.f', 'json.loads', 'gone.x', 'config.yaml', 'handlers']\n", "handlers.py": "", "pkg/__init__.py": "", "pkg/mod.py": "", "pkg/sub/__init__.py": "", "solo.py": "", "used/__init__.py": "", "used/inner.py": "", "config.py": "" }, subjects: ["handlers.Rotating", "pkg.mod", "pkg.sub", "solo.F"] },
  "files that hide the standard library": { kind: "shadows-stdlib", files: { "main.py": "import pkg\n", "random.py": "", "json/__init__.py": "", "logging.pyc": "", "email/x.py": "", "pkg/__init__.py": "", "pkg/types.py": "", "token.txt": "" }, subjects: ["json/__init__.py", "logging.pyc", "random.py"], sent: ["random.py", "json/__init__.py"] },
  "packages that hide installed ones": { kind: "shadows-installed", files: { "main.py": "import requests, mine\n", "requests/__init__.py": "", "mine.py": "", "site/requests/__init__.py": "", "site/unused/__init__.py": "" }, site: "site", subjects: ["requests"] },
  "extension modules": { kind: "native-extension", files: { "main.py": "import pkg.fast, pkg.stable, pkg.inner\n", "pkg/__init__.py": "", "pkg/fast.cpython-311-x86_64-linux-gnu.so": "", "pkg/stable.abi3.so": "", "pkg/inner/__init__.so": "" }, subjects: ["pkg/fast", "pkg/inner/__init__", "pkg/stable"] },
  "compiled files without source": { kind: "sourceless", files: { "main.py": "import old, pkg\n", "old.pyc": "", "pkg/__init__.pyc": "" }, subjects: ["old.pyc", "pkg/__init__.pyc"] },
  "data that the sources read": { kind: "data-file-reference", files: { "main.py": "import pkg\nfrom pathlib import Path\nopen('conf/a.json')\nopen('gone.txt')\nHERE = Path(__file__).parent\n(HERE / 'b.txt').read_text()\n", "conf/a.json": "{}", "b.txt": "", "pkg/__init__.py": "import pkgutil, importlib.resources as resources\npkgutil.get_data('pkg', 'c.dat')\nresources.files(__package__).joinpath('d.dat')\n", "pkg/c.dat": "", "pkg/d.dat": "" }, subjects: ["b.txt", "conf/a.json", "pkg/c.dat", "pkg/d.dat"], sent: ["b.txt", "conf/a.json", "pkg/c.dat", "pkg/d.dat"] },
  "what was found by guess": { kind: "guessed-root", files: { "jobs/run.py": "import lib.a, top, near\nimport importlib\nimportlib.import_module('ns.x')\n", "jobs/near.py": "", "src/lib/__init__.py": "", "src/lib/a.py": "", "top.py": "", "ns/x.py": "" }, entry: "jobs/run.py", subjects: ["lib", "ns", "top"] },
  "sources that Python can't read": { kind: "suspicious-source", files: { "main.py": "import a, b, c, d, e\n", "a.py": "x = '''\n", "b.py": "x = (\ndef f(): pass\nimport after\n", "c.py": Buffer.from("x = '\xe9'\n", "latin1"), "d.py": "# coding: none-such\n", "e.py": "x\0\n", "after.py": "" }, subjects: ["a.py", "b.py", "c.py", "d.py", "e.py"], sent: ["after.py"] },
};

describe("notes", () => {
  for (const [name, { kind, files, entry = "main.py", request = {}, site, subjects, sent = [] }] of Object.entries(table)) {
    it(`${kind}: ${name}`, () => {
      within(files, (workspace) => {
        const roots = kind === "guessed-root" ? {} : { roots: ["."] };
        const manifest = workspace.take(entry, { ...roots, ...(site === undefined ? {} : { site: [workspace.path(site)] }), ...request });
        assert.deepEqual(noteNames(manifest).filter((note) => note.startsWith(`${kind}:`)).sort(), subjects.map((subject) => `${kind}:${subject}`));
        for (const path of sent) assert.ok(paths(manifest).includes(path), `${path} is not sent`);
      });
    });
  }

  it("name files outside the workspace folder by their place in the snapshot", () => {
    const outside = { "lib/out.py": "import sys\nexec('a')\n__import__(sys.argv[1])\nsys.path.append(sys.argv[2])\nfrom . import q\nfrom pkg import *\nimport old\nx = ''''\n", "lib/pkg/__init__.py": "__all__ = x()\n", "lib/old.pyc": "", "lib/random.py": "" };
    within({ "main.py": "import out\n" }, (workspace) => {
      within(outside, (other) => {
        const said = noteNames(workspace.take("main.py", { roots: [".", other.path("lib")], interpreter: interpreterFor("3.11") }));
        const at = ".slingshot/roots/lib/";
        const wanted = [`exec:${at}out.py:2`, `dynamic-import:${at}out.py:3`, `dynamic-sys.path:${at}out.py:4`, `relative-beyond-top-level:${at}out.py`, `dynamic-__all__:${at}pkg/__init__.py`, `sourceless:${at}old.pyc`, `suspicious-source:${at}out.py`, `shadows-stdlib:${at}random.py`];
        for (const note of wanted) assert.ok(said.includes(note), `${note} is not among ${said.join(", ")}`);
      });
    });
  });
});
