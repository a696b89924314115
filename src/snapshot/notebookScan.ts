/** Notebooks and IPython scripts: the cells' Python, with magics and shell lines left out and `%run` followed. */
import type { Expression } from "./scan/expression.js";
import { scanSource } from "./scan/scanSource.js";
import type { DynamicImport, SourceScan } from "./scan/sourceScan.js";

const pythonCells = /^%%(time|timeit|capture|prun|memit)\b/;
const magicLine = /^[ \t]*([%!?]|[\w.]+\?{1,2}\s*$)/;
const magicValue = /^([ \t]*[\w., ]+=\s*)[%!].*$/;
const runMagic = /^[ \t]*%run\s+(.*)$/;

/** The scan of the notebook (`.ipynb`) or IPython script (`.ipy`) at `path`. */
export function scannedNotebook(path: string, bytes: Uint8Array): SourceScan {
  const text = new TextDecoder().decode(bytes);
  const lines = path.endsWith(".ipynb") ? cellLines(text) : text.split(/\r\n|\n|\r/);
  const runs: DynamicImport[] = [];
  const source = lines.map((line, index) => {
    const run = runMagic.exec(line)?.[1];
    if (run !== undefined) {
      const found = runOf(run, index + 1);
      if (found !== null) runs.push(found);
    }
    if (magicLine.test(line)) return `${/^[ \t]*/.exec(line)?.[0] ?? ""}pass`;
    return line.replace(magicValue, "$1None");
  });
  const scan = scanSource(Buffer.from(source.join("\n")));
  return { ...scan, dynamic: [...scan.dynamic, ...runs] };
}

function cellLines(text: string): string[] {
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
    const lines = (Array.isArray(source) ? source.join("") : typeof source === "string" ? source : "").split("\n");
    const first = lines[0] ?? "";
    if (first.startsWith("%%") && !pythonCells.test(first)) return [];
    return lines;
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** `%run [-n -i -e …] file` or `%run -m module`. */
function runOf(words: string, line: number): DynamicImport | null {
  const list = words.trim().split(/\s+/);
  const target = list.find((word, index) => !word.startsWith("-") || (index > 0 && list[index - 1] === "-m"));
  if (target === undefined) return null;
  const name = target.replace(/^["']|["']$/g, "");
  const value: Expression = { kind: "string", value: list.includes("-m") ? name : /\.(py|ipy|ipynb)$/.test(name) ? name : `${name}.py`, at: 0 };
  return { call: list.includes("-m") ? "run_module" : "run_path", target: value, anchor: null, names: null, line, scope: 0 };
}
