// The packages of package-lock.json in node_modules.
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun, SetupError } from "./command.mjs";

const oldest = 20;

/** Runs `npm ci` where node_modules is not what the lockfile says. */
export async function setUpNode(root) {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < oldest) throw new Error(`This is Node ${process.versions.node}; Slingshot's scripts need Node ${oldest} or later.`);
  if (asLocked(root)) return "as the lockfile says";
  // npm ci empties what a link leads to before it installs anything: another clone's packages.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new SetupError("npm packages: node_modules is a link, and what it leads to is not what package-lock.json says.", "Run npm ci in the clone that the link leads to, or remove the link.");
  }
  await mustRun("npm packages", "See whether the npm registry can be reached (npm ping), then try again.", "npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: root });
  return "installed";
}

/** Whether each package that the lockfile names lies there in that version; packages for other platforms may be absent. */
function asLocked(root) {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const found = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => path === "" || found[path]?.version === entry.version || (entry.optional === true && found[path] === undefined))
    && Object.keys(found).every((path) => wanted[path] !== undefined && existsSync(join(root, path)));
}
