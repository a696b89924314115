/**
 * The imports of the open documents, kept up with edits and with files that come and go: an edit costs a scan of that document and
 * the names that are new in it, and a new file the names that could mean it. What is kept is only ever where a name was found; roots,
 * texts and the names themselves are taken from the disk and the documents each time.
 */
import { DocumentImports, type JobSettings, type KeptForDocuments } from "./documentImports.js";
import { digest } from "./diskCache.js";
import type { DocumentFacts, ImportFact, ImportPlace } from "./importFacts.js";
import { isErrno } from "../base/errors.js";
import { baseName, parentOf } from "./paths.js";
import type { Overlay } from "./request.js";
import { scopes } from "./scan/sourceScan.js";

export interface OpenDocument {
  /** Absolute path, or `.slingshot/untitled/<name>.py`. */
  path: string;
  text: string;
  /** It is meant to be run itself: it has a `__main__` guard. */
  isProgram: boolean;
  settings: JobSettings;
}

interface Known {
  document: OpenDocument;
  overlay: Overlay;
  sha256: string;
  /** The roots that `places` hold for. */
  roots: string;
  /** By `module`, or `module:item` for a name of a from-list; null: an attribute. */
  places: Map<string, ImportPlace | null>;
  /** Single names of which `places` are made: what a file must be called to mean one of them. */
  names: Set<string>;
  refersToData: boolean;
}

/** Files by absolute path, folders too. */
export interface FileEvents {
  /** Created or deleted. */
  moved: readonly string[];
  /** Written. */
  changed: readonly string[];
}

const rootFiles = /^(pyproject\.toml|setup\.(py|cfg)|__init__\.py|pyvenv\.cfg|conftest\.py|[^.]*|.*\.(pth|egg-link))$/;
const limit = 100_000_000;

export class ImportReports {
  /** Work done so far: names looked up. */
  readonly counts = { resolutions: 0 };
  private readonly documents = new Map<string, Known>();

  constructor(private readonly kept: KeptForDocuments) {}

  /** Takes the document's present state; gives the ids of the documents, itself included, whose facts may differ now. */
  set(id: string, document: OpenDocument): string[] {
    const known = this.documents.get(id);
    const bytes = Buffer.from(document.text, "utf8");
    const sha256 = digest(bytes);
    const sameJob = known !== undefined && known.document.path === document.path && known.document.settings === document.settings;
    if (sameJob && known.sha256 === sha256 && known.document.isProgram === document.isProgram) return [];
    this.documents.set(id, {
      document, overlay: { path: document.path, bytes }, sha256, roots: sameJob ? known.roots : "", places: sameJob ? known.places : new Map<string, ImportPlace | null>(),
      names: sameJob ? known.names : new Set(), refersToData: false,
    });
    const others = known === undefined ? this.filesChanged({ moved: [document.path], changed: [] }) : this.filesChanged({ moved: [], changed: [document.path] });
    return [...new Set([id, ...others])];
  }

  delete(id: string): void {
    this.documents.delete(id);
  }

  get ids(): string[] {
    return [...this.documents.keys()];
  }

  /** Forgets where names were found that these files could mean; gives the ids of the documents whose facts may differ now. */
  filesChanged({ moved, changed }: FileEvents): string[] {
    const affected = new Set<string>();
    const stems = new Set(moved.flatMap(moduleNames));
    const written = new Set(changed);
    const roots = [...moved, ...changed].some((path) => rootFiles.test(baseName(path)));
    const data = moved.some((path) => !path.endsWith(".py"));
    for (const [id, known] of this.documents) {
      const { places, names } = known;
      if (roots || (data && known.refersToData)) affected.add(id);
      if ([...names].some((name) => stems.has(name))) {
        for (const key of places.keys()) if (partsOf(key).some((part) => stems.has(part)) && places.delete(key)) affected.add(id);
      }
      for (const key of places.keys()) {
        const base = key.includes(":") ? places.get(key.slice(0, key.indexOf(":"))) : undefined;
        if (base?.kind === "local" && written.has(base.file) && places.delete(key)) affected.add(id);
      }
    }
    return [...affected];
  }

  /** Forgets all places, or those of one document: for when events may have been missed. */
  forget(id?: string): void {
    for (const [key, { places }] of this.documents) if (id === undefined || key === id) places.clear();
  }

  /** What is true now; undefined for a document that is not open. Throws what a snapshot of it would be refused for. */
  facts(id: string): DocumentFacts | undefined {
    const known = this.documents.get(id);
    if (known === undefined) return undefined;
    const imports = this.look(known);
    const roots = JSON.stringify(imports.roots());
    if (roots !== known.roots) known.places.clear();
    known.roots = roots;
    const used = new Set<string>();
    const place = (key: string, look: () => ImportPlace | null): ImportPlace | null => {
      used.add(key);
      const before = known.places.get(key);
      if (before !== undefined) return before;
      this.counts.resolutions++;
      const found = look();
      known.places.set(key, found);
      return found;
    };
    const facts: ImportFact[] = [];
    for (const statement of imports.scan.imports) {
      const { line, column, endColumn, scope } = statement;
      const where = { line, column, endColumn, scope, literal: null };
      if ((scope & scopes.typeOnly) !== 0) continue;
      const name = imports.nameOf(statement);
      if (name === null) {
        facts.push({ ...where, name: ".".repeat(statement.level) + statement.module, place: { kind: "outside-package" }, item: null });
        continue;
      }
      const found = place(name, () => imports.place(name));
      if (found !== null) facts.push({ ...where, name, place: found, item: null });
      if (found?.kind !== "local") continue;
      for (const item of statement.names ?? []) {
        const itself = place(`${name}:${item}`, () => imports.placeOfItem(name, item));
        if (itself !== null) facts.push({ ...where, name: `${name}.${item}`, place: itself, item });
      }
    }
    for (const call of imports.scan.dynamic) {
      const named = imports.nameOfCall(call);
      if (named === null) continue;
      const found = place(named.name, () => imports.place(named.name));
      if (found !== null) facts.push({ line: call.line, column: 0, endColumn: 0, scope: call.scope, name: named.name, place: found, item: null, literal: named.text });
    }
    for (const key of known.places.keys()) if (!used.has(key)) known.places.delete(key);
    known.names = new Set([...used].flatMap(partsOf));
    known.refersToData = imports.scan.data.length > 0;
    return { imports: facts, pathUnread: imports.pathUnread, hides: imports.hides(), unsent: imports.unsent() };
  }

  /** The document's imports as they are now, for questions beyond its facts. */
  imports(id: string): DocumentImports | undefined {
    const known = this.documents.get(id);
    return known === undefined ? undefined : this.look(known);
  }

  private look({ document, overlay }: Known): DocumentImports {
    this.kept.disk.begin(false, () => true);
    const others = [...this.documents.values()].filter((other) => other.document.path !== document.path && this.differs(other)).map((other) => other.overlay);
    return new DocumentImports(this.kept, document.path, document.isProgram, document.settings, [...others, overlay]);
  }

  /** Whether the document holds another text than its file. One whose file was deleted is none of a job's files. */
  private differs({ document: { path }, sha256 }: Known): boolean {
    if (!path.startsWith("/")) return false;
    try {
      const file = this.kept.disk.file(path, false, limit);
      return file === "too-large" || file.sha256 !== sha256;
    } catch (error) {
      if (isErrno(error)) return false;
      throw error;
    }
  }
}

function partsOf(key: string): string[] {
  return key.split(/[.:]/);
}

/** The names that a file or folder may be imported by. */
function moduleNames(path: string): string[] {
  const stem = baseName(path).split(".", 1)[0] ?? "";
  return stem === "__init__" ? [baseName(parentOf(path))] : [stem];
}
