import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { DiskCache } from "../../../src/snapshot/diskCache.js";
import type { JobSettings } from "../../../src/snapshot/documentImports.js";
import { ImportReports } from "../../../src/snapshot/importReports.js";
import { interpreterFor } from "../../../src/snapshot/interpreter.js";
import { LastGood } from "../../../src/snapshot/lastGood.js";
import { searchModule } from "../../../src/snapshot/moduleSearch.js";
import { distributionOf } from "../../../src/snapshot/distributions.js";
import { scanCounts } from "../../../src/snapshot/scan/scanSource.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, within, type Workspace } from "./workspaces.js";

class Session {
  readonly disk = new DiskCache();
  readonly lastGood = new LastGood();
  readonly reports = new ImportReports({ disk: this.disk, lastGood: this.lastGood, ignores: new Map() });
  readonly settings: JobSettings;

  constructor(readonly workspace: Workspace, more: Partial<JobSettings> = {}) {
    this.settings = { workspace: workspace.folder, interpreter: { ...interpreterFor("3.11"), executable: "/python", sitePaths: [workspace.path("site-packages")] }, bundle: {}, ...more };
  }

  open(path: string, text: string, isProgram = false): string[] {
    return this.reports.set(path, { path: this.workspace.path(path), text, isProgram, settings: this.settings });
  }

  /** `name` or `module:item` → what it is, in short. */
  facts(path: string): Record<string, string> {
    const facts = this.reports.facts(path);
    assert.ok(facts !== undefined);
    return Object.fromEntries(facts.imports.map(({ name, place }) => [name, place.kind === "local" ? `${place.rootKind} ${place.file.slice(this.workspace.folder.length + 1)}${place.hidesStandard ? " hides" : ""}` : place.kind === "missing" ? `missing ${place.gone}` : place.kind]));
  }

  /** Sources scanned and names looked up while `work` ran. */
  work(work: () => void): { scans: number; resolutions: number } {
    const before = { scans: scanCounts.sources, resolutions: this.reports.counts.resolutions };
    work();
    return { scans: scanCounts.sources - before.scans, resolutions: this.reports.counts.resolutions - before.resolutions };
  }
}

const files = {
  "job.py": "",
  "etl/__init__.py": "def load(): pass\n",
  "etl/clean.py": "",
  "etl/random.py": "",
  "plain/sub/tool.py": "",
  "plain/helper.py": "",
  "site-packages/numpy/__init__.py": "",
};

describe("reports on the imports of open documents", () => {
  it("says for each import where a job finds it", () => {
    within(files, (workspace) => {
      const session = new Session(workspace);
      session.open("job.py", `import os
import etl.clean as c, numpy.linalg
from etl import clean, load, gone
from . import x
import nowhere.at_all
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import only_for_types
import importlib
importlib.import_module("etl.clean")
importlib.import_module("etl.missing")
try:
    import fast_json
except ImportError:
    pass
`, true);
      assert.deepEqual(session.facts("job.py"), {
        os: "standard-library", etl: "import etl/__init__.py", "etl.clean": "import etl/clean.py", "numpy.linalg": "installed", "etl.gone": "missing etl.gone",
        ".": "outside-package", "nowhere.at_all": "missing nowhere", typing: "standard-library", importlib: "standard-library", "etl.missing": "missing etl.missing", fast_json: "missing fast_json",
      });
    });
  });

  it("takes a file of a package as what imports it, and a program as what runs", () => {
    within({ ...files, "queue.py": "", "plain/json.py": "" }, (workspace) => {
      const session = new Session(workspace);
      session.open("etl/clean.py", "import random\nfrom . import random as r\nfrom .. import x\n");
      assert.deepEqual(session.facts("etl/clean.py"), { random: "standard-library", etl: "import etl/__init__.py", "etl.random": "import etl/random.py", "..": "outside-package" });
      session.open("plain/run.py", "import json, queue, helper\n", true);
      assert.deepEqual(session.facts("plain/run.py"), { json: "import plain/json.py hides", queue: "standard-library", helper: "import plain/helper.py" });
      session.open("plain/sub/tool.py", "import helper\n");
      assert.deepEqual(session.facts("plain/sub/tool.py"), { helper: "beside plain/helper.py" });
      session.open("plain/sub/tool.py", "import helper\n", true);
      assert.deepEqual(session.facts("plain/sub/tool.py"), { helper: "missing helper" });
      session.open("queue.py", "");
      assert.equal(session.reports.facts("queue.py")?.hides, "queue");
      session.open("plain/json.py", "");
      assert.equal(session.reports.facts("plain/json.py")?.hides, null);
      session.open("plain/json.py", "x = 1\n", true);
      assert.equal(session.reports.facts("plain/json.py")?.hides, "json");
      session.open("etl/random.py", "");
      assert.equal(session.reports.facts("etl/random.py")?.hides, null);
    });
  });

  it("knows nothing about what is not local where no interpreter was asked", () => {
    within(files, (workspace) => {
      const session = new Session(workspace, { interpreter: null });
      session.open("job.py", "import numpy\nimport etl.gone\n", true);
      assert.deepEqual(session.facts("job.py"), { numpy: "unknown", "etl.gone": "missing etl.gone" });
    });
  });

  it("follows the document's own sys.path edits, and says where they can't be read", () => {
    within(files, (workspace) => {
      const session = new Session(workspace);
      session.open("job.py", "import sys\nsys.path.append('plain')\nimport helper\n", true);
      assert.equal(session.facts("job.py")["helper"], "import plain/helper.py");
      session.open("job.py", "import sys\nsys.path.append(where())\nimport helper\n", true);
      assert.equal(session.facts("job.py")["helper"], "missing helper");
      assert.equal(session.reports.facts("job.py")?.pathUnread, true);
    });
  });

  it("reads the text of other open documents, unsaved or new", () => {
    within(files, (workspace) => {
      const session = new Session(workspace);
      session.open("job.py", "from etl import load, later\n", true);
      assert.equal(session.facts("job.py")["etl.later"], "missing etl.later");
      assert.ok(session.open("etl/__init__.py", "def load(): pass\nlater = 1\n").includes("job.py"));
      assert.equal(session.facts("job.py")["etl.later"], undefined);
      assert.ok(session.open("etl/__init__.py", "def load(): pass\n").includes("job.py"));
      assert.equal(session.facts("job.py")["etl.later"], "missing etl.later");
    });
  });

  it("tells of data files that are not sent", () => {
    within({ ...files, "conf/a.yaml": "x: 1", "conf/local.cfg": "", ".gitignore": "*.cfg\n", "big/x.csv": "" }, (workspace) => {
      const text = 'open("conf/a.yaml")\nopen("conf/local.cfg")\nopen("big")\n';
      const session = new Session(workspace);
      session.open("job.py", text, true);
      const said = (): string[] => (session.reports.facts("job.py")?.unsent ?? []).map(({ path, isFolder, line, why, includable }) => `${path}${isFolder ? "/" : ""} ${String(line)} ${String(includable)} ${why}`);
      assert.deepEqual(said().sort(), ['big/ 3 true folders are not included unasked: add "big/**" to "bundle.include" if the job reads it.', "conf/local.cfg 2 true it is left out by .gitignore:1."]);
      const excluded = new Session(workspace, { bundle: { exclude: ["conf/**"] } });
      excluded.open("job.py", 'open("conf/a.yaml")\n', true);
      assert.deepEqual(excluded.reports.facts("job.py")?.unsent.map(({ includable }) => includable), [false]);
      workspace.write("conf/prod.env", "");
      workspace.write(".gitignore", "*.env\n");
      const secret = new Session(workspace);
      secret.open("job.py", 'open("conf/prod.env")\n', true);
      assert.deepEqual(secret.reports.facts("job.py")?.unsent.map(({ includable }) => includable), [false]);
      const included = new Session(workspace, { bundle: { include: ["conf/**", "big/**"] } });
      included.open("job.py", text, true);
      assert.deepEqual(included.reports.facts("job.py")?.unsent, []);
    });
  });

  it("survives documents that are half typed, empty, without file or without folder", () => {
    within(files, (workspace) => {
      const session = new Session(workspace);
      for (const text of ["", "import ", "from . import (", '"""', "import etl.\n", "\u0000\uffff", "import é, 日本\n", "from ...... import x\n"]) {
        session.open("job.py", text, true);
        session.facts("job.py");
      }
      session.reports.set("untitled", { path: ".slingshot/untitled/Untitled-1.py", text: "import etl\nimport nothing\n", isProgram: false, settings: session.settings });
      assert.deepEqual(session.facts("untitled"), { etl: "import etl/__init__.py", nothing: "missing nothing" });
      session.reports.set("lost", { path: workspace.path("no/such/folder/x.py"), text: "import etl\n", isProgram: false, settings: session.settings });
      assert.equal(session.facts("lost")["etl"], "guessed etl/__init__.py");
      assert.equal(session.reports.facts("never opened"), undefined);
    });
  });
});

describe("the work that reports cost", () => {
  /** `count` programs, each of which imports a module of its own, a shared one and one that is nowhere. */
  function manyPrograms(count: number): Record<string, string> {
    const made: Record<string, string> = { "shared.py": "" };
    for (let at = 0; at < count; at++) {
      made[`m${String(at)}.py`] = "";
      made[`p${String(at)}.py`] = `import os, shared, m${String(at)}\nimport missing${String(at)}\n`;
    }
    return made;
  }

  function opened(workspace: Workspace, made: Record<string, string>): Session {
    const session = new Session(workspace);
    for (const [path, text] of Object.entries(made)) if (path.startsWith("p")) session.open(path, text, true);
    for (const id of session.reports.ids) session.reports.facts(id);
    return session;
  }

  it("is one scan and the new names for an edit", () => {
    const made = manyPrograms(30);
    within(made, (workspace) => {
      const session = opened(workspace, made);
      const edit = (text: string): ReturnType<Session["work"]> => session.work(() => { for (const id of session.open("p3.py", text, true)) session.reports.facts(id); });
      const text = made["p3.py"] ?? "";
      assert.deepEqual(edit(`# moves all lines\n${text}`), { scans: 1, resolutions: 0 });
      assert.deepEqual(edit(`${text}import m4, json\n`), { scans: 1, resolutions: 2 });
      assert.deepEqual(edit(`${text}import m4, json\n`), { scans: 0, resolutions: 0 });
      assert.deepEqual(edit(text), { scans: 1, resolutions: 0 });
    });
  });

  it("is only those names for a new, vanished or renamed file that could mean it", () => {
    const made = manyPrograms(30);
    within(made, (workspace) => {
      const session = opened(workspace, made);
      const event = (...moved: string[]): { affected: string[]; scans: number; resolutions: number } => {
        let affected: string[] = [];
        const work = session.work(() => {
          affected = session.reports.filesChanged({ moved: moved.map((path) => workspace.path(path)), changed: [] });
          for (const id of affected) session.reports.facts(id);
        });
        return { affected, ...work };
      };
      workspace.write("missing7.py", "");
      assert.deepEqual(event("missing7.py"), { affected: ["p7.py"], scans: 0, resolutions: 1 });
      assert.equal(session.facts("p7.py")["missing7"], "import missing7.py");
      workspace.write("unheard_of.py", "");
      assert.deepEqual(event("unheard_of.py"), { affected: [], scans: 0, resolutions: 0 });
      renameSync(workspace.path("m5.py"), workspace.path("missing5.py"));
      assert.deepEqual(event("m5.py", "missing5.py"), { affected: ["p5.py"], scans: 0, resolutions: 2 });
      assert.equal(session.facts("p5.py")["m5"], "missing m5");
      assert.equal(session.facts("p5.py")["missing5"], "import missing5.py");
      rmSync(workspace.path("shared.py"));
      assert.deepEqual(event("shared.py"), { affected: session.reports.ids, scans: 0, resolutions: 30 });
      mkdirSync(workspace.path("missing9"));
      workspace.write("missing9/part.py", "");
      const folder = event("missing9");
      assert.equal(folder.resolutions, 1);
      assert.equal(session.facts("p9.py")["missing9"], "import missing9");
    });
  });

  it("is only the open documents' names for a checkout of another branch, and the next snapshot reads what differs", () => {
    const made = manyPrograms(20);
    for (let at = 0; at < 2000; at++) made[`lib/f${String(at)}.py`] = "x = 1\n";
    within(made, (workspace) => {
      const session = opened(workspace, made);
      const moved: string[] = [];
      for (let at = 0; at < 2000; at += 2) {
        rmSync(workspace.path(`lib/f${String(at)}.py`));
        moved.push(workspace.path(`lib/f${String(at)}.py`));
      }
      workspace.write("missing1.py", "");
      moved.push(workspace.path("missing1.py"));
      const work = session.work(() => { for (const id of session.reports.filesChanged({ moved, changed: [] })) session.reports.facts(id); });
      assert.deepEqual(work, { scans: 0, resolutions: 1 });
      const all = session.work(() => {
        session.reports.forget();
        for (const id of session.reports.ids) session.reports.facts(id);
      });
      assert.equal(all.scans, 0);
      assert.equal(all.resolutions, 20 * 4);
    });
  });

  it("is never trusted: without any event the next question of a changed disk is answered by the disk", () => {
    within(files, (workspace) => {
      const session = new Session(workspace);
      session.open("job.py", "import late\n", true);
      assert.equal(session.facts("job.py")["late"], "missing late");
      workspace.write("late.py", "");
      session.reports.forget("job.py");
      assert.equal(session.facts("job.py")["late"], "import late.py");
      workspace.write("pyproject.toml", '[project]\nname = "x"\n[tool.setuptools.packages.find]\nwhere = ["lib"]\n');
      workspace.write("lib/etl2/__init__.py", "");
      session.open("job.py", "import etl2\n", true);
      assert.equal(session.facts("job.py")["etl2"], "declared lib/etl2/__init__.py");
    });
  });

  it("is one scan for a snapshot after an edit, saved or not, and none after a file that nothing imports", () => {
    const made: Record<string, string> = { "job.py": "import lib.m0\n", "lib/__init__.py": "" };
    for (let at = 0; at < 200; at++) made[`lib/m${String(at)}.py`] = at < 199 ? `import lib.m${String(at + 1)}\n` : "";
    within(made, (workspace) => {
      for (const path of Object.keys(made)) workspace.age(path);
      const snapshotter = new Snapshotter();
      const sink = new MemorySink();
      const scans = (work: () => void): number => {
        const before = scanCounts.sources;
        work();
        return scanCounts.sources - before;
      };
      assert.equal(scans(() => workspace.take("job.py", {}, snapshotter, sink)), 202);
      // A file's times prove nothing until they are two seconds old: its bytes are read again, and not scanned again.
      assert.equal(scans(() => workspace.take("job.py", {}, snapshotter, sink)), 0);
      const overlays = [{ path: workspace.path("lib/m7.py"), bytes: Buffer.from("import lib.m8\nx = 1\n") }];
      assert.equal(scans(() => workspace.take("job.py", { overlays }, snapshotter, sink)), 1);
      workspace.write("lib/m9.py", "import lib.m10\ny = 1\n");
      assert.equal(scans(() => workspace.take("job.py", { overlays }, snapshotter, sink)), 1);
      workspace.write("lib/unused.py", "import lib.m3\n");
      assert.equal(scans(() => workspace.take("job.py", { overlays }, snapshotter, sink)), 0);
    });
  });
});

describe("a module that no root leads to", () => {
  function search(name: string, workspace: Workspace): string[] {
    const steps = searchModule(name, workspace.folder, begun());
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value.map((path) => path.slice(workspace.folder.length + 1));
    }
  }
  function begun(): DiskCache {
    const disk = new DiskCache();
    disk.begin(false, () => true);
    return disk;
  }

  it("is found by name, nearest to the top first, and not in environments or inside packages", () => {
    within({ "a/deep/er/util.py": "", "lib/util.py": "", "pkg/__init__.py": "", "pkg/util.py": "", ".venv/util.py": "", "env/pyvenv.cfg": "", "env/util.py": "", "node_modules/util.py": "", "lib/x/y/__init__.py": "" }, (workspace) => {
      assert.deepEqual(search("util", workspace), ["lib", "a/deep/er"]);
      assert.deepEqual(search("x.y", workspace), ["lib"]);
      assert.deepEqual(search("pkg.util", workspace), [""]);
      assert.deepEqual(search("nothing", workspace), []);
    });
  });
});

describe("the distribution of an installed module", () => {
  it("is read from the metadata, whichever way it is written", () => {
    const site = {
      "numpy/__init__.py": "", "numpy-2.1.0.dist-info/METADATA": "",
      "yaml/__init__.py": "", "PyYAML-6.0.1.dist-info/top_level.txt": "_yaml\nyaml\n",
      "sklearn/__init__.py": "", "scikit_learn-1.5.dist-info/RECORD": "sklearn/__init__.py,sha256=x,1\nscikit_learn-1.5.dist-info/RECORD,,\n",
      "six.py": "", "six-1.16.0-py3.11.egg-info/top_level.txt": "six\n",
      "lonely.py": "",
    };
    within(site, (workspace) => {
      const disk = new DiskCache();
      disk.begin(false, () => true);
      const of = (top: string): string => { const found = distributionOf(top, [workspace.path("none"), workspace.folder], disk); return found === null ? "-" : `${found.name} ${found.version}`; };
      assert.deepEqual(["numpy", "yaml", "sklearn", "six", "lonely"].map(of), ["numpy 2.1.0", "PyYAML 6.0.1", "scikit_learn 1.5", "six 1.16.0", "-"]);
    });
  });
});
