import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { noteNames, paths, within } from "./workspaces.js";

interface Semantics {
  files: Record<string, string | Buffer>;
  roots?: string[];
  links?: [string, string][];
  site?: string;
  /** Files of the closure, the entry `main.py` apart. */
  expected: string[];
  notes?: string[];
  external?: string[];
}

const table: Record<string, Semantics> = {
  "a regular package in a later root hides portions in earlier ones": {
    files: { "main.py": "import ns.b\ntry:\n    import ns.a\nexcept ImportError: pass\n", "r1/ns/a.py": "", "r2/ns/__init__.py": "", "r2/ns/b.py": "" },
    roots: [".", "r1", "r2"],
    expected: ["r2/ns/__init__.py", "r2/ns/b.py"],
    notes: ["unresolved:ns.a"],
  },
  "a module in a later root hides a portion": { files: { "main.py": "import x\n", "r1/x/y.py": "", "r2/x.py": "" }, roots: [".", "r1", "r2"], expected: ["r2/x.py"] },
  "parents are loaded although the last part is missing": {
    files: { "main.py": "try:\n    import a.b.gone\nexcept ImportError: pass\n", "a/__init__.py": "import dep\n", "a/b/__init__.py": "", "dep.py": "" },
    expected: ["a/__init__.py", "a/b/__init__.py", "dep.py"],
    notes: ["unresolved:a.b.gone", "optional-missing:a.b.gone"],
  },
  "a relative import out of a top-level module": { files: { "main.py": "import top\n", "top.py": "try:\n    from . import other\nexcept ImportError: pass\n", "other.py": "" }, expected: ["top.py"], notes: ["relative-beyond-top-level:top.py"] },
  "platform branches are all taken": { files: { "main.py": "import sys\nif sys.platform == 'win32':\n    import w\nelif sys.platform == 'darwin':\n    import d\nelse:\n    import l\n", "w.py": "", "d.py": "", "l.py": "" }, expected: ["d.py", "l.py", "w.py"] },
  "__import__ with fromlist and level": {
    files: { "main.py": "import pkg.a\n__import__('other.sub')\n__import__('fl', fromlist=['x', 'gone'])\n", "pkg/__init__.py": "", "pkg/a.py": "__import__('b', globals(), locals(), [], 1)\n", "pkg/b.py": "", "other/__init__.py": "", "other/sub.py": "", "fl/__init__.py": "", "fl/x.py": "", "fl/y.py": "" },
    expected: ["fl/__init__.py", "fl/x.py", "other/__init__.py", "other/sub.py", "pkg/__init__.py", "pkg/a.py", "pkg/b.py"],
  },
  "import_module relative to __package__ and __name__": {
    files: { "main.py": "import pkg\n", "pkg/__init__.py": "from importlib import import_module as load\nload('.a', __package__)\nload('.b', package=__name__)\nload(__name__ + '.c')\nload(f'{__name__}.d')\nload('%s.e' % __name__)\nload('{}.f'.format(__package__))\n", ...Object.fromEntries("abcdefg".split("").map((name) => [`pkg/${name}.py`, ""])) },
    expected: ["pkg/__init__.py", ..."abcdef".split("").map((name) => `pkg/${name}.py`)],
  },
  "a literal prefix, its hole in any spelling": {
    files: { "main.py": "import importlib as il\nn = input()\nil.import_module('p.' + n)\nil.import_module('q.%s' % n)\nil.import_module('r.{}'.format(n))\nil.import_module(f'.{n}', 's')\nil.import_module(f't.{n}.run')\n", "p/__init__.py": "", "p/a.py": "", "q/__init__.py": "", "q/a.py": "", "r/__init__.py": "", "r/a.py": "", "s/__init__.py": "", "s/a.py": "", "t/__init__.py": "", "t/x/__init__.py": "", "t/x/run.py": "", "t/x/other.py": "" },
    expected: ["p/__init__.py", "p/a.py", "q/__init__.py", "q/a.py", "r/__init__.py", "r/a.py", "s/__init__.py", "s/a.py", "t/__init__.py", "t/x/__init__.py", "t/x/run.py"],
    notes: ["dynamic-import:main.py:3", "dynamic-import:main.py:4", "dynamic-import:main.py:5", "dynamic-import:main.py:6", "dynamic-import:main.py:7"],
  },
  "sys.path edits in their usual spellings": {
    files: {
      "main.py": "import sys, os\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\nROOT = os.path.dirname(os.path.abspath(__file__))\nsys.path.append(str(HERE / 'a'))\nsys.path[:0] = [os.path.join(ROOT, 'b')]\nsys.path.extend([os.path.realpath('c'), f'{ROOT}/d'])\nsys.path += [ROOT + '/e']\nsys.path = ['f'] + sys.path\nimport site; site.addsitedir(os.path.join(ROOT, 'g'))\nsys.path.insert(0, HERE.joinpath('h').as_posix())\nif str(HERE / 'i') not in sys.path: sys.path.insert(1, str(HERE / 'i'))\nimport ma, mb, mc, md, me, mf, mg, mh, mi\n",
      ...Object.fromEntries("abcdefghi".split("").map((name) => [`${name}/m${name}.py`, ""])),
    },
    expected: "abcdefghi".split("").map((name) => `${name}/m${name}.py`),
  },
  "sys.path edits through aliases, in functions": {
    files: { "main.py": "import sys as system\nfrom sys import path\npath.append('a')\ndef setup():\n    system.path.append('b')\nsetup()\nimport ma, mb\n", "a/ma.py": "", "b/mb.py": "" },
    expected: ["a/ma.py", "b/mb.py"],
  },
  "names that stand for what can be read": {
    files: {
      "main.py": "import sys, importlib\nLIB = 'lib'  # where it is\nsys.path.insert(0, LIB)\nimport ml\nPLUGIN = 'plugins.a'\nimportlib.import_module(PLUGIN)\nfor name in ('plugins.b',\n             'plugins.c'):\n    importlib.import_module(name)\nmods = [importlib.import_module(n) for n in ['plugins.d']]\nPKG = 'more'\nfull = PKG + '.' + input() if sys.argv else 'plugins.e'\n__import__(full)\nDATA = 'table.csv'\nopen(DATA)\nimport pandas as pd\npd.read_csv('other.csv')\npd.read_parquet(path='p.parquet')\n",
      "lib/ml.py": "", "plugins/__init__.py": "", ...Object.fromEntries("abcdef".split("").map((name) => [`plugins/${name}.py`, ""])), "more/__init__.py": "", "more/x.py": "", "table.csv": "", "other.csv": "", "p.parquet": "", "unread.csv": "",
      "site/pandas/__init__.py": "",
    },
    site: "site",
    expected: ["lib/ml.py", "more/__init__.py", "more/x.py", "other.csv", "p.parquet", "plugins/__init__.py", ..."abcde".split("").map((name) => `plugins/${name}.py`), "table.csv"],
    notes: ["dynamic-import:main.py:6", "dynamic-import:main.py:13", "data-file-reference:table.csv", "data-file-reference:other.csv"],
    external: ["pandas"],
  },
  "annotations that import": { files: { "main.py": "x: __import__('a') = 1\ny: __import__('b')\n", "a.py": "", "b.py": "" }, expected: ["a.py", "b.py"] },
  "what entry points name is noted": { files: { "main.py": "from importlib.metadata import entry_points\nfor point in entry_points():\n    point.load()\n" }, expected: [], notes: ["dynamic-import:main.py:3"] },
  "pkgutil.extend_path": {
    files: { "main.py": "import ns.a, ns.b\n", "r1/ns/__init__.py": "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n", "r1/ns/a.py": "", "r2/ns/__init__.py": "", "r2/ns/b.py": "" },
    roots: [".", "r1", "r2"],
    expected: ["r1/ns/__init__.py", "r1/ns/a.py", "r2/ns/b.py"],
  },
  "extend_path by __import__": {
    files: { "main.py": "import ns.b\n", "r1/ns/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n", "r2/ns/__init__.py": "", "r2/ns/b.py": "" },
    roots: [".", "r1", "r2"],
    expected: ["r1/ns/__init__.py", "r2/ns/b.py"],
  },
  "a sibling in a package never hides the standard library": { files: { "main.py": "import pkg.a\n", "pkg/__init__.py": "", "pkg/a.py": "import json, typing\n", "pkg/json.py": "", "pkg/typing.py": "" }, expected: ["pkg/__init__.py", "pkg/a.py"] },
  "links go by their own name": { files: { "main.py": "import linked\n", "real/__init__.py": "from . import x\n", "real/x.py": "" }, links: [["real", "linked"]], expected: ["linked/__init__.py", "linked/x.py"] },
  "identifiers are compared in NFKC": { files: { "main.py": "import ﬁle, ªb\n", "file.py": "", "ab.py": "" }, expected: ["ab.py", "file.py"] },
  "encodings of PEP 263": {
    files: { "main.py": Buffer.from("# -*- coding: latin-1 -*-\nimport caf\xe9\nimport sj\n", "latin1"), "café.py": "", "sj.py": Buffer.concat([Buffer.from("# coding: shift_jis\nx = '"), Buffer.from([0x95, 0x5c]), Buffer.from("'\nimport after\n")]), "after.py": "" },
    expected: ["after.py", "café.py", "sj.py"],
  },
  "byte-order mark, carriage returns and form feeds": { files: { "main.py": "\ufeffimport a\rimport b\r\n\fimport c\n", "a.py": "", "b.py": "", "c.py": "" }, expected: ["a.py", "b.py", "c.py"] },
  "modules loaded by path": {
    files: { "main.py": "import importlib.util, os, runpy\nspec = importlib.util.spec_from_file_location('x', os.path.join(os.path.dirname(__file__), 'by/path.py'))\nrunpy.run_path(path_name='other.py')\n", "by/path.py": "import dep\n", "other.py": "", "dep.py": "" },
    expected: ["by/path.py", "dep.py", "other.py"],
  },
  "TYPE_CHECKING in its spellings": {
    files: {
      "main.py": "import typing\nfrom typing import TYPE_CHECKING as TC, Any\nif TC:\n    import a\nif typing.TYPE_CHECKING and Any:\n    import b\nif not TC:\n    import c\nelse:\n    import d\nif TC: import e\nelif x: import f\nif TC or x:\n    import g\ndef fn():\n    if typing.TYPE_CHECKING:\n        import h\n    import i\n",
      ...Object.fromEntries("abcdefghi".split("").map((name) => [`${name}.py`, ""])),
    },
    expected: ["c.py", "f.py", "g.py", "i.py"],
  },
  "from a package that can't have the name": { files: { "main.py": "from pkg import gone, there, sub\n", "pkg/__init__.py": "there = 1\n", "pkg/sub.py": "" }, expected: ["pkg/__init__.py", "pkg/sub.py"], notes: ["unresolved:pkg.gone"] },
  "from a package that may make up names": { files: { "main.py": "from pkg import lazy\n", "pkg/__init__.py": "def __getattr__(name): return name\n" }, expected: ["pkg/__init__.py"], notes: [] },
  "namespace packages take portions from site-packages too": { files: { "main.py": "import ns.mine, ns.theirs\n", "ns/mine.py": "", "site/ns/theirs.py": "" }, site: "site", expected: ["ns/mine.py"], external: ["ns"] },
  ".pth lines that name plain folders of installed code": { files: { "main.py": "import extra\n", "site-packages/more.pth": "sub\nimport os; os.system('never')\n", "site-packages/sub/extra.py": "" }, site: "site-packages", expected: [], external: ["extra"] },
  "suppress(ImportError) is a guard": { files: { "main.py": "import contextlib\nwith contextlib.suppress(ImportError):\n    import gone\n" }, expected: [], notes: ["unresolved:gone", "optional-missing:gone"] },
  "star imports through __all__ += and append": { files: { "main.py": "from pkg import *\n", "pkg/__init__.py": "__all__ = ['a']\n__all__ += ('b',)\n__all__.append('c')\n__all__.extend(['d'])\n", ...Object.fromEntries("abcde".split("").map((name) => [`pkg/${name}.py`, ""])) }, expected: ["pkg/__init__.py", "pkg/a.py", "pkg/b.py", "pkg/c.py", "pkg/d.py"] },
};

describe("import semantics", () => {
  for (const [name, { files, roots, links, site, expected, notes, external }] of Object.entries(table)) {
    it(name, () => {
      within(files, (workspace) => {
        for (const [target, link] of links ?? []) symlinkSync(target, workspace.path(link));
        const manifest = workspace.take("main.py", { roots: roots ?? ["."], ...(site === undefined ? {} : { site: [workspace.path(site)] }) });
        assert.deepEqual(paths(manifest), [...expected, "main.py"].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))));
        assert.deepEqual(manifest.external, external ?? []);
        const said = noteNames(manifest);
        if (notes?.length === 0) assert.deepEqual(said, []);
        for (const note of notes ?? []) assert.ok(said.includes(note), `${note} is not among ${said.join(", ")}`);
      });
    });
  }
});
