/** The package directories of one project folder, by its build files. */
import { parse } from "smol-toml";
import { absolute } from "../paths.js";
import type { WorkspaceView } from "../workspaceView.js";
import { readers } from "./backends.js";
import { Project } from "./project.js";
import { setuptoolsRoots } from "./setuptools.js";
import { at, table, text, type Table } from "./tables.js";

export const buildFileNames = ["pyproject.toml", "setup.cfg", "setup.py"] as const;

const mostKept = 500;
/** Parsed build files by their text. */
const kept = new Map<string, Table>();

/** `pyproject.toml` of `directory`, dirty buffers first; empty where there is none or it can't be read, which `broken` is told. */
export function readPyproject(directory: string, view: WorkspaceView, broken: (file: string, why: string) => void): Table {
  const source = new Project(directory, view).text("pyproject.toml");
  if (source === null) return {};
  let pyproject = kept.get(source);
  if (pyproject === undefined) {
    try {
      pyproject = table(parse(source));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      broken(`${directory}/pyproject.toml`, (error.message.split("\n", 1)[0] ?? "").trim());
      return {};
    }
    if (kept.size >= mostKept) kept.clear();
    kept.set(source, pyproject);
  }
  return pyproject;
}

/**
 * Directories below `directory` that hold its packages, absolute; empty where its build files say nothing of packages.
 * `broken` is told of a build file that can't be read.
 */
export function packageRoots(directory: string, view: WorkspaceView, broken: (file: string, why: string) => void): string[] {
  const project = new Project(directory, view);
  const pyproject = readPyproject(directory, view, broken);
  const roots = declared(project, pyproject) ?? [];
  return [...new Set(roots.map((root) => absolute(directory, root)))].filter((path) => view.isDirectory(path));
}

function declared(project: Project, pyproject: Table): string[] | null {
  const backend = text(at(pyproject, "build-system")["build-backend"]);
  if (backend !== null) {
    const reader = readers.find(([start]) => backend.startsWith(start));
    if (reader !== undefined) return reader[1](project, pyproject);
    return backend.startsWith("setuptools") ? setuptoolsRoots(project, pyproject) : null;
  }
  const tool = at(pyproject, "tool");
  if (tool["poetry"] !== undefined) return readers.find(([start]) => start === "poetry")?.[1](project, pyproject) ?? null;
  if (table(tool["uv"])["package"] === false) return null;
  const packaged = pyproject["project"] !== undefined || pyproject["build-system"] !== undefined || tool["setuptools"] !== undefined;
  const config = project.text("setup.cfg");
  if (packaged || project.text("setup.py") !== null || (config !== null && /^\[(metadata|options)\b/m.test(config))) return setuptoolsRoots(project, pyproject);
  return null;
}
