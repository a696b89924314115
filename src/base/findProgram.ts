/** Finds a program the way a shell would, but never in the working directory. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/**
 * Absolute path of `name`: itself where absolute, below `folder` where it has a slash, else the first on PATH. Relative
 * entries of PATH are skipped: a repository must not be able to supply a program. Undefined where there is none.
 */
export function findProgram(name: string, folder: string, path = process.env["PATH"] ?? ""): string | undefined {
  if (isAbsolute(name)) return isProgram(name) ? name : undefined;
  if (name.includes("/")) {
    const below = resolve(folder, name);
    return isProgram(below) ? below : undefined;
  }
  for (const entry of path.split(delimiter)) {
    if (!isAbsolute(entry)) continue;
    const candidate = join(entry, process.platform === "win32" && !name.endsWith(".exe") ? `${name}.exe` : name);
    if (isProgram(candidate)) return candidate;
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
