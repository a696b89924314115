/** A module as the import system would know it. */

/** Where a directory of the search path comes from. */
export type RootKind = "import" | "declared" | "site" | "guessed";

/** One directory that modules are looked up in. */
export interface SearchDirectory {
  directory: string;
  kind: RootKind;
  /** Only these dotted names are found here, each at its own path (an editable install's mapping). */
  only?: ReadonlyMap<string, string>;
  /** Beside `only`: the directories of namespace packages, by dotted name. */
  namespaces?: ReadonlyMap<string, readonly string[]>;
  /** Part of the snapshot only where a file of it lies below. */
  whenUsed?: boolean;
}

export type ModuleKind = "source" | "extension" | "sourceless" | "namespace" | "external" | "stdlib";

export interface Module {
  name: string;
  /** Dotted name that relative imports are taken from, where it differs: `pkg.cli` of `python -m pkg.cli`. */
  alias?: string;
  kind: ModuleKind;
  /** Absolute path of the file that is loaded; null for namespace packages and modules that are not local. */
  file: string | null;
  /** Other local files that belong to it: the source beside an extension module. */
  beside: string[];
  /** `__path__`, or null where it is no package. */
  search: SearchDirectory[] | null;
  /** Followed by the closure. */
  started?: boolean;
  /** Its parents have been loaded with it. */
  complete?: boolean;
  /** Its file's number in the graph, once it is part of the closure. */
  number?: number;
  /** Kind of the root that it was found through. */
  root: RootKind;
}
