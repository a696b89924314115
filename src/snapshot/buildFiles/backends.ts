/** Package directories of the build back ends other than setuptools, by their documented defaults. */
import type { Project } from "./project.js";
import { at, importName, table, text, texts, type Table } from "./tables.js";

/** Import roots relative to the project; null: nothing is declared and no default applies. */
type Reader = (project: Project, pyproject: Table) => string[] | null;

function projectName(pyproject: Table): string {
  return importName(text(at(pyproject, "project")["name"]) ?? text(at(pyproject, "tool", "poetry")["name"]) ?? "");
}

function parent(path: string): string {
  const clean = path.replace(/\/+$/, "");
  const slash = clean.lastIndexOf("/");
  return slash < 0 ? "." : clean.slice(0, slash);
}

/** `src` or the folder itself, whichever holds the module named as the project. */
function byName(project: Project, name: string): string[] | null {
  if (name === "") return null;
  if (project.hasModule("src", name)) return ["src"];
  return project.hasModule(".", name) ? ["."] : null;
}

const hatch: Reader = (project, pyproject) => {
  const build = at(pyproject, "tool", "hatch", "build");
  const wheel = at(build, "targets", "wheel");
  const roots: string[] = [];
  for (const place of [wheel, build]) {
    roots.push(...texts(place["packages"]).map(parent));
    const sources = place["sources"];
    roots.push(...texts(sources), ...Object.entries(table(sources)).flatMap(([from, to]) => (to === "" ? [from] : [])));
    roots.push(...texts(place["dev-mode-dirs"]));
    roots.push(...texts(place["only-include"]).map(parent));
    if (roots.length > 0) return roots;
  }
  return byName(project, projectName(pyproject)) ?? (project.members("src").packages.length > 0 ? ["src"] : null);
};

const poetry: Reader = (project, pyproject) => {
  const packages = at(pyproject, "tool", "poetry")["packages"];
  if (Array.isArray(packages) && packages.length > 0) return packages.map((entry: unknown) => text(table(entry)["from"]) ?? ".");
  return byName(project, projectName(pyproject));
};

const pdm: Reader = (project, pyproject) => {
  const build = { ...at(pyproject, "tool", "pdm"), ...at(pyproject, "tool", "pdm", "build") };
  const directory = text(build["package-dir"]);
  if (directory !== null) return [directory === "" ? "." : directory];
  if (project.hasDirectory("src")) return ["src"];
  return project.members(".").packages.length > 0 ? ["."] : null;
};

const flit: Reader = (project, pyproject) => {
  const name = text(at(pyproject, "tool", "flit", "module")["name"]) ?? text(at(pyproject, "tool", "flit", "metadata")["module"]) ?? projectName(pyproject);
  return byName(project, name);
};

const uv: Reader = (project, pyproject) => {
  const backend = at(pyproject, "tool", "uv", "build-backend");
  const root = text(backend["module-root"]) ?? "src";
  const directory = root === "" ? "." : root;
  return project.hasDirectory(directory) ? [directory] : null;
};

const maturin: Reader = (project, pyproject) => {
  const source = text(at(pyproject, "tool", "maturin")["python-source"]);
  return source !== null ? [source] : byName(project, projectName(pyproject));
};

const scikitBuild: Reader = (project, pyproject) => {
  const packages = at(pyproject, "tool", "scikit-build", "wheel")["packages"];
  return Array.isArray(packages) ? texts(packages).map(parent) : byName(project, projectName(pyproject));
};

/** Readers by the beginning of `build-backend`. */
export const readers: readonly [string, Reader][] = [
  ["hatchling", hatch],
  ["poetry", poetry],
  ["pdm", pdm],
  ["flit", flit],
  ["uv_build", uv],
  ["maturin", maturin],
  ["scikit_build_core", scikitBuild],
];
