/** The command line's grammar: options of `bundle` and `run`, and what they mean. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isErrno, SlingshotError } from "../base/errors.js";
import type { ArgumentValue } from "../jobs/job.js";
import { projectFileName } from "../project/projectFile.js";
import type { Overlay, SnapshotRequest } from "../snapshot/request.js";

const bundleOptions = {
  module: { type: "string", short: "m" },
  json: { type: "boolean" },
  workspace: { type: "string" },
  root: { type: "string", multiple: true },
  site: { type: "string", multiple: true },
  python: { type: "string" },
  overlay: { type: "string", multiple: true },
  out: { type: "string" },
  include: { type: "string", multiple: true },
  target: { type: "string" },
  arg: { type: "string", multiple: true },
  env: { type: "string", multiple: true },
  "allow-secret": { type: "string", multiple: true },
  detach: { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
} as const;

export interface EntryOptions {
  workspace: string;
  snapshot: Omit<SnapshotRequest, "interpreter" | "bundle">;
  /** `--python`: a version or a path, as given. */
  python: string | undefined;
  json: boolean;
  quiet: boolean;
  out: string | undefined;
  target: string | undefined;
  detach: boolean;
  /** `--allow-secret`, as given. */
  allowSecret: string[];
  arguments: Record<string, ArgumentValue>;
  env: Record<string, string>;
  argv: string[];
}

/** Parses the words after `bundle` or `run`. Throws usage errors. */
export function parseEntryOptions(words: string[], command: "bundle" | "run", cwd: string, env: NodeJS.ProcessEnv): EntryOptions {
  const end = words.indexOf("--");
  const own = end === -1 ? words : words.slice(0, end);
  const argv = end === -1 ? [] : words.slice(end + 1);
  const { values, positionals } = parse(own);
  const onlyRun = ["target", "arg", "env", "detach", "allow-secret"] as const;
  for (const name of onlyRun) if (command === "bundle" && values[name] !== undefined) throw usage(`\`--${name}\` belongs to \`slingshot run\`.`);
  if (positionals.length + (values.module === undefined ? 0 : 1) !== 1) {
    throw usage(positionals.length > 1 ? `One entry at a time, not ${positionals.join(", ")}; script arguments go after \`--\`.` : "Name what to run: a file, `file.py::function`, a folder with `__main__.py`, or `-m MODULE`.");
  }
  const workspace = values.workspace === undefined ? findWorkspace(cwd) : folder(resolve(cwd, values.workspace));
  const snapshot: EntryOptions["snapshot"] = {
    workspace,
    cwd,
    entry: values.module === undefined ? entryOf(positionals[0] ?? "", cwd) : { module: values.module },
    overlays: (values.overlay ?? []).map((text) => overlayOf(text, cwd)),
    pythonPath: (env["PYTHONPATH"] ?? "").split(delimiter).filter((entry) => entry !== "").map((entry) => resolve(cwd, entry)),
    ...(values.root === undefined ? {} : { roots: values.root }),
    ...(values.site === undefined ? {} : { site: values.site.map((path) => folder(resolve(cwd, path))) }),
    ...(values.include === undefined ? {} : { include: values.include }),
  };
  return {
    workspace,
    snapshot,
    python: values.python,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    out: values.out === undefined ? undefined : resolve(cwd, values.out),
    target: values.target,
    detach: values.detach ?? false,
    allowSecret: values["allow-secret"] ?? [],
    arguments: Object.fromEntries((values.arg ?? []).map(argumentOf)),
    env: Object.fromEntries((values.env ?? []).map((text) => variableOf(text, env))),
    argv,
  };
}

/** The nearest folder at or above `cwd` that holds `.vscode/slingshot.json` or `.git`, else `cwd`. */
export function findWorkspace(cwd: string): string {
  for (let at = cwd; ; at = dirname(at)) {
    if (existsSync(join(at, projectFileName)) || existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return cwd;
  }
}

export function usage(message: string): SlingshotError {
  return new SlingshotError("usage", "usage", message, "`slingshot --help` shows how.");
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options: bundleOptions, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? `${error.message.split(". ")[0] ?? error.message}.` : String(error));
  }
}

function entryOf(text: string, cwd: string): SnapshotRequest["entry"] {
  const at = text.lastIndexOf("::");
  const path = resolve(cwd, at === -1 ? text : text.slice(0, at));
  if (at === -1) return { file: path };
  const name = text.slice(at + 2);
  if (!/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name)) throw usage(`"${name}" is no function name.`);
  return { file: path, function: name };
}

function overlayOf(text: string, cwd: string): Overlay {
  const at = text.indexOf("=");
  if (at < 1) throw usage(`\`--overlay\` wants PATH=FILE, not "${text}".`);
  const source = resolve(cwd, text.slice(at + 1));
  try {
    return { path: resolve(cwd, text.slice(0, at)), bytes: readFileSync(source) };
  } catch (error) {
    throw new SlingshotError("refused", "overlay-unreadable", `Failed to read the overlay ${source}: ${isErrno(error, "ENOENT") ? "no such file" : String(error)}.`, "Name a readable file.", { cause: error });
  }
}

function argumentOf(text: string): [string, ArgumentValue] {
  const match = /^([^=:]+)(:?=)([\s\S]*)$/.exec(text);
  const [, name, sign, value] = match ?? [];
  if (name === undefined || value === undefined) throw usage(`\`--arg\` wants name=value or name:=JSON, not "${text}".`);
  if (sign === "=") return [name, { text: value }];
  try {
    return [name, { json: JSON.parse(value) as unknown }];
  } catch {
    throw usage(`The value of \`--arg ${name}:=\` is no JSON: ${value}`);
  }
}

function variableOf(text: string, env: NodeJS.ProcessEnv): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  const value = env[text];
  if (at === 0 || text === "" || value === undefined) throw usage(`\`--env ${text}\`: there is no such variable here.`);
  return [text, value];
}

/** `path` where it is a folder. Throws a usage error else. */
export function folder(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) return path;
  throw usage(`${path} is not a folder.`);
}
