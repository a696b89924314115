// The newest CPython that a package registry has for every platform: compiled to WebAssembly, as the npm package `pyodide` brings it.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { mustRun } from "./command.mjs";

/** Its version is the Python's: 314 is 3.14. */
const version = "314.0.7";

/** @returns {Promise<{ folder: string, made: boolean }>} a folder with `package/pyodide.mjs` and `package/python_stdlib.zip` */
export async function setUpNewestPython() {
  return cached("newest-python", [version], async (folder) => {
    await mustRun("the newest Python", "See whether the npm registry can be reached (npm ping), then try again.", "npm", ["pack", `pyodide@${version}`, "--silent", "--pack-destination", folder], { cwd: folder, limitMs: 300_000 });
    const archive = join(folder, `pyodide-${version}.tgz`);
    await mustRun("the newest Python", "`tar` is needed.", "tar", ["-xzf", archive], { cwd: folder });
    rmSync(archive);
  });
}
