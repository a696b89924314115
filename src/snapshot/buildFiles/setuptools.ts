/** Package directories of setuptools projects: pyproject.toml, setup.cfg, setup.py and automatic discovery. */
import { Parser } from "../scan/parser.js";
import { children, type Expression } from "../scan/expression.js";
import { at, table, texts, type Table } from "./tables.js";
import type { Project } from "./project.js";

/** Top-level names that automatic discovery of a flat layout leaves out (setuptools' documentation, "flat-layout"). */
const notPackages = new Set(
  "ci bin debian doc docs documentation manpages news newsfragments changelog test tests unit_test unit_tests example examples scripts tools util utils python build benchmark benchmarks exercise exercises htmlcov tasks fabfile site_scons toxfile noxfile pavement dodo setup conftest".split(" "),
);

interface Declared {
  packageDir: Record<string, string>;
  where: string[];
  packages: string[] | null;
  modules: string[];
}

/** Import roots that the setuptools configuration gives, relative to the project; null: it says nothing that can be built. */
export function setuptoolsRoots(project: Project, pyproject: Table): string[] | null {
  const declared = merge(fromPyproject(pyproject), merge(fromConfig(project.text("setup.cfg")), fromScript(project.text("setup.py"))));
  const roots: string[] = [...declared.where];
  for (const [name, directory] of Object.entries(declared.packageDir)) {
    if (name === "") roots.push(directory === "" ? "." : directory);
    else {
      const parts = name.split(".");
      if (directory.endsWith(parts.join("/"))) roots.push(directory.slice(0, -parts.join("/").length).replace(/\/$/, "") || ".");
    }
  }
  if (roots.length > 0) return roots;
  if (declared.packages !== null || declared.modules.length > 0) return ["."];
  return automatic(project);
}

/** The automatic discovery: `src` layout, else a flat layout with one package, else one module. */
function automatic(project: Project): string[] | null {
  if (project.hasDirectory("src")) return ["src"];
  const { packages, modules } = project.members(".");
  const candidates = packages.filter((name) => !notPackages.has(name) && !name.startsWith("_"));
  if (candidates.length > 0) return candidates.length === 1 ? ["."] : null;
  return modules.filter((name) => !notPackages.has(name) && !name.startsWith("_")).length === 1 ? ["."] : null;
}

function none(): Declared {
  return { packageDir: {}, where: [], packages: null, modules: [] };
}

function merge(first: Declared, second: Declared): Declared {
  return { packageDir: { ...second.packageDir, ...first.packageDir }, where: first.where.length > 0 ? first.where : second.where, packages: first.packages ?? second.packages, modules: [...first.modules, ...second.modules] };
}

function fromPyproject(pyproject: Table): Declared {
  const tool = at(pyproject, "tool", "setuptools");
  const find = at(tool, "packages", "find");
  const packageDir: Record<string, string> = {};
  for (const [name, directory] of Object.entries(table(tool["package-dir"]))) if (typeof directory === "string") packageDir[name] = directory;
  return { packageDir, where: texts(find["where"]), packages: Array.isArray(tool["packages"]) ? texts(tool["packages"]) : "find" in table(tool["packages"]) ? [] : null, modules: texts(tool["py-modules"]) };
}

/** setup.cfg: `[options]` and `[options.packages.find]`. */
function fromConfig(config: string | null): Declared {
  const declared = none();
  if (config === null) return declared;
  const sections = ini(config);
  const options = sections.get("options");
  for (const line of options?.get("package_dir")?.split("\n") ?? []) {
    const pair = /^\s*([\w.]*)\s*=\s*(.+?)\s*$/.exec(line);
    if (pair !== null) declared.packageDir[pair[1] ?? ""] = pair[2] ?? "";
  }
  const packages = options?.get("packages")?.trim();
  if (packages !== undefined) declared.packages = packages.split(/\s+/);
  declared.modules = options?.get("py_modules")?.trim().split(/\s+/) ?? [];
  const where = sections.get("options.packages.find")?.get("where")?.trim();
  if (where !== undefined && where !== "") declared.where = [where];
  return declared;
}

function ini(source: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let key = "";
  for (const line of source.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line);
    const pair = /^([^\s#;][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
    if (header !== null) {
      section = new Map();
      sections.set((header[1] ?? "").trim(), section);
    } else if (/^\s+\S/.test(line)) section.set(key, `${section.get(key) ?? ""}\n${line.trim()}`);
    else if (pair !== null) {
      key = (pair[1] ?? "").trim().replace(/-/g, "_");
      section.set(key, pair[2] ?? "");
    }
  }
  return sections;
}

/** The literal arguments of `setup(…)` in setup.py, which is read, never run. */
function fromScript(script: string | null): Declared {
  const declared = none();
  if (script === null) return declared;
  const bytes = Buffer.concat([Buffer.from(script), Buffer.alloc(16)]);
  for (const call of calls(new Parser(bytes, 0, bytes.length - 16).statement().values)) {
    if (!isNamed(call.callee, "setup")) continue;
    for (const { name, value } of call.keywords) {
      if (name === "package_dir" && value.kind === "other") {
        const words = value.parts.flatMap((part) => (part.kind === "string" ? [part.value] : []));
        for (let index = 0; index + 1 < words.length; index += 2) declared.packageDir[words[index] ?? ""] = words[index + 1] ?? "";
      } else if (name === "packages") {
        declared.packages = [];
        for (const find of calls([value])) {
          if (!isNamed(find.callee, "find_packages") && !isNamed(find.callee, "find_namespace_packages")) continue;
          const where = find.keywords.find((keyword) => keyword.name === "where")?.value ?? find.args[0];
          if (where?.kind === "string") declared.where.push(where.value);
        }
      } else if (name === "py_modules") declared.modules.push("*");
    }
  }
  return declared;
}

function isNamed(callee: Expression, name: string): boolean {
  return (callee.kind === "name" && callee.id === name) || (callee.kind === "attribute" && callee.name === name);
}

function calls(expressions: readonly Expression[]): Extract<Expression, { kind: "call" }>[] {
  return expressions.flatMap((expression) => [...(expression.kind === "call" ? [expression] : []), ...calls(children(expression))]);
}

