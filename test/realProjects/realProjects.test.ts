import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Manifest } from "../../src/snapshot/manifest.js";
import { explanation } from "./explanation.js";
import { entryPoints, type EntryPoint } from "./projects.js";

const cli = resolve(__dirname, "../../dist/cli.js");
const code = /\.(py|so)$/;

interface Ending {
  code: number | null;
  output: string;
  /** Files of the tree that were loaded as code, each with the places in the tree that led there, the nearest first. */
  loaded: Record<string, string[]>;
}

describe("real projects", () => {
  let folder = "";
  let python = "";
  const sources = process.env["SLINGSHOT_PROJECT_SOURCES"] ?? "";
  const findings: string[] = [];

  before(() => {
    assert.ok(sources !== "" && process.env["SLINGSHOT_PROJECTS_PYTHON"] !== undefined, "SLINGSHOT_PROJECT_SOURCES and SLINGSHOT_PROJECTS_PYTHON name what scripts/setup.mjs made");
    folder = realpathSync(mkdtempSync(join(tmpdir(), "slingshot-projects-")));
    python = watchedPython(folder, process.env["SLINGSHOT_PROJECTS_PYTHON"] ?? "");
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
    if (findings.length > 0) console.log(`\n    Loaded through code that a note names:\n${findings.map((line) => `      ${line}`).join("\n")}`);
  });

  let number = 0;
  const long = process.env["SLINGSHOT_TEST_LONG"] !== undefined;
  for (const point of entryPoints.filter((each) => long || each.long !== true)) {
    const title = `${point.project}: ${[...point.entry, ...point.args].join(" ")}`;
    it(title, () => {
      const place = join(folder, String(number++));
      const tree = join(place, "tree");
      mkdirSync(place);
      cpSync(join(sources, point.project), tree, { recursive: true });
      write(tree, point.files ?? {});
      const before = run(python, point.entry, tree, tree, point, join(place, "one"));
      assert.notEqual(before.code, null, before.output);
      const manifest = bundle(point, tree, python, join(place, "bundle.zip"));
      const unexplained: string[] = [];
      const shipped = new Set(manifest.files.map((file) => file.path));
      const missing = Object.fromEntries(Object.entries(before.loaded).filter(([path]) => code.test(path) && !shipped.has(path)));
      for (const [path, places] of Object.entries(missing)) {
        const why = explanation(path, places, manifest, missing);
        if (why === null) unexplained.push(`${path}, loaded by ${places.slice(0, 3).join(", ")}`);
        else findings.push(`${title}: ${path} (${why})`);
      }
      assert.deepEqual(unexplained, [], `of ${String(Object.keys(before.loaded).length)} files loaded:\n${unexplained.join("\n")}`);
      const empty = join(place, "empty");
      mkdirSync(empty);
      execFileSync(python, ["-c", "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])", join(place, "bundle.zip"), empty]);
      rmSync(tree, { recursive: true });
      const after = run(python, [".slingshot/run.py"], empty, empty, point, join(place, "one"));
      // As in the tree; or, where a file stayed behind, the remedy names one that the program asked for.
      const remedies = after.output.split("\n").filter((line) => line.startsWith("slingshot: "));
      if (Object.keys(missing).some((path) => remedies.some((line) => line.startsWith(`slingshot: ${path} is in the workspace but was not sent`)))) findings.push(`${title}: ends with «${remedies[0] ?? ""}»`);
      else assert.deepEqual({ code: after.code, output: after.output }, { code: before.code, output: before.output });
      rmSync(place, { recursive: true });
    });
  }
});

/** An environment of its own with the packages of `python`'s, and the watcher. */
function watchedPython(folder: string, python: string): string {
  execFileSync(python, ["-m", "venv", "--without-pip", join(folder, "env")]);
  const own = join(folder, "env", "bin", "python");
  const sites = (program: string): string => execFileSync(program, ["-I", "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], { encoding: "utf8" }).trim();
  writeFileSync(join(sites(own), "packages.pth"), `${sites(python)}\n`);
  cpSync(join(__dirname, "watcher.py"), join(sites(own), "sitecustomize.py"));
  return own;
}

function run(python: string, words: readonly string[], cwd: string, tree: string, point: EntryPoint, data: string): Ending {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  write(data, point.data ?? {});
  const report = `${data}.report`;
  const env = { PATH: process.env["PATH"], HOME: data, LC_ALL: "C.UTF-8", COLUMNS: "100", TERM: "dumb", PYTHONDONTWRITEBYTECODE: "1", PYTHONHASHSEED: "0", WATCH_TREE: tree, WATCH_REPORT: report };
  const ended = spawnSync(python, [...words, ...point.args.map((word) => word.replaceAll("@DATA@", data))], { cwd, env, encoding: "utf8", input: point.input ?? "", timeout: 120_000 });
  const output = `${ended.stdout}\n${ended.stderr}`.replaceAll(tree, "@TREE@").replace(/\b2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+/g, "@NOW@").replace(/\b\d+(\.\d+)? ?m?s(econds)?\b/g, "@TIME@");
  return { code: ended.status, output, loaded: JSON.parse(readFileSync(report, "utf8")) as Ending["loaded"] };
}

function bundle(point: EntryPoint, tree: string, python: string, out: string): Manifest {
  const words = [cli, "bundle", ...point.entry, "--json", "--workspace", tree, "--python", python, "--out", out, ...(point.include ?? []).flatMap((glob) => ["--include", glob])];
  const env = { ...process.env, SLINGSHOT_STATE_DIR: `${out}.state`, PYTHONPATH: "" };
  const ended = spawnSync(process.execPath, words, { cwd: tree, env, encoding: "utf8", maxBuffer: 1 << 28, timeout: 120_000 });
  assert.equal(ended.status, 0, ended.stderr);
  return JSON.parse(ended.stdout) as Manifest;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    utimesSync(join(folder, path), 1_700_000_000, 1_700_000_000);
  }
}
