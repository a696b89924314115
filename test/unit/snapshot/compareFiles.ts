/** The scanner and CPython's `ast` over many files. */
import { readFileSync } from "node:fs";
import { scanSource } from "../../../src/snapshot/scan/scanSource.js";
import { differences, truths } from "./astOracle.js";

export interface FilesCompared {
  /** In words, with the path. */
  wrong: string[];
  /** Files that parse, and the imports in them. */
  compared: number;
  names: number;
}

/** Compares `files` (paths, or sources) batch by batch; `command` runs the oracle with another Python. */
export function compareFiles(files: readonly (string | { source: Buffer })[], command?: readonly [string, ...string[]]): FilesCompared {
  const result: FilesCompared = { wrong: [], compared: 0, names: 0 };
  const batch = 2000;
  for (let start = 0; start < files.length; start += batch) {
    const some = files.slice(start, start + batch).map((file) => (typeof file === "string" ? { name: file, source: readFileSync(file) } : { name: file.source.toString(), source: file.source }));
    const found = truths(some.map(({ source }) => ({ source: source.toString("base64") })), command);
    some.forEach(({ name, source }, index) => {
      const truth = found[index];
      if (truth === null || truth === undefined) return;
      result.compared++;
      result.names += truth.imports.length;
      result.wrong.push(...differences(scanSource(source), truth, true).map((difference) => `${name}: ${difference}`));
    });
  }
  return result;
}
