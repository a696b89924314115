/** Random working trees with ignore files of all sorts, and what git says of them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Numbers from 0 to below `limit`, the same ones for the same seed. */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
  };
}

const names = ["a", "b", "ab", "abc", "build", "data", "a.log", "b.log", "x.py", "keep.txt", "A", "Build", "a b", "end ", "#hash", "!bang", "[x]", "a*b", "q?", "back\\slash", "é", ".hidden", "-", "^", "tab\tname", "{a,b}", "a]b"];
const atoms = ["a", "b", "ab", "abc", "build", "data", "x", ".log", ".py", "*", "*", "**", "?", "/", "/", "[ab]", "[!a]", "[^a]", "[a-c]", "[[:alpha:]]", "[[:upper:]]", "[[:space:]]", "[]x]", "[a-]", "[\\]]", "[", "[z", "\\*", "\\?", "\\[x]", "\\a", "\\", " ", "\\ ", "#", "\\#hash", "!", "\\!bang", "{a,b}", "é", "é", "^", "-", "A", "Build", ".hidden", "\t"];
const wholes = ["*", "/*", "!*/", "**", "**/", "/**", "**/a", "a/**", "a/**/b", "a**b", "**a", "a**", "a/", "/a", "!a", "!a/", "!/a/b", "*.log", "!a.log", "build/", "!build/", "!build/keep.txt", "build/*", "/build/*", "data/**/x.py", "end\\ ", "end ", "end  ", "a b ", "\\!bang", "\\#hash", "#hash", "!bang", "**/**/a", "a/**/**/b", "*/", "*/*", "/", "//", "!", "\\", "a\\", "/**/a", "***", "a/***/b", "a//b", "./a", "../a", "a/.", "*.?og", "[a-c]/", "[A-Z]*", "[!.]*", "x.py/", "﻿a", "[[:digit:][:alpha:]]", "[b-a]", "[a-c-e]", "[--0]", "[\\a-\\c]", "a\\/b", "a[/]b", "a[^x]b", "?", "??", "*?", "\r", "a\r"];

export interface Tree {
  paths: string[];
  /** Text of each ignore file by path below the tree. */
  ignores: Record<string, string>;
}

/** A few random lines of an ignore file. */
export function randomPatterns(random: (limit: number) => number): string {
  return Array.from({ length: 1 + random(6) }, () => pattern(random)).join(random(8) === 0 ? "\r\n" : "\n") + (random(3) === 0 ? "" : "\n");
}

function pattern(random: (limit: number) => number): string {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const kind = random(10);
  if (kind < 4) return pick(wholes);
  if (kind < 6) return (random(4) === 0 ? "!" : "") + (random(3) === 0 ? "/" : "") + pick(names) + (random(4) === 0 ? "/" : "");
  return (random(4) === 0 ? "!" : "") + Array.from({ length: 1 + random(5) }, () => pick(atoms)).join("") + (random(5) === 0 ? "/" : "");
}

/** A tree of about fifty paths, three levels deep, with up to four ignore files. */
export function randomTree(seed: number): Tree {
  const random = randomFrom(seed * 7919 + 13);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const paths = new Set<string>();
  const directories = [""];
  for (let n = 0; n < 6; n++) directories.push(`${pick(directories)}${pick(["a", "b", "ab", "build", "data", "A", "a b", ".hidden", "[x]", "é"])}/`);
  const folders = new Set(directories);
  for (let n = 0; n < 45; n++) {
    const path = pick(directories) + pick(names);
    if (!folders.has(`${path}/`)) paths.add(path);
  }
  const text = (): string => randomPatterns(random);
  const ignores: Record<string, string> = { ".gitignore": text() };
  for (let n = 0; n < random(4); n++) ignores[`${pick(directories)}.gitignore`] = text();
  return { paths: [...paths], ignores };
}

/** Makes the folders and the ignore files; of the other files only the names matter. */
export function plant(folder: string, { paths, ignores }: Tree): void {
  for (const path of [...paths, ...Object.keys(ignores)]) mkdirSync(dirname(join(folder, path)), { recursive: true });
  for (const [path, content] of Object.entries(ignores)) writeFileSync(join(folder, path), content);
}

export interface GitRuling {
  ignored: boolean;
  source: string;
  line: number;
}

/** What `git check-ignore -v` says of each path; null where no pattern speaks of it. */
export function askGit(folder: string, paths: readonly string[], env: NodeJS.ProcessEnv): Map<string, GitRuling | null> {
  let output: Buffer;
  try {
    output = execFileSync("git", ["check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"], { cwd: folder, env, input: paths.join("\0"), stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    // 1: none of them is ignored.
    const failed = error as { status?: number; stdout?: Buffer };
    if (failed.status !== 1 || failed.stdout === undefined) throw error;
    output = failed.stdout;
  }
  const fields = output.toString().split("\0");
  const rulings = new Map<string, GitRuling | null>();
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = "", line = "", text = "", path = ""] = fields.slice(at, at + 4);
    rulings.set(path, source === "" ? null : { ignored: !text.startsWith("!"), source, line: Number(line) });
  }
  return rulings;
}
