// Virtual environments with pinned packages, one for each version of an engine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { mustRun, run, SetupError } from "./command.mjs";

const oldest = [3, 11];

/** The Python that tests are run by: `SLINGSHOT_TEST_PYTHON`, else `python3`. Returns its path and version. */
export async function findPython() {
  const program = process.env.SLINGSHOT_TEST_PYTHON ?? "python3";
  const remedy = "Install Python 3.11 or later with its venv module (Debian: apt-get install python3 python3-venv), or set SLINGSHOT_TEST_PYTHON.";
  const { code, output } = await run(program, ["-c", "import ensurepip, json, sys, venv; print(json.dumps([sys.executable, list(sys.version_info[:3])]))"]);
  if (code !== 0) throw new SetupError(`Python: ${program} does not start, or has no venv module.\n${output.trim()}`, remedy);
  const [path, version] = JSON.parse(output.trim().split("\n").at(-1));
  if (version[0] * 100 + version[1] < oldest[0] * 100 + oldest[1]) throw new SetupError(`Python: ${path} is ${version.join(".")}; the engines' packages need ${oldest.join(".")} or later.`, remedy);
  return { path, version: version.join(".") };
}

/**
 * A virtual environment with exactly the packages of `scripts/setup/<name>.txt`.
 * @returns {Promise<{ python: string, made: boolean }>} the path of its interpreter
 */
export async function setUpPythonEnvironment(root, name) {
  const list = join(root, "scripts", "setup", `${name}.txt`);
  const python = await findPython();
  const { folder, made } = await cached(name, [python.path, python.version, readFileSync(list, "utf8")], async (target) => {
    const remedy = "See whether the Python package index can be reached (pip download py4j), then try again.";
    await mustRun(`Python packages of ${name}`, remedy, python.path, ["-m", "venv", target]);
    await mustRun(`Python packages of ${name}`, remedy, join(target, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", list], { limitMs: 1_200_000 });
  });
  return { python: join(folder, "bin", "python"), made };
}
