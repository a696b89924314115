/** Finds a query in one line of shown text. The host searches the spool with it, the webview marks what is on screen. */

export interface Query {
  query: string;
  matchCase: boolean;
  regex: boolean;
}

/** Columns are UTF-16 units of the shown text. */
export interface Match {
  column: number;
  length: number;
}

/** Matches that one line may have; more are not counted. */
const perLine = 1000;

/** A function that finds all matches of one line, or a sentence about what is wrong with the regular expression. */
export function matcher({ query, matchCase, regex }: Query): ((text: string) => Match[]) | { problem: string } {
  if (query === "") return () => [];
  if (!regex && matchCase) return (text) => literalMatches(text, query);
  try {
    const source = regex ? query : query.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    const pattern = new RegExp(source, matchCase ? "gu" : "giu");
    return (text) => patternMatches(text, pattern);
  } catch (error) {
    return { problem: `This is not a regular expression: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function literalMatches(text: string, query: string): Match[] {
  const found: Match[] = [];
  for (let at = text.indexOf(query); at !== -1 && found.length < perLine; at = text.indexOf(query, at + query.length)) {
    found.push({ column: at, length: query.length });
  }
  return found;
}

function patternMatches(text: string, pattern: RegExp): Match[] {
  const found: Match[] = [];
  for (const match of text.matchAll(pattern)) {
    if (match[0] !== "") found.push({ column: match.index, length: match[0].length });
    if (found.length === perLine) break;
  }
  return found;
}
