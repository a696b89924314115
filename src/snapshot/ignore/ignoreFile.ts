/** One ignore file, read as git reads it (gitignore(5)). Its patterns speak of paths below the folder that it stands in. */
import { lower, wildmatch } from "./wildmatch.js";

/** What the last pattern that matches says. */
export interface Verdict {
  ignored: boolean;
  /** 1-based. */
  line: number;
}

interface Pattern extends Verdict {
  folderOnly: boolean;
  /** The pattern has no slash and speaks of names at any depth. */
  ofName: boolean;
  matches: (text: string) => boolean;
}

export class IgnoreFile {
  /** The last one first. */
  private readonly patterns: readonly Pattern[];

  constructor(
    text: string,
    private readonly ignoreCase: boolean,
  ) {
    this.patterns = text
      .replace(/^\ufeff/, "")
      .split("\n")
      .flatMap((line, index) => pattern(line, index + 1, ignoreCase))
      .reverse();
  }

  /** The verdict on the path `relative` to the file's folder; null where no pattern speaks of it. */
  verdict(relative: string, isFolder: boolean): Verdict | null {
    const path = this.ignoreCase ? lower(bytesOf(relative)) : bytesOf(relative);
    const name = path.slice(path.lastIndexOf("/") + 1);
    return this.patterns.find((one) => (!one.folderOnly || isFolder) && one.matches(one.ofName ? name : path)) ?? null;
  }
}

function pattern(line: string, number: number, ignoreCase: boolean): Pattern[] {
  if (line.startsWith("#")) return [];
  let glob = bytesOf(trimmed(line.replace(/\r$/, "")));
  const ignored = !glob.startsWith("!");
  if (!ignored) glob = glob.slice(1);
  const folderOnly = glob.endsWith("/");
  if (folderOnly) glob = glob.slice(0, -1);
  if (glob === "") return [];
  const ofName = !glob.includes("/");
  if (glob.startsWith("/")) glob = glob.slice(1);
  return [{ ignored, line: number, folderOnly, ofName, matches: matcher(ignoreCase ? lower(glob) : glob, ofName, ignoreCase) }];
}

/** What stands before the first wildcard is compared as it is; git looks at the pattern from there on, and `**` may begin it. */
function matcher(glob: string, ofName: boolean, ignoreCase: boolean): (text: string) => boolean {
  const plain = /^[^*?[\\]*/.exec(glob)?.[0] ?? "";
  if (plain === glob) return (text) => text === glob;
  if (ofName) {
    const end = glob.slice(1);
    return glob.startsWith("*") && !/[*?[\\]/.test(end) ? (text) => text.endsWith(end) : wildmatch(glob, false, ignoreCase);
  }
  const rest = wildmatch(glob.slice(plain.length), true, ignoreCase);
  return (text) => text.startsWith(plain) && rest(text.slice(plain.length));
}

/** Without the blanks at the end that no backslash keeps. */
function trimmed(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === " ") continue;
    end = at + 1;
  }
  return line.slice(0, end);
}

/** One character for each UTF-8 byte. */
function bytesOf(text: string): string {
  return /[^\0-\x7f]/.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;
}
