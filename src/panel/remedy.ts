/** What to do about a failure, where the snapshot tells, and the change to the project file that mends it. */
import type { ProjectChange } from "../project/projectEdits.js";
import { leftOutAsSecret, type Manifest } from "../snapshot/manifest.js";
import type { Failure } from "./messages.js";

type Roots = Pick<Manifest, "importRoots" | "fallbackRoots" | "files"> & Partial<Pick<Manifest, "excluded">>;

export interface Remedy {
  /** One sentence or two. */
  text: string;
  /** Null where no change to the project file helps. */
  mend: { label: string; changes: ProjectChange[] } | null;
}

/** `exists`: whether the workspace has a file at a path relative to it. */
export function remedyFor(failure: Pick<Failure, "title" | "message">, manifest: Roots, exists: (path: string) => boolean): Remedy | null {
  if (failure.title === "ModuleNotFoundError") return missingModule(failure.message, manifest, exists);
  if (failure.title === "FileNotFoundError") return missingFile(failure.message, manifest, exists);
  return differingPythons(failure.message);
}

/** Spark's own words: "Python in worker has different version: 3.9 than that in driver: 3.11". */
function differingPythons(message: string): Remedy | null {
  const driver = /Python in worker has different version: [\d.]+ than that in driver:? (\d+\.\d+)/.exec(message)?.[1];
  if (driver === undefined) return null;
  return words(`The workers run another Python than the driver. Set "executorPython" of the target to a Python ${driver} that every worker has, or "python" to a version that they have.`);
}

function missingModule(message: string, manifest: Roots, exists: (path: string) => boolean): Remedy | null {
  const name = /No module named '([\w.]+)'/.exec(message)?.[1];
  if (name === undefined) return null;
  const known = new Set([...manifest.importRoots, ...manifest.fallbackRoots.declared, ...manifest.fallbackRoots.guessed]);
  const sent = new Set(manifest.files.map((file) => file.path));
  for (const root of new Set([...known, ".", "src"])) {
    const prefix = root === "." ? "" : `${root}/`;
    const parts = name.split(".");
    const path = [`${prefix}${parts.join("/")}.py`, `${prefix}${parts.join("/")}/__init__.py`].find((candidate) => exists(candidate));
    if (path === undefined) continue;
    if (sent.has(path)) return null;
    // A module alone would lose what its packages do when they are imported.
    const packages = parts.slice(0, -1).map((_, at) => `${prefix}${parts.slice(0, at + 1).join("/")}/__init__.py`);
    const missing = [...packages, path].filter((file) => !sent.has(file) && exists(file));
    const changes: ProjectChange[] = missing.map((file) => ({ add: "include", value: literal(file) }));
    if (!known.has(root)) changes.push({ add: "roots", value: root });
    return {
      text: `${path} is in the workspace but was not sent: no import that can be read leads to it. Add ${quoted(missing)} to bundle.include in .vscode/slingshot.json and run again.`,
      mend: { label: `Include ${path}`, changes },
    };
  }
  const top = name.split(".")[0] ?? name;
  return words(`The target's Python has no module "${top}", and neither has the workspace. Install its package there: python -m pip install ${top}.`);
}

function missingFile(message: string, manifest: Roots, exists: (path: string) => boolean): Remedy | null {
  const path = /No such file or directory: '([^'\n]+)'/.exec(message)?.[1]?.replace(/^\.\//, "");
  if (path === undefined || path.startsWith("/") || path.split("/").includes("..")) return null;
  if (!exists(path) || manifest.files.some((file) => file.path === path)) return null;
  if (manifest.excluded?.some((file) => file.path === path && file.rule === leftOutAsSecret) === true) {
    return words(`${path} was left out as you have decided, since it looks like a secret. Run "Slingshot: Ask About Secrets Again" to decide otherwise, or give the job the secret by "env" in .vscode/slingshot.json.`);
  }
  return {
    text: `${path} is in the workspace but was not sent. Add "${path}" to bundle.include in .vscode/slingshot.json and run again.`,
    mend: { label: `Include ${path}`, changes: [{ add: "include", value: literal(path) }] },
  };
}

function words(text: string): Remedy {
  return { text, mend: null };
}

function quoted(paths: readonly string[]): string {
  return paths.map((path) => `"${path}"`).join(", ");
}

/** A glob that means this path: what has a meaning in globs stands as "any character". */
function literal(path: string): string {
  return path.replace(/[*?[\]{}()|\\]|^!/g, "?");
}
