/** What a scan of one Python source says. Plain data, free of the file's place and name, so it can be kept by content. */
import type { Expression } from "./expression.js";

/** Marks of an import statement. */
export const scopes = {
  /** Inside a function body: runs when the function is called. */
  deferred: 1,
  /** Inside a `TYPE_CHECKING` body: never runs. */
  typeOnly: 2,
  /** Inside a `try` whose handler takes an ImportError, or `with suppress(ImportError)`. */
  guarded: 4,
  /** Inside any other conditional block. */
  conditional: 8,
} as const;

/** One module named by an import statement: `import a, b` gives two. */
export interface ImportStatement {
  /** Leading dots; 0 for an absolute import. */
  level: number;
  /** Dotted name after the dots, NFKC-normalised; "" for `from . import x`. */
  module: string;
  /** Names after `import` in a `from` statement, `*` for a star import; null for `import module`. */
  names: string[] | null;
  /** 1-based line of the module name (of the first dot for relative imports). */
  line: number;
  /** Columns of the dotted name in UTF-16 units, 0-based, end exclusive. */
  column: number;
  endColumn: number;
  /** Bits of `scopes`. */
  scope: number;
}

/** A call that loads code by name or path. `handed_on`: another function gets one that imports, and the name. */
export interface DynamicImport {
  call: "import_module" | "__import__" | "run_module" | "run_path" | "load_path" | "iter_modules" | "entry_point" | "resolve_name" | "handed_on";
  target: Expression | null;
  /** `package=` of import_module; the level of `__import__`. */
  anchor: Expression | null;
  /** `fromlist` of `__import__`. */
  names: Expression | null;
  line: number;
  scope: number;
}

/** A change to `sys.path` or, in an `__init__`, to `__path__`. */
export interface PathEdit {
  path: "sys.path" | "__path__";
  operation: "append" | "prepend" | "insert" | "replace" | "extend_path" | "remove";
  /** Each evaluates to one entry (or, with `spread`, to a sequence of entries). */
  entries: Expression[];
  /** Index of `insert` where it is a literal number. */
  index: number | null;
  line: number;
  scope: number;
}

/** An expression that names a data file. */
export interface DataReference {
  kind: "open" | "path" | "resource";
  target: Expression;
  /** Package of `get_data`, `read_text`, …; null where `target` says it all. */
  anchor: Expression | null;
  line: number;
}

/** One assignment `name = expression` that later expressions may use. */
export interface Constant {
  name: string;
  value: Expression;
  line: number;
  /** One of several that the name may stand for: alone it settles nothing. */
  oneOfSeveral?: true;
}

/** The literal content of `__all__`, as far as it can be read. */
export interface AllNames {
  names: string[];
  dynamic: boolean;
  line: number;
}

export interface SourceScan {
  imports: ImportStatement[];
  dynamic: DynamicImport[];
  pathEdits: PathEdit[];
  data: DataReference[];
  constants: Constant[];
  all: AllNames | null;
  /** String literals of the form `a.b` or `a.b:c`, with their 1-based lines. */
  strings: { text: string; line: number }[];
  /** Lines of calls of `exec`, `eval` and `compile`. */
  execs: number[];
  /** Local name → qualified name, for imports of the modules that expressions are read with. */
  aliases: Record<string, string>;
  /** The source writes `sys.modules[…]`. */
  writesModules: boolean;
  /** What Python can't read: a string or bracket that stays open, bytes that are no text. `complete`: all else of the source was read nevertheless. */
  suspicious: { line: number; what: string; complete?: true } | null;
}

export function emptyScan(): SourceScan {
  return {
    imports: [],
    dynamic: [],
    pathEdits: [],
    data: [],
    constants: [],
    all: null,
    strings: [],
    execs: [],
    aliases: {},
    writesModules: false,
    suspicious: null,
  };
}
