/** The settings of git that say what is ignored, read from its configuration files (git-config(1)); git is not started. */
import { homedir } from "node:os";
import { gitFolder } from "../repository.js";
import { absolute, below, parentOf } from "../paths.js";

export interface GitSettings {
  /** `core.excludesFile`, or the place where git looks without it. */
  excludesFile: string;
  /** `core.ignoreCase`. */
  ignoreCase: boolean;
}

type ReadText = (path: string) => string | null;

const deepestInclude = 5;

/** `top`: the folder with `.git`, or null outside repositories. `[includeIf]` is not followed. */
export function gitSettings(top: string | null, read: ReadText): GitSettings {
  const home = homedir();
  const { XDG_CONFIG_HOME: xdg, GIT_CONFIG_GLOBAL: own, GIT_CONFIG_NOSYSTEM: noSystem } = process.env;
  const configuration = xdg === undefined || xdg === "" ? `${home}/.config` : xdg;
  const files = [
    ...(noSystem === undefined ? ["/etc/gitconfig"] : []),
    ...(own === undefined ? [`${configuration}/git/config`, `${home}/.gitconfig`] : [own]),
    ...(top === null ? [] : [below(commonFolder(gitFolder(top), read), "config")]),
  ];
  const values = new Map<string, string>();
  for (const file of files) readConfiguration(file, read, values, 0);
  const named = values.get("core.excludesfile");
  const isTrue = /^(true|yes|on|1|)$/i.test(values.get("core.ignorecase") ?? "false");
  return { excludesFile: named === undefined ? `${configuration}/git/ignore` : named === "" ? "" : absolute(top ?? home, expanded(named, home)), ignoreCase: isTrue };
}

/** The repository's own `info/exclude`. */
export function excludeFile(top: string, read: ReadText): string {
  return below(commonFolder(gitFolder(top), read), "info/exclude");
}

/** What the working trees of a repository share. */
function commonFolder(folder: string, read: ReadText): string {
  const shared = read(below(folder, "commondir"))?.trim();
  return shared === undefined || shared === "" ? folder : absolute(folder, shared);
}

function readConfiguration(file: string, read: ReadText, values: Map<string, string>, depth: number): void {
  let section = "";
  for (const line of (read(file) ?? "").replace(/\\\r?\n/g, "").split(/\r?\n/)) {
    const header = /^\s*\[([^\]"\s]+)(\s+"(?:[^"\\]|\\.)*")?\]/.exec(line);
    if (header !== null) section = (header[1] ?? "").toLowerCase() + (header[2] ?? "");
    const pair = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/.exec(header === null ? line : line.slice(header[0].length));
    if (pair === null) continue;
    const key = `${section}.${(pair[1] ?? "").toLowerCase()}`;
    const value = pair[2] === undefined ? "" : unquoted(pair[2]);
    if (key === "include.path" && depth < deepestInclude) readConfiguration(absolute(parentOf(file), expanded(value, homedir())), read, values, depth + 1);
    else values.set(key, value);
  }
}

/** A value without its quotes, escapes and comment. */
function unquoted(text: string): string {
  let value = "";
  let isQuoted = false;
  let kept = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[#;]/.test(character)) break;
    else if (character === "\\") value += { n: "\n", t: "\t", b: "\b" }[text[++at] ?? ""] ?? text.charAt(at);
    else value += character;
    if (isQuoted || !/\s/.test(character)) kept = value.length;
  }
  return value.slice(0, kept);
}

function expanded(path: string, home: string): string {
  return path.startsWith("~/") ? home + path.slice(1) : path;
}
