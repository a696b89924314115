/** CPython's `ast` as the judge of the scanner. */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { scopes, type SourceScan } from "../../../src/snapshot/scan/sourceScan.js";

export interface Truth {
  /** Level, module, names or null, first and last line of the statement, inside a function. */
  imports: [number, string, string[] | null, number, number, boolean][];
  /** Function name and literal argument of `import_module` and `__import__`. */
  calls: [string, string][];
}

export function python(): string {
  return process.env["SLINGSHOT_TEST_PYTHON"] ?? "python3";
}

const oracle = join(__dirname, "astOracle.py");

/** What `ast` finds in each task; null where it does not parse. `command` runs the oracle with another Python. */
export function truths(tasks: readonly ({ path: string } | { source: string })[], command: readonly [string, ...string[]] = [python(), "-I", oracle]): (Truth | null)[] {
  const input = tasks.map((task) => JSON.stringify(task)).join("\n");
  const [program, ...words] = command;
  const run = spawnSync(program, words, { input, maxBuffer: 1 << 30, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`the oracle failed: ${run.stderr}`);
  return run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Truth | null);
}

/** The command that runs the oracle with the newest Python, which lies in `folder`. */
export function newestPython(folder: string): [string, ...string[]] {
  return [process.execPath, join(__dirname, "newestOracle.mjs"), folder, oracle];
}

export function stdlibDirectory(): string {
  return execFileSync(python(), ["-I", "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"], { encoding: "utf8" }).trim();
}

/** What differs between the scan and the truth, in words; empty where they agree. */
export function differences(scan: SourceScan, truth: Truth, withLines: boolean): string[] {
  const key = (level: number, module: string, names: readonly string[] | null): string => `${".".repeat(level)}${module}:${names?.join(",") ?? ""}`;
  const wrong: string[] = [];
  const ours = scan.imports.map((entry) => key(entry.level, entry.module, entry.names));
  const theirs = truth.imports.map(([level, module, names]) => key(level, module, names));
  const missing = subtract(theirs, ours);
  const extra = subtract(ours, theirs);
  if (missing.length > 0) wrong.push(`missing ${missing.join(" ")}`);
  if (extra.length > 0) wrong.push(`extra ${extra.join(" ")}`);
  if (wrong.length === 0 && withLines) {
    scan.imports.forEach((entry, index) => {
      const [, module, , first, last, inside] = truth.imports[index] ?? [0, "", null, 0, 0, false];
      if (entry.module !== module) return; // decorators and defaults are visited in another order
      if (entry.line < first || entry.line > last) wrong.push(`line ${String(entry.line)} of ${module} is not in ${String(first)}–${String(last)}`);
      if (((entry.scope & scopes.deferred) !== 0) !== inside) wrong.push(`${module} at ${String(entry.line)}: inside a function is ${String(inside)}`);
    });
  }
  const called = scan.dynamic.filter((call) => call.call === "import_module" || call.call === "__import__").flatMap((call) => (call.target?.kind === "string" ? [`${call.call} ${call.target.value}`] : []));
  const trueCalls = truth.calls.map((call) => call.join(" "));
  const missed = subtract(trueCalls, called);
  const invented = subtract(called, trueCalls);
  if (missed.length > 0) wrong.push(`missing calls ${missed.join("; ")}`);
  if (invented.length > 0) wrong.push(`extra calls ${invented.join("; ")}`);
  return wrong;
}

function subtract(from: readonly string[], what: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of what) counts.set(item, (counts.get(item) ?? 0) + 1);
  return from.filter((item) => {
    const count = counts.get(item) ?? 0;
    if (count > 0) counts.set(item, count - 1);
    return count === 0;
  });
}

/** Every Python file below `directory`, those of installed packages apart. */
export function pythonFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".py") && !/\/site-packages(\/|$)/.test(entry.parentPath.slice(directory.length)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
