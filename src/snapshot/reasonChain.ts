/** Why a file is in a snapshot: the chain of reasons that leads to it, and its words for people. */
import type { ManifestFile, Reason } from "./manifest.js";

/** `path`, at its 1-based `line` (null: unknown), leads to `to`. */
export interface ChainStep {
  path: string;
  line: number | null;
  to: string;
  kind: Reason["kind"];
  detail: string | null;
}

export interface ReasonChain {
  /** Where the chain begins: the entry, or a file that a rule brought in. */
  start: ManifestFile;
  /** From `start` to the file; empty where the file is `start` itself. */
  steps: ChainStep[];
}

/** Chains of one snapshot's files. Reasons name the first step of the shortest way, so a chain is a shortest one too. */
export class ReasonChains {
  private readonly files: ReadonlyMap<string, ManifestFile>;

  constructor(files: readonly ManifestFile[]) {
    this.files = new Map(files.map((file) => [file.path, file]));
  }

  /** Undefined where `path` is not in the snapshot. Ends also where reasons of a damaged manifest lead in a circle or nowhere. */
  of(path: string): ReasonChain | undefined {
    let file = this.files.get(path);
    if (file === undefined) return undefined;
    const steps: ChainStep[] = [];
    for (const seen = new Set([path]); file.reason.by !== undefined; seen.add(file.path)) {
      const by = this.files.get(file.reason.by);
      steps.push({ path: file.reason.by, line: file.reason.line ?? null, to: file.path, kind: file.reason.kind, detail: file.reason.detail ?? null });
      if (by === undefined || seen.has(by.path)) break;
      file = by;
    }
    return { start: file, steps: steps.reverse() };
  }
}

/** What a file is for its `by`, and what it is without one. */
const words: Record<Reason["kind"], [by: string, alone: string]> = {
  entry: ["the entry of", "the entry"],
  import: ["imported by", "imported"],
  "parent-package": ["package of a module that is imported by", "package of an imported module"],
  "dynamic-import": ["imported dynamically by", "imported dynamically"],
  include: ["included for", "included by rule"],
  "data-reference": ["read by", "read by the code"],
  "shadows-stdlib": ["stands before the standard library for", "stands before the standard library"],
  conftest: ["test configuration of", "test configuration"],
  "native-extension": ["compiled module imported by", "compiled module"],
};

/** E.g. `imported by`, to be followed by the place, or `included by rule conf/**`. */
export function reasonWords(reason: Reason): string {
  const [by, alone] = words[reason.kind];
  if (reason.by !== undefined) return by;
  return reason.detail === undefined ? alone : reason.kind === "include" ? `${alone} ${reason.detail}` : `${alone}: ${reason.detail}`;
}

const verbs: Partial<Record<Reason["kind"], string>> = {
  "parent-package": "imports a module of",
  "dynamic-import": "imports dynamically",
  "data-reference": "reads",
  "native-extension": "imports, compiled,",
};

/** A step as half a sentence, e.g. `imports lib/io.py`. */
export function stepWords(step: Pick<ChainStep, "kind" | "to">): string {
  return `${verbs[step.kind] ?? "imports"} ${step.to}`;
}
