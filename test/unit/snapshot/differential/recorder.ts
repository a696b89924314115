/** A real CPython that runs generated workspaces and tells which local files it loaded. */
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InterpreterInfo } from "../../../../src/snapshot/request.js";
import type { GeneratedWorkspace } from "./workspace.js";

export interface Recorded {
  /** Workspace paths opened as code, sorted. */
  opened: string[];
  /** Names of the modules that were not found. */
  missing: string[];
  /** What `quiet` swallowed, and how the run ended. */
  said: string[];
}

interface Facts {
  version: [number, number, number];
  suffixes: string[];
  stdlib: string[];
  tag: string;
  extensions: string;
  bytecode: string;
}

const facts = `
import base64, importlib.machinery as m, importlib._bootstrap_external as e, importlib.util, json, sys, sysconfig
code = e._code_to_timestamp_pyc(compile("", "none", "exec"))
print(json.dumps({"version": list(sys.version_info[:3]), "suffixes": m.EXTENSION_SUFFIXES, "tag": sys.implementation.cache_tag,
  "stdlib": sorted(set(getattr(sys, "stdlib_module_names", ())) | set(sys.builtin_module_names)) if hasattr(sys, "stdlib_module_names") else [],
  "extensions": next(p for p in sys.path if p.endswith("lib-dynload")), "bytecode": base64.b64encode(bytes(code)).decode()}))
`;

export class Recorder {
  readonly interpreter: InterpreterInfo;
  /** Folder of the standard library's extension modules, and their suffix. */
  readonly extensions: string;
  readonly suffix: string;
  /** A `.pyc` of an empty module. */
  readonly emptyBytecode: Buffer;
  private readonly folder = mkdtempSync(join(tmpdir(), "slingshot-recorder-"));
  private readonly program: string;
  private runs = 0;

  /** Makes a virtual environment of `python` that records. */
  constructor(python: string) {
    const environment = join(this.folder, "env");
    execFileSync(python, ["-I", "-m", "venv", "--without-pip", environment]);
    this.program = join(environment, "bin", "python");
    const told = JSON.parse(execFileSync(this.program, ["-I", "-c", facts], { encoding: "utf8" })) as Facts;
    const [major, minor] = told.version;
    const site = join(environment, "lib", `python${String(major)}.${String(minor)}`, "site-packages");
    copyFileSync(join(__dirname, "recorder.py"), join(site, "sitecustomize.py"));
    this.interpreter = { executable: this.program, version: told.version, cacheTag: told.tag, extensionSuffixes: told.suffixes, sitePaths: [site], stdlib: told.stdlib };
    this.extensions = told.extensions;
    this.suffix = told.suffixes[0] ?? ".so";
    this.emptyBytecode = Buffer.from(told.bytecode, "base64");
  }

  /** Runs `workspace`, which lies below `folder`. */
  run(workspace: GeneratedWorkspace, folder: string): Promise<Recorded> {
    const { launch } = workspace;
    const ws = join(folder, "ws");
    const report = join(this.folder, `report-${String(this.runs++)}`);
    const site = join(folder, "site");
    const env = {
      PATH: process.env["PATH"], LC_ALL: "C.UTF-8", PYTHONDONTWRITEBYTECODE: "1", PYTHONPATH: launch.pythonPath.map((root) => join(ws, root)).join(":"),
      RECORD_WORKSPACE: ws, RECORD_REPORT: report, RECORD_SITE: existsSync(site) ? site : "",
    };
    const words = launch.mode === "module" ? ["-m", launch.module ?? ""] : [join(ws, launch.entry)];
    return new Promise((resolve, reject) => {
      execFile(this.program, words, { cwd: join(ws, launch.cwd), env, timeout: 60_000 }, (error, _stdout, stderr) => {
        // Before 3.11 a local `abc.py` on PYTHONPATH keeps the interpreter itself from starting.
        if (!existsSync(report) && stderr.includes("Fatal Python error")) {
          resolve({ opened: [], missing: [], said: [stderr.trim().split("\n").at(-1) ?? ""] });
          return;
        }
        if (!existsSync(report)) {
          reject(new Error(`no report: ${error?.message ?? ""} ${stderr}`));
          return;
        }
        const told = JSON.parse(readFileSync(report, "utf8")) as Recorded;
        rmSync(report);
        resolve({ ...told, said: [...told.said, ...(stderr === "" ? [] : [stderr.trim().split("\n").at(-1) ?? ""])] });
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
