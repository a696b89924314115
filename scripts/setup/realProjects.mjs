// Well-known projects for the tests of the import closure: an environment with all of them and what they need, and the plain source of each.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { mustRun } from "./command.mjs";
import { findPython, setUpPythonEnvironment } from "./pythonEnvironments.mjs";

/**
 * The environment of `scripts/setup/projects.txt`, and one folder for each project of `projectSources.txt`, as its wheel for any platform holds it.
 * @returns {Promise<{ python: string, sources: string, made: boolean }>} `sources` holds the folders, named in lower case
 */
export async function setUpRealProjects(root) {
  const environment = await setUpPythonEnvironment(root, "projects");
  const list = readFileSync(join(root, "scripts", "setup", "projectSources.txt"), "utf8");
  const python = await findPython();
  const { folder, made } = await cached("project-sources", [python.version, list], async (target) => {
    for (const pinned of list.split("\n").filter((line) => line !== "")) {
      const words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--platform", "any", "--only-binary=:all:", "--target", join(target, pinned.split("==")[0].toLowerCase()), pinned];
      await mustRun(`source of ${pinned}`, "See whether the Python package index can be reached (pip download py4j), then try again.", environment.python, words, { limitMs: 300_000 });
    }
  });
  return { python: environment.python, sources: folder, made: made || environment.made };
}
