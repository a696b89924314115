/** The names that make a statement worth reading as expressions. Everything else is skipped byte by byte. */
import { identifier } from "./bytes.js";
import { dataReaders } from "./dataReaders.js";

const always = ["import_module", "__import__", "run_module", "run_path", "open", "exec", "eval", "compile", "__file__", "__path__", "__all__", "addsitedir", "get_data", "extend_path", "spec_from_file_location", "load_source", "SourceFileLoader", "TYPE_CHECKING", "suppress"];

/** Names that count only where no dot stands before them: `re.compile` and `model.eval` are others'. */
const bare = new Set(["eval", "compile"]);

/** Names that become interesting once their module is imported. */
const whenImported: Record<string, readonly string[]> = {
  pathlib: ["Path", "PurePath", "PosixPath"],
  "importlib.resources": ["files", "read_text", "read_binary", "open_text", "open_binary", "path"],
  importlib: ["files"],
  importlib_resources: ["files", "read_text", "read_binary", "open_text", "open_binary", "path"],
  pkgutil: ["iter_modules", "walk_packages", "resolve_name"],
  pydoc: ["locate"],
  "importlib.metadata": ["load"],
  importlib_metadata: ["load"],
  pkg_resources: ["load", "load_entry_point"],
  ...dataReaders,
};

/** Modules whose names expressions are read with: what they are called locally is kept. */
const known = new Set(["os", "os.path", "posixpath", "sys", "site", "importlib", "importlib.resources", "importlib.util", "importlib.machinery", "importlib_resources", "runpy", "pkgutil", "pathlib", "builtins", "io", "codecs", "contextlib", "typing", "typing_extensions", "imp", "importlib.metadata", "importlib_metadata", "pkg_resources", "pydoc", ...Object.keys(dataReaders), "PIL", "pyarrow", "matplotlib", "dask"]);
const calls = new Set(["importlib.import_module", "importlib.__import__", "builtins.__import__", "runpy.run_module", "runpy.run_path", "pkgutil.get_data", "pkgutil.iter_modules", "pkgutil.walk_packages", "pkgutil.resolve_name", "pydoc.locate", "builtins.eval", "builtins.compile", "site.addsitedir", "sys.path", "typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING", "io.open", "codecs.open", "builtins.open", "builtins.exec", "pathlib.Path", "pathlib.PurePath", "importlib.resources.files", "importlib_resources.files", "contextlib.suppress", "sys", "importlib.util.spec_from_file_location", "importlib.machinery.SourceFileLoader"]);

export class Interest {
  private readonly masks = new Uint32Array(256);
  private readonly words = new Set<string>();
  private dirty = false;

  constructor() {
    this.reset();
  }

  reset(): void {
    if (!this.dirty && this.words.size > 0) return;
    this.masks.fill(0);
    this.words.clear();
    for (const word of always) this.insert(word);
    this.dirty = false;
  }

  add(word: string): void {
    if (this.words.has(word)) return;
    this.insert(word);
    this.dirty = true;
  }

  private insert(word: string): void {
    this.words.add(word);
    const first = Buffer.from(word)[0] ?? 0;
    this.masks[first] = (this.masks[first] ?? 0) | (first >= 0x80 ? 0xffffffff : 1 << (word.length & 31));
  }

  /** The name at `[start, end)` where it is interesting. */
  find(buffer: Uint8Array, start: number, end: number): string | null {
    const mask = this.masks[buffer[start] ?? 0] ?? 0;
    if (mask === 0 || (mask & (1 << ((end - start) & 31))) === 0) return null;
    const text = identifier(buffer, start, end);
    return this.words.has(text) && !(bare.has(text) && buffer[start - 1] === 0x2e && !endsBuiltins(buffer, start - 1)) ? text : null;
  }

  /** Takes note of `import module as local` or `from module import name as local`; returns the qualified name to keep. */
  imported(module: string, name: string | null, local: string): string | null {
    if (!known.has(module)) return null;
    const qualified = name === null ? module : `${module}.${name}`;
    for (const word of whenImported[module] ?? []) this.add(word);
    if (name !== null) for (const word of whenImported[qualified] ?? []) this.add(word);
    if (calls.has(qualified) && (qualified !== "sys" || local !== "sys")) this.add(local);
    return qualified;
  }
}

/** Whether `builtins` or `__builtins__` stands right before `end`. */
function endsBuiltins(buffer: Uint8Array, end: number): boolean {
  const name = Buffer.from(buffer.buffer, buffer.byteOffset + Math.max(0, end - 12), Math.min(end, 12)).toString("latin1");
  return name === "__builtins__" || /(^|[^\w.])builtins$/.test(name);
}
