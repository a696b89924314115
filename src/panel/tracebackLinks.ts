/** Places in a line of text that name a source line: `File "…", line N`, as Python prints them in a traceback. */

export interface FileLink {
  /** The part of the text that becomes a link: from the file's name to the line's number. */
  column: number;
  length: number;
  file: string;
  /** 1-based. */
  line: number;
}

const frame = /File "([^"\n]{1,4096})", line (\d{1,9})/g;

/** Links of one line; only files whose name holds one of `markers` (the job's tree or its working directory). */
export function fileLinks(text: string, markers: readonly string[]): FileLink[] {
  if (!text.includes('File "')) return [];
  const links: FileLink[] = [];
  for (const match of text.matchAll(frame)) {
    const [whole, file = "", line = "0"] = match;
    if (!markers.some((marker) => file.includes(marker))) continue;
    links.push({ column: match.index + 5, length: whole.length - 5, file, line: Number(line) });
  }
  return links;
}
