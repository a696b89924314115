/** A generated workspace: its files, how it is launched, and what may be compared. */
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join as path } from "node:path";
import { storedZip } from "../storedZip.js";
import { join, layOut, type Layout, type PlannedModule } from "./layout.js";
import { Programs } from "./programs.js";
import { Random } from "./random.js";
import type { Recorder } from "./recorder.js";

export interface Launch {
  mode: "script" | "module" | "dir";
  /** Entry file or folder, relative to the workspace. */
  entry: string;
  module: string | null;
  /** Working directory, relative to the workspace. */
  cwd: string;
  pythonPath: string[];
}

export interface GeneratedWorkspace {
  seed: number;
  exact: boolean;
  launch: Launch;
  /** Import roots in `sys.path` order, relative to the workspace. */
  roots: string[];
  layout: Layout;
  files: Record<string, string>;
  zips: Record<string, Record<string, string>>;
  /** Files of the site-packages folder; `@WS@` stands for the workspace. */
  site: Record<string, string>;
}

export function generate(seed: number): GeneratedWorkspace {
  const random = new Random(seed);
  const exact = random.chance(0.6);
  const main = random.pick(["", "app", "r0"]);
  const others = ["r1", "r2", "src/deep"].slice(0, random.below(4));
  const edited = random.chance(0.25) ? ["added"] : [];
  const linked = random.chance(0.2) ? ["lib"] : [];
  const layout = layOut(random, { roots: [...new Set([main, ...others, ...edited, ...linked])], plain: exact || edited.length + linked.length > 0 });
  const files: Record<string, string> = { ...layout.extras };
  const tasks = random.chance(0.4) ? [join(main, "task_one.py"), "jobs/task-two.py"] : [];
  const programs = new Programs(random, { layout, exact, tasks });
  const mode = random.weighted({ script: 5, module: 2, dir: 1 });
  const packages = layout.modules.filter((module) => module.root === main && module.path.endsWith("/__main__.py"));
  const candidates = layout.modules.filter((module) => module.root === main && !module.isPackage && !/[.]$/.test(module.name));
  const launch: Launch = { mode, entry: join(main, "main.py"), module: null, cwd: "", pythonPath: [...others] };
  let entry: PlannedModule = { path: launch.entry, name: "main", root: main, isPackage: false };
  if (mode === "dir") {
    launch.entry = main === "" ? "app2" : main;
    entry = { ...entry, path: `${launch.entry}/__main__.py`, root: launch.entry };
    if (main === "") layout.roots = ["app2", ...others];
  } else if (mode === "module") {
    launch.cwd = main;
    const chosen = packages.length > 0 && random.chance(0.3) ? random.pick(packages) : random.chance(0.6) && candidates.length > 0 ? random.pick(candidates) : entry;
    entry = chosen;
    launch.module = chosen.path.endsWith("/__main__.py") && random.chance(0.7) ? chosen.name : chosen.path.endsWith("/__main__.py") ? `${chosen.name}.__main__` : chosen.name;
    launch.entry = chosen.path;
  }
  for (const module of layout.modules) files[module.path] = programs.text(module, random.below(4));
  for (const task of tasks) files[task] = "v0 = __file__\n";
  // A package around the entry runs before its edits.
  const edits = exact && entry.name.includes(".") ? [] : [...edited, ...linked].map((root) => pathEdit(random, entry, root));
  files[entry.path] = `${edits.map((edit) => `${edit}\n`).join("")}${programs.text(entry, 4 + random.below(6)).replace(/^\ufeff/, "").replace(/^# -\*- .*\r?\n/, "")}`;
  const zips: GeneratedWorkspace["zips"] = {};
  if (random.chance(0.15)) {
    zips["deps.zip"] = { "zipped.py": "import zipdep\n", "zipdep.py": "", "alpha.py": "v0 = 1\n", "zpkg/__init__.py": "from . import inner\n", "zpkg/inner.py": "" };
    files[entry.path] += "with quiet: import zipped\nwith quiet:\n    from zpkg import inner as _inner\n";
    launch.pythonPath.splice(random.below(launch.pythonPath.length + 1), 0, "deps.zip");
  }
  const site: Record<string, string> = {};
  // What a program appends to sys.path comes behind site-packages, but among the import roots of a job.
  if (random.chance(0.3) && !(exact && edits.length > 0)) {
    site["installed.py"] = "";
    site["alpha/__init__.py"] = "";
    site["alpha/theirs.py"] = "";
    if (random.chance(0.5)) site["ns/theirs.py"] = "";
    files[entry.path] += "with quiet: import installed\nwith quiet: import alpha.theirs\nwith quiet: import ns.theirs\n";
    if (random.chance(0.7)) {
      site["work.pth"] = "# a comment\n\n@WS@/editable/src\n@WS@/not-there\nimport sys\n";
      files["editable/src/worked/__init__.py"] = "from . import on\nfrom worked.late import *\n";
      files["editable/src/worked/on.py"] = "import alone\n";
      files["editable/src/worked/late.py"] = "";
      files["editable/src/alone.py"] = "";
      files[entry.path] += "with quiet: import worked\n";
    }
  }
  const first = mode === "module" ? main : mode === "dir" ? launch.entry : main;
  return { seed, exact, launch, roots: [first, ...launch.pythonPath], layout, files, zips, site };
}

function pathEdit(random: Random, entry: PlannedModule, root: string): string {
  const up = entry.path.split("/").length - 1;
  const climbed = `${"os.path.dirname(".repeat(up + 1)}os.path.abspath(__file__)${")".repeat(up + 1)}`;
  const place = random.pick([
    `os.path.join(${climbed}, ${JSON.stringify(root)})`,
    `os.path.join(os.path.dirname(__file__), ${"'..', ".repeat(up)}${JSON.stringify(root)})`,
    `str(pathlib.Path(__file__).resolve().parents[${String(up)}] / ${JSON.stringify(root)})`,
    `(pathlib.Path(__file__).absolute()${".parent".repeat(up + 1)} / ${JSON.stringify(root)}).as_posix()`,
    `f"{pathlib.Path(__file__).parent}/${"../".repeat(up)}${root}"`,
  ]);
  return `import os, sys, pathlib\n${random.pick([`sys.path.insert(0, ${place})`, `sys.path.append(${place})`, `sys.path.insert(1, ${place})`, `sys.path += [${place}]`, `sys.path[:0] = [${place}]`, `sys.path.extend([${place}])`, `sys.path = [${place}] + sys.path`, `HERE = ${place}\nsys.path.insert(0, HERE)`, `if ${place} not in sys.path: sys.path.insert(0, ${place})`])}`;
}

/** Writes `workspace` below `folder` as `ws` and `site`; for the interpreter `python`. */
export function materialise(workspace: GeneratedWorkspace, folder: string, python: Recorder): void {
  const put = (base: string, name: string, content: string | Buffer): void => {
    const file = path(folder, base, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const [name, text] of Object.entries(workspace.files)) put("ws", name, /^(.*\n)?# -\*- coding: latin-1/.test(text) ? Buffer.from(text, "latin1") : text);
  for (const [name, text] of Object.entries(workspace.site)) put("site", name, text.replaceAll("@WS@", path(folder, "ws")));
  for (const [name, members] of Object.entries(workspace.zips)) put("ws", name, storedZip(members));
  for (const name of workspace.layout.sourceless) put("ws", `${name}.pyc`, python.emptyBytecode);
  for (const name of workspace.layout.extensions) {
    const module = name.slice(name.lastIndexOf("/") + 1);
    mkdirSync(dirname(path(folder, "ws", name)), { recursive: true });
    copyFileSync(path(python.extensions, module + python.suffix), path(folder, "ws", name + python.suffix));
  }
  for (const { link, target } of workspace.layout.links) {
    mkdirSync(dirname(path(folder, "ws", link)), { recursive: true });
    symlinkSync(`${"../".repeat(link.split("/").length - 1)}${target}`, path(folder, "ws", link));
  }
}
