/** Notebooks and IPython scripts: the cells' Python, with magics and shell lines left out and `%run` followed. */
import type { Expression } from "./scan/expression.js";
import { scanSource } from "./scan/scanSource.js";
import type { DynamicImport, SourceScan } from "./scan/sourceScan.js";

/** Cell magics below which Python stands. */
const pythonCells = /^%%(time|timeit|capture|prun|memit|mprun|lprun|python3?|py)\b/;
/** Line magics that run the rest of the line as Python. */
const pythonLine = /^([ \t]*)%(time|timeit|prun|memit)[ \t]+(?!-)(.+)$/;
const magicLine = /^[ \t]*([%!?]|[\w.]+\?{1,2}\s*$)/;
const magicValue = /^([ \t]*[\w., ]+=\s*)[%!].*$/;
const runMagic = /^[ \t]*%run\s+(.*)$/;

/** The scan of the notebook (`.ipynb`) or IPython script (`.ipy`) at `path`; lines count from the first cell's first. */
export function scannedNotebook(path: string, bytes: Uint8Array): SourceScan {
  const text = new TextDecoder().decode(bytes);
  const cells = path.endsWith(".ipynb") ? codeCells(text) : [text.split(/\r\n|\n|\r/)];
  const runs: DynamicImport[] = [];
  const lines: string[] = [];
  const broken: { scan: SourceScan; before: number }[] = [];
  for (const cell of cells) {
    const before = lines.length;
    const source = pythonOf(cell, before, runs);
    const scan = cells.length > 1 ? scanSource(Buffer.from(source.join("\n"))) : null;
    // A cell that is half typed must not swallow those after it.
    if (scan !== null && isSwallowing(scan)) broken.push({ scan, before });
    lines.push(...(scan === null || !isSwallowing(scan) ? source : source.map(() => "")));
  }
  const whole = scanSource(Buffer.from(lines.join("\n")));
  const shifted = broken.flatMap(({ scan, before }) => scan.imports.map((statement) => ({ ...statement, line: statement.line + before })));
  const suspicious = whole.suspicious ?? (broken[0] === undefined ? null : { line: broken[0].before + (broken[0].scan.suspicious?.line ?? 1), what: "a triple-quoted string of a cell is never closed" });
  return { ...whole, imports: [...whole.imports, ...shifted], dynamic: [...whole.dynamic, ...runs], suspicious };
}

function isSwallowing({ suspicious }: SourceScan): boolean {
  return suspicious !== null && suspicious.complete !== true;
}

/** The Python of a cell, line by line; `%run` lines are added to `runs`. */
function pythonOf(cell: readonly string[], before: number, runs: DynamicImport[]): string[] {
  return cell.map((line, index) => {
    const run = runMagic.exec(line)?.[1];
    const found = run === undefined ? null : runOf(run, before + index + 1);
    if (found !== null) runs.push(found);
    const timed = pythonLine.exec(line);
    if (timed !== null) return `${timed[1] ?? ""}${timed[3] ?? ""}`;
    if (magicLine.test(line)) return `${/^[ \t]*/.exec(line)?.[0] ?? ""}pass`;
    return line.replace(magicValue, "$1None");
  });
}

function codeCells(text: string): string[][] {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const cells = isRecord(notebook) && Array.isArray(notebook["cells"]) ? (notebook["cells"] as unknown[]) : [];
  return cells.flatMap((cell) => {
    if (!isRecord(cell) || cell["cell_type"] !== "code") return [];
    const source = cell["source"];
    const lines = (Array.isArray(source) ? source.join("") : typeof source === "string" ? source : "").split(/\r\n|\n|\r/);
    const first = lines.find((line) => line.trim() !== "") ?? "";
    return first.startsWith("%%") && !pythonCells.test(first) ? [] : [lines];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** `%run [-n -i -e …] file` or `%run -m module`. */
function runOf(words: string, line: number): DynamicImport | null {
  const list: string[] = words.trim().match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const target = list.find((word, index) => !word.startsWith("-") || (index > 0 && list[index - 1] === "-m"));
  if (target === undefined) return null;
  const name = target.replace(/^["']|["']$/g, "");
  const value: Expression = { kind: "string", value: list.includes("-m") ? name : /\.(py|ipy|ipynb)$/.test(name) ? name : `${name}.py`, at: 0 };
  return { call: list.includes("-m") ? "run_module" : "run_path", target: value, anchor: null, names: null, line, scope: 0 };
}
