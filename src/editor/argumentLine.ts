/** Script arguments as one line: words parted by blanks, quotes and backslashes as in a POSIX shell, nothing expanded. */
import { SlingshotError } from "../base/errors.js";

/** @throws SlingshotError where a quote is not closed */
export function splitArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      word ??= "";
      for (at++; line.charAt(at) !== char; at++) {
        if (at >= line.length) throw new SlingshotError("usage", "open-quote", `A quote (${char}) is not closed.`, "Close it.");
        if (char === '"' && line.charAt(at) === "\\" && /["\\]/.test(line.charAt(at + 1))) at++;
        word += line.charAt(at);
      }
    } else {
      if (char === "\\" && at + 1 < line.length) at++;
      word = (word ?? "") + line.charAt(at);
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** The line that `splitArguments` reads as these words. */
export function joinArguments(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
