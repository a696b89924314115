/** Data files that the sources name in a way that can be read: beside `__file__`, as package resources, or opened by a literal path. */
import { entryKind } from "./diskCache.js";
import { whole, type Evaluator } from "./evaluate.js";
import type { Closure } from "./closure.js";
import { absolute, isInside } from "./paths.js";
import { children, type Expression } from "./scan/expression.js";
import type { DataReference } from "./scan/sourceScan.js";

/** A file or directory that a source refers to. */
export interface Reference {
  path: string;
  isDirectory: boolean;
  /** Absolute path of the source. */
  by: string;
  line: number;
}

/** What the modules of `closure` refer to, each path once. */
export function dataReferences(closure: Closure): Reference[] {
  const found = new Map<string, Reference>();
  for (const entry of closure.executed) {
    const by = entry.module.file;
    if (by === null || closure.context.view.zipOf(by) !== null) continue;
    for (const data of entry.scan.data) {
      const evaluator = closure.evaluator(entry, data.line);
      for (const path of paths(data, evaluator, closure)) {
        const kind = closure.context.view.kindOf(path);
        if (kind === entryKind.none || found.has(path) || closure.graph.has(path)) continue;
        const isDirectory = kind === entryKind.directory;
        if (isDirectory && isInside(by, path)) continue;
        found.set(path, { path, isDirectory, by, line: data.line });
      }
    }
  }
  return [...found.values()];
}

function paths(data: DataReference, evaluator: Evaluator, closure: Closure): string[] {
  const { cwd } = closure.context;
  if (data.kind === "path") return basedPaths(data.target, evaluator).map((path) => absolute(cwd, path));
  if (data.kind === "open") {
    const value = evaluator.value(data.target);
    const text = value === null ? null : whole(value);
    if (text === null || text === "" || value?.kind !== "text" || text.includes("\0")) return [];
    return value.based || !text.startsWith("/") ? [absolute(cwd, text)] : [];
  }
  const name = evaluator.text(data.target);
  const directory = data.anchor === null ? null : evaluator.packagePath(data.anchor);
  return name === null || directory === null || name === "" ? [] : [absolute(directory, name)];
}

/** The largest parts of `expression` that are paths depending on where the source stands. */
function basedPaths(expression: Expression, evaluator: Evaluator): string[] {
  const value = evaluator.value(expression);
  const text = value === null ? null : whole(value);
  if (text !== null && value?.kind === "text") return value.based ? [text] : [];
  return children(expression).flatMap((child) => basedPaths(child, evaluator));
}
