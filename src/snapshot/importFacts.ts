/** What is known about the imports of one open document. Plain data. */
import type { RootKind } from "./modules.js";

/** Where a job would find a module. */
export type ImportPlace =
  | {
      kind: "local";
      /** Absolute path of the file, or of a namespace package's first folder. */
      file: string;
      /** The directory on `sys.path` that it is found through, absolute. */
      root: string;
      /** `beside`: only where the job's entry stands in `root`, as a folder around the document. */
      rootKind: Exclude<RootKind, "site"> | "beside";
      /** It takes the place of the standard library's module of that name. */
      hidesStandard: boolean;
    }
  | { kind: "standard-library" }
  | { kind: "installed"; /** Top-level name. */ top: string }
  /** `gone` is the first part that is nowhere; `owner` the local package that lacks it, or null at the top level. */
  | { kind: "missing"; gone: string; owner: string | null }
  /** Not local; no interpreter was asked. */
  | { kind: "unknown" }
  /** A relative import that leads out of the document's package. */
  | { kind: "outside-package" };

/** One module that the document names in an import, or by a literal in a call such as `import_module("…")`. */
export interface ImportFact {
  /** Absolute dotted name; as written where it has none. */
  name: string;
  place: ImportPlace;
  /** The name in the list after `import` that this is about; null: the module before it. */
  item: string | null;
  /** The text of the literal, for a call. */
  literal: string | null;
  /** 1-based line and 0-based columns (UTF-16 units, end exclusive) of the module's name; for a call only the line counts. */
  line: number;
  column: number;
  endColumn: number;
  /** Bits of `scopes`. */
  scope: number;
}

/** A data file or folder that the document names and that a launch would not send unasked. */
export interface UnsentData {
  /** Manifest path. */
  path: string;
  isFolder: boolean;
  /** 1-based. */
  line: number;
  /** Why, as a sentence without its subject. */
  why: string;
  /** Whether a glob of `bundle.include` would send it; false also for what by its name may hold a secret. */
  includable: boolean;
}

export interface DocumentFacts {
  imports: readonly ImportFact[];
  /** The document changes `sys.path` in a way that can't be read: what is missing may be found in the run. */
  pathUnread: boolean;
  /** The module of the standard library that the document itself hides from programs; null: none. */
  hides: string | null;
  unsent: readonly UnsentData[];
}
