/** What to do about a failure, where the snapshot tells: one sentence or two, or null. */
import type { Manifest } from "../snapshot/manifest.js";
import type { Failure } from "./messages.js";

type Roots = Pick<Manifest, "importRoots" | "fallbackRoots" | "files">;

/** `exists`: whether the workspace has a file at a path relative to it. */
export function remedyFor(failure: Failure, manifest: Roots, exists: (path: string) => boolean): string | null {
  if (failure.title === "ModuleNotFoundError") return missingModule(failure.message, manifest, exists);
  if (failure.title === "FileNotFoundError") return missingFile(failure.message, manifest, exists);
  return differingPythons(failure.message);
}

/** Spark's own words: "Python in worker has different version: 3.9 than that in driver: 3.11". */
function differingPythons(message: string): string | null {
  const driver = /Python in worker has different version: [\d.]+ than that in driver:? (\d+\.\d+)/.exec(message)?.[1];
  if (driver === undefined) return null;
  return `The workers run another Python than the driver. Set "executorPython" of the target to a Python ${driver} that every worker has, or "python" to a version that they have.`;
}

function missingModule(message: string, manifest: Roots, exists: (path: string) => boolean): string | null {
  const name = /No module named '([\w.]+)'/.exec(message)?.[1];
  if (name === undefined) return null;
  const roots = new Set([...manifest.importRoots, ...manifest.fallbackRoots.declared, ...manifest.fallbackRoots.guessed, ".", "src"]);
  for (const root of roots) {
    const base = root === "." ? name.replaceAll(".", "/") : `${root}/${name.replaceAll(".", "/")}`;
    const path = [`${base}.py`, `${base}/__init__.py`].find((candidate) => exists(candidate));
    if (path === undefined) continue;
    if (manifest.files.some((file) => file.path === path)) return null;
    return `${path} is in the workspace but was not sent: no import that can be read leads to it. Add "${path}" to bundle.include in .vscode/slingshot.json and run again.`;
  }
  const top = name.split(".")[0] ?? name;
  return `The target's Python has no module "${top}", and neither has the workspace. Install its package there: python -m pip install ${top}.`;
}

function missingFile(message: string, manifest: Roots, exists: (path: string) => boolean): string | null {
  const path = /No such file or directory: '([^'\n]+)'/.exec(message)?.[1]?.replace(/^\.\//, "");
  if (path === undefined || path.startsWith("/") || path.split("/").includes("..")) return null;
  if (!exists(path) || manifest.files.some((file) => file.path === path)) return null;
  return `${path} is in the workspace but was not sent. Add "${path}" to bundle.include in .vscode/slingshot.json and run again.`;
}
