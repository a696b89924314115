/** Reads `.vscode/slingshot.json` (JSON with comments): checked whole, every mistake with its line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import { isErrno, SlingshotError } from "../base/errors.js";
import { parseSize } from "./quantities.js";
import type { Project, Target } from "./target.js";
import { checkTarget, type Vocabularies } from "./checkTarget.js";

export const projectFileName = ".vscode/slingshot.json";

/** What may stand in the user's own settings: the same shape. */
export type UserTargets = Readonly<Record<string, unknown>>;

interface Source {
  file: string;
  text: string;
}

const topKeys = ["$schema", "defaultTarget", "targets", "bundle", "jobs"];
const bundleKeys = ["roots", "include", "exclude", "maxSize", "maxDataFile"];
const jobsKeys = ["decorators", "functions"];

/**
 * The project of a workspace folder. `text` is the file's text as it stands on the screen; absent: it is read from disk,
 * and no file means an empty one. Targets of the project win over the user's of the same name.
 */
export function readProject(workspace: string, vocabularies: Vocabularies, user: UserTargets = {}, text?: string): Project {
  const file = join(workspace, projectFileName);
  const source: Source = { file, text: text ?? readText(file) };
  const root = parse(source);
  const targets = new Map<string, Target>([["local", { name: "local", backend: "local", settings: {}, source: "builtin" }]]);
  for (const [name, value] of Object.entries(user)) {
    targets.set(name, checkTarget(name, value, "user", vocabularies, (message, remedy) => new SlingshotError("usage", "target-settings", `User target "${name}": ${message}`, remedy)));
  }
  const project: Project = { workspace, file, defaultTarget: "local", targets: [], bundle: {}, jobs: { decorators: [], functions: [] } };
  if (root !== undefined) readRoot(source, root, project, targets, vocabularies);
  project.targets = [...targets.values()];
  return project;
}

/** The target by name, or the default one. Throws a usage error that lists the targets. */
export function chooseTarget(project: Project, name: string | undefined): Target {
  const wanted = name ?? project.defaultTarget;
  const target = project.targets.find((one) => one.name === wanted);
  if (target !== undefined) return target;
  const names = project.targets.map((one) => one.name).join(", ");
  throw new SlingshotError("usage", "unknown-target", `There is no target "${wanted}".`, `Targets here: ${names}. Others are defined in ${projectFileName}.`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return "";
    throw new SlingshotError("usage", "project-file-unreadable", `Failed to read ${file}: ${String(error)}`, "Mend its permissions.", { cause: error });
  }
}

function parse(source: Source): Node | undefined {
  if (source.text.trim() === "") return undefined;
  const errors: ParseError[] = [];
  const root = parseTree(source.text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first !== undefined) throw mistake(source, first.offset, `malformed JSON (${printParseErrorCode(first.error)})`, "Mend the line.");
  if (root?.type !== "object") throw mistake(source, root?.offset ?? 0, "the file must hold one JSON object", `Its keys: ${topKeys.join(", ")}.`);
  return root;
}

function readRoot(source: Source, root: Node, project: Project, targets: Map<string, Target>, vocabularies: Vocabularies): void {
  onlyKeys(source, root, topKeys);
  const listed = findNodeAtLocation(root, ["targets"]);
  if (listed !== undefined) {
    if (listed.type !== "object") throw mistake(source, listed.offset, "`targets` must be an object", "Write \"name\": { \"backend\": … }.");
    for (const property of listed.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(getNodeValue(key));
      targets.set(name, checkTarget(name, getNodeValue(value), "project", vocabularies, (message, remedy, at) => {
        const node = at === undefined ? key : (keyNode(value, at) ?? key);
        return mistake(source, node.offset, `target "${name}": ${message}`, remedy);
      }));
    }
  }
  const chosen = findNodeAtLocation(root, ["defaultTarget"]);
  if (chosen !== undefined) {
    const name: unknown = getNodeValue(chosen);
    if (typeof name !== "string" || !targets.has(name)) {
      throw mistake(source, chosen.offset, `\`defaultTarget\` names no target: ${JSON.stringify(name)}`, `Targets: ${[...targets.keys()].join(", ")}.`);
    }
    project.defaultTarget = name;
  }
  const bundle = findNodeAtLocation(root, ["bundle"]);
  if (bundle !== undefined) {
    onlyKeys(source, bundle, bundleKeys, "bundle.");
    for (const key of ["roots", "include", "exclude"] as const) {
      const list = stringList(source, bundle, key, "bundle.");
      if (list !== undefined) project.bundle[key] = list;
    }
    for (const [key, example] of [["maxSize", "100 MB"], ["maxDataFile", "10 MB"]] as const) {
      const size = findNodeAtLocation(bundle, [key]);
      if (size === undefined) continue;
      const bytes = parseSize(getNodeValue(size));
      if (bytes === undefined) throw mistake(source, size.offset, `\`bundle.${key}\` is no size`, `Write for example "${example}".`);
      project.bundle[key] = bytes;
    }
  }
  const jobs = findNodeAtLocation(root, ["jobs"]);
  if (jobs !== undefined) {
    onlyKeys(source, jobs, jobsKeys, "jobs.");
    project.jobs = { decorators: stringList(source, jobs, "decorators", "jobs.") ?? [], functions: stringList(source, jobs, "functions", "jobs.") ?? [] };
  }
}

function stringList(source: Source, parent: Node, key: string, prefix: string): string[] | undefined {
  const node = findNodeAtLocation(parent, [key]);
  if (node === undefined) return undefined;
  const value: unknown = getNodeValue(node);
  if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
  throw mistake(source, node.offset, `\`${prefix}${key}\` must be a list of strings`, `Write for example "${key}": ["…"].`);
}

function onlyKeys(source: Source, node: Node, allowed: string[], prefix = ""): void {
  if (node.type !== "object") throw mistake(source, node.offset, `\`${prefix.slice(0, -1)}\` must be an object`, `Its keys: ${allowed.join(", ")}.`);
  for (const property of node.children ?? []) {
    const key = property.children?.[0];
    if (key !== undefined && !allowed.includes(String(getNodeValue(key)))) {
      throw mistake(source, key.offset, `unknown key \`${prefix}${String(getNodeValue(key))}\``, `Keys here: ${allowed.join(", ")}.`);
    }
  }
}

function keyNode(object: Node, key: string): Node | undefined {
  return object.children?.find((property) => property.children?.[0]?.value === key)?.children?.[0];
}

function mistake(source: Source, offset: number, message: string, remedy: string): SlingshotError {
  const line = source.text.slice(0, offset).split("\n").length;
  return new SlingshotError("usage", "project-file", `${source.file}:${String(line)}: ${message}.`, remedy, { file: source.file, line });
}
