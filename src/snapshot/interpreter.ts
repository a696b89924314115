/** What a Python interpreter says of itself: read by running it once, outside any workspace, and kept on disk. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SlingshotError, isErrno } from "../base/errors.js";
import { findProgram } from "../base/findProgram.js";
import type { InterpreterInfo } from "./request.js";

const limitMs = 10_000;
const oldest: [number, number] = [3, 8];

const program = `
import json, sys
info = {"executable": sys.executable, "version": list(sys.version_info[:3])}
if sys.version_info >= (3, 8):
    import importlib.machinery, site
    paths = [p for p in sys.path if p.replace("\\\\", "/").rstrip("/").endswith(("site-packages", "dist-packages"))]
    if site.ENABLE_USER_SITE is None or site.ENABLE_USER_SITE is False:
        # -I leaves out the user's own packages, which a plain run has.
        import os
        user = site.getusersitepackages()
        config = os.path.join(sys.prefix, "pyvenv.cfg")
        lines = open(config).read().lower() if os.path.exists(config) else ""
        isolated = lines and "include-system-site-packages = true" not in lines
        if not isolated and os.path.isdir(user) and user not in paths:
            paths.insert(0, user)
    names = set(getattr(sys, "stdlib_module_names", ())) | set(sys.builtin_module_names)
    info.update(cacheTag=sys.implementation.cache_tag, extensionSuffixes=importlib.machinery.EXTENSION_SUFFIXES,
                sitePaths=paths, stdlib=sorted(names) if hasattr(sys, "stdlib_module_names") else [])
print(json.dumps(info))
`;

export type ProbedInterpreter = InterpreterInfo & { executable: string };

/**
 * Asks the interpreter `executable` (a path, or a name on PATH) for its version, suffixes and paths.
 * It is run with `-I` in its own folder, without a shell, for at most 10 s; the answer is kept below `cacheDir`
 * until the program or its `pyvenv.cfg` changes. Throws a SlingshotError of kind "unavailable".
 */
export async function probeInterpreter(executable: string, cacheDir: string, signal?: AbortSignal): Promise<ProbedInterpreter> {
  const path = find(executable);
  const key = await cacheKey(path);
  const file = join(cacheDir, "interpreters", `${key}.json`);
  const kept = await readKept(file);
  if (kept !== null) return kept;
  const info = parse(path, await run(path, signal));
  // A shim picks its interpreter by the working directory; the job must not.
  if (isShim(path) && info.own !== undefined) info.executable = info.own;
  delete info.own;
  await keep(file, info);
  return info;
}

/** What is true of every CPython of `version` ("3.11" or "3.11.7") on this platform; nothing is run. */
export function interpreterFor(version: string): InterpreterInfo {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(version.trim());
  const [major, minor, micro] = [Number(parts?.[1]), Number(parts?.[2]), Number(parts?.[3] ?? 0)];
  if (parts === null || major !== 3 || minor < oldest[1]) {
    throw new SlingshotError("usage", "python-version", `"${version}" is no Python version that Slingshot knows.`, "Give a version such as 3.11 (3.8 or later), or the path of an interpreter.");
  }
  const tag = `cpython-${String(major)}${String(minor)}`;
  return { executable: null, version: [major, minor, micro], cacheTag: tag, extensionSuffixes: suffixes(tag), sitePaths: [], stdlib: [] };
}

/** EXTENSION_SUFFIXES of CPython on this machine's platform. */
function suffixes(tag: string): string[] {
  if (process.platform === "win32") return [`.${tag.replace("cpython-", "cp")}-win_${process.arch === "arm64" ? "arm64" : "amd64"}.pyd`, ".pyd"];
  if (process.platform === "darwin") return [`.${tag}-darwin.so`, ".abi3.so", ".so"];
  const machine = process.arch === "x64" ? "x86_64" : process.arch === "arm64" ? "aarch64" : process.arch;
  return [`.${tag}-${machine}-linux-gnu.so`, ".abi3.so", ".so"];
}

/** A path as it is; a name as `findProgram` finds it, which never looks in the working directory. */
function find(executable: string): string {
  if (executable.includes("/") || executable.includes("\\")) return executable;
  const path = findProgram(executable, "/");
  if (path === undefined) throw missing(executable);
  return path;
}

function missing(executable: string, cause?: unknown): SlingshotError {
  return new SlingshotError("unavailable", "no-interpreter", `There is no Python interpreter "${executable}".`, 'Install Python 3.8 or later, or set "python" of the target to the path of an interpreter.', { cause });
}

async function cacheKey(path: string): Promise<string> {
  const hash = createHash("sha256").update(`${path}\n`);
  try {
    const real = await realpath(path);
    const info = await stat(real);
    if (info.isDirectory()) throw new SlingshotError("unavailable", "no-interpreter", `${path} is a folder, not a Python interpreter.`, "Give the path of the program itself, such as .venv/bin/python.");
    hash.update(`${real} ${String(info.mtimeMs)} ${String(info.size)}\n`);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) throw missing(path, error);
    throw error;
  }
  for (const config of [join(dirname(path), "pyvenv.cfg"), join(dirname(dirname(path)), "pyvenv.cfg")]) {
    const info = await stat(config).catch(() => null);
    if (info !== null) hash.update(`${config} ${String(info.mtimeMs)} ${String(info.size)}\n`);
  }
  if (isShim(path)) {
    hash.update(`${process.env["PYENV_VERSION"] ?? ""}\n`);
    const chosen = await stat(join(dirname(dirname(path)), "version")).catch(() => null);
    hash.update(`${String(chosen?.mtimeMs)}\n`);
  }
  return hash.update(createHash("sha256").update(program).digest()).digest("hex");
}

/** pyenv and its like put scripts in a folder `shims`. */
function isShim(path: string): boolean {
  return basename(dirname(path)) === "shims";
}

async function readKept(file: string): Promise<ProbedInterpreter | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return isProbed(value) ? value : null;
  } catch (error) {
    if (isErrno(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function keep(file: string, info: ProbedInterpreter): Promise<void> {
  const beside = `${file}.${String(process.pid)}.${String(Date.now())}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(beside, JSON.stringify(info), { mode: 0o600 });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    if (!isErrno(error)) throw error; // a cache that can't be written costs time only
  }
}

function run(path: string, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PYTHON") && name !== "__PYVENV_LAUNCHER__"));
    const options = { cwd: dirname(path), env: environment, timeout: limitMs, killSignal: "SIGKILL" as const, maxBuffer: 1 << 22, windowsHide: true, ...(signal === undefined ? {} : { signal }) };
    execFile(path, ["-I", "-c", program], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failure(path, error, stderr));
    }).stdin?.end();
  });
}

function failure(path: string, error: Error & { killed?: boolean; code?: unknown }, stderr: string): SlingshotError {
  const remedy = "Try it in a terminal, or choose another interpreter for the target.";
  if (error.name === "AbortError") return new SlingshotError("cancelled", "cancelled", "Asking the Python interpreter was cancelled.", "", { cause: error });
  if (isErrno(error, "ENOENT")) return missing(path, error);
  if (isErrno(error, "EACCES", "ENOEXEC", "EPERM")) return new SlingshotError("unavailable", "not-executable", `${path} can't be run as a Python interpreter.`, "Give the path of an executable Python 3.8 or later.", { cause: error });
  if (error.killed === true) return new SlingshotError("unavailable", "interpreter-hangs", `${path} did not say its version within ${String(limitMs / 1000)} s.`, remedy, { cause: error });
  if (/Unknown option: -I/.test(stderr)) return tooOld(path, "2");
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return new SlingshotError("unavailable", "interpreter-fails", `${path} could not say its version${said === "" ? "." : `: ${said.slice(0, 300)}`}`, remedy, { cause: error });
}

function tooOld(path: string, version: string): SlingshotError {
  return new SlingshotError("unavailable", "python-too-old", `${path} is Python ${version}; Slingshot needs 3.8 or later.`, "Choose a newer interpreter for the target.");
}

function parse(path: string, output: string): ProbedInterpreter & { own?: string } {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch (error) {
    throw new SlingshotError("unavailable", "no-python", `${path} is no Python interpreter: it did not answer as one.`, "Give the path of Python 3.8 or later.", { cause: error });
  }
  const version = typeof value === "object" && value !== null && "version" in value && Array.isArray(value.version) ? value.version.map(Number) : [];
  const [major = 0, minor = 0] = version;
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) throw tooOld(path, version.join("."));
  const own = typeof value === "object" && value !== null && "executable" in value && typeof value.executable === "string" && value.executable !== "" ? value.executable : undefined;
  const info = { ...(value as object), executable: path, ...(own === undefined ? {} : { own }) };
  if (!isProbed(info)) throw new SlingshotError("unavailable", "no-python", `${path} did not say what a Python interpreter says.`, "Give the path of CPython 3.8 or later.");
  return info;
}

function isProbed(value: unknown): value is ProbedInterpreter {
  if (typeof value !== "object" || value === null) return false;
  const info = value as Partial<Record<keyof ProbedInterpreter, unknown>>;
  return typeof info.executable === "string" && Array.isArray(info.version) && typeof info.cacheTag === "string" && Array.isArray(info.extensionSuffixes) && Array.isArray(info.sitePaths) && Array.isArray(info.stdlib);
}
