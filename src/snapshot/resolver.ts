/** `sys.modules` of a run that never happens: dotted names to modules, in the order of DESIGN 4.1. */
import { namespace, type Finder } from "./finder.js";
import type { Module, SearchDirectory } from "./modules.js";
import type { RootPlan } from "./rootPlan.js";
import { isEarly } from "./stdlib.js";

export class Resolver {
  private readonly modules = new Map<string, Module>();
  private missing = new Set<string>();
  /** The roots of a real run; `sys.path` edits change it. */
  readonly imports: SearchDirectory[];

  constructor(
    readonly finder: Finder,
    private readonly plan: RootPlan,
    private readonly stdlib: ReadonlySet<string>,
    /** Called for a package before its children are looked up: its `__path__` may be edited. */
    private readonly opened: (module: Module) => void,
    /** Whether a directory found by guess holds any Python: others are no namespace packages. */
    private readonly holdsPython: (directory: string) => boolean,
  ) {
    this.imports = [...plan.imports];
  }

  /** The module `name`, or null where it can't be imported. Parents are resolved first, as an import would. */
  resolve(name: string): Module | null {
    const known = this.modules.get(name);
    if (known !== undefined) return known;
    if (this.missing.has(name)) return null;
    const dot = name.lastIndexOf(".");
    const found = dot < 0 ? this.top(name) : this.child(name, name.slice(0, dot), name.slice(dot + 1));
    if (found === null) {
      this.missing.add(name);
      return null;
    }
    this.modules.set(name, found);
    if (found.search !== null && found.file !== null) this.opened(found);
    return found;
  }

  /** The module `name` where it has been resolved before. */
  known(name: string): Module | undefined {
    return this.modules.get(name);
  }

  /** The module `name` runs as `__main__`: an import of it looks it up again. */
  forget(name: string): void {
    this.modules.delete(name);
  }

  /** The roots have changed: what was missing may be there now. */
  changed(): void {
    this.missing = new Set();
  }

  /** Where `name` is installed, whether or not a local module hides it. */
  installed(name: string): boolean {
    const found = this.finder.find(name, name, this.plan.site);
    return found !== null && found.search?.some((entry) => entry.kind !== "site") !== true && (found.file !== null || found.kind === "external");
  }

  /** Every directory of that dotted name on the roots (or on the parent's path), packages and plain directories alike. */
  portions(name: string): SearchDirectory[] {
    const dot = name.lastIndexOf(".");
    const tail = name.slice(dot + 1);
    const search = dot < 0 ? [...this.imports, ...this.plan.declared, ...this.plan.site, ...this.plan.guessed] : (this.resolve(name.slice(0, dot))?.search ?? []);
    return search.flatMap((entry) => this.finder.findIn(name, tail, entry)?.search ?? []);
  }

  private child(name: string, parent: string, tail: string): Module | null {
    const owner = this.resolve(parent);
    if (owner === null) return null;
    if (owner.kind === "stdlib") return owner;
    if (owner.kind === "external") return owner;
    if (owner.search === null) return null;
    const found = this.finder.find(name, tail, owner.search) ?? this.mapped(name, tail);
    return found?.kind === "namespace" && owner.root === "guessed" && !this.plausible(found) ? null : found;
  }

  /** What the finder of an editable install has under the dotted name: it is asked when nobody else knows it. */
  private mapped(name: string, tail: string): Module | null {
    for (const entry of this.plan.declared) {
      const found = entry.only === undefined ? null : this.finder.findIn(name, tail, entry);
      if (found !== null) return found;
    }
    return null;
  }

  private top(name: string): Module | null {
    if (isEarly(name) && this.stdlib.has(name)) return this.standard(name);
    const portions: SearchDirectory[] = [];
    const look = (entries: readonly SearchDirectory[]): Module | null => {
      for (const entry of entries) {
        const found = this.finder.findIn(name, name, entry);
        if (found === null) continue;
        if (found.kind === "namespace" || (found.kind === "external" && found.search !== null && found.file === null && this.isPortion(found, name, entry))) {
          if (entry.kind !== "guessed" || this.plausible(found)) portions.push(...(found.search ?? []));
          continue;
        }
        return found;
      }
      return null;
    };
    const local = look(this.imports);
    if (local !== null) return local;
    if (this.stdlib.has(name)) return this.standard(name);
    return look(this.plan.declared) ?? look(this.plan.site) ?? look(this.plan.guessed) ?? namespace(name, portions) ?? this.mapped(name, name) ?? (name === "test" ? this.standard(name) : null);
  }

  /** An installed directory without `__init__` is a portion, too. */
  private isPortion(found: Module, name: string, entry: SearchDirectory): boolean {
    return found.search?.length === 1 && this.finder.isPlainDirectory(name, entry);
  }

  private plausible(found: Module): boolean {
    return found.search?.some((portion) => this.holdsPython(portion.directory)) === true;
  }

  private standard(name: string): Module {
    return { name, kind: "stdlib", file: null, beside: [], search: null, root: "site" };
  }
}
