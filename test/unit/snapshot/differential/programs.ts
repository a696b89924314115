/** Texts of generated modules: imports in every spelling, each so wrapped that it runs and that its failure stops nothing. */
import { childNames, type Layout, type PlannedModule } from "./layout.js";
import type { Random } from "./random.js";

export interface Programming {
  layout: Layout;
  /** Only what a static reader can settle: the closure must be exactly what is loaded. */
  exact: boolean;
  /** Files that may be run by path: they run nothing themselves. */
  tasks: readonly string[];
}

const falseFriends = ["# import alpha", "_text = 'import beta'", '_doc = """\nimport gamma\nfrom alpha import b\n"""', "_dict = {'import': 1}; _fromage = 2", "_f = f\"{'import a'} from b import c\"", "_r = r'\\\\'; _s = 'import a'", "_x = [\n    'import a',\n    # from b import c\n]"];

/** Programs for one workspace. Every branch of theirs runs. */
export class Programs {
  private serial = 0;

  constructor(
    private readonly random: Random,
    private readonly world: Programming,
  ) {}

  /** The text of `module`, or of the entry where its name is `__main__`. */
  text(module: PlannedModule, statements: number): string {
    const { random } = this;
    const lines: string[] = [];
    if (random.chance(0.1)) lines.push("# -*- coding: latin-1 -*-");
    const encoded = lines.length > 0;
    lines.push("from importlib import import_module as _load", "import os as _os, sys as _sys");
    if (module.isPackage && random.chance(0.25)) lines.push(this.all(module));
    if (module.isPackage && random.chance(0.15)) lines.push(this.pathEdit(module));
    if (random.chance(0.5)) lines.push("v0 = v1 = 1");
    for (let count = 0; count < statements; count++) {
      if (random.chance(0.15)) lines.push(random.pick(falseFriends));
      lines.push(random.chance(0.1) && !(this.world.exact && module.isPackage) ? this.star(module) : this.statement(module, ""));
    }
    const text = `${lines.join("\n")}\n`;
    return encoded ? text.replaceAll("ﬁ", "fi") : random.chance(0.06) ? `\ufeff${text}` : random.chance(0.06) ? text.replace(/\n/g, "\r\n") : text;
  }

  private statement(module: PlannedModule, indent: string, depth = 0): string {
    const { random } = this;
    const name = `_z${String(this.serial++)}`;
    const block = (header: string, body: string): string => `${indent}${header}\n${body}`;
    const within = `${indent}    `;
    const simple = (at: string): string => `${at}${this.one(module)}`;
    const guarded = (at: string): string => this.guarded(module, at);
    if (depth > 2) return guarded(indent);
    switch (random.weighted({ guarded: 6, def: 1.5, class: 1, if: 1.5, for: 0.7, while: 0.5, async: 0.4, typeOnly: 0.7, lambda: 0.5, semicolon: 0.6, match: 0, plain: this.world.exact ? 0 : 0.8, fallback: this.world.exact ? 0 : 1 })) {
      case "def":
        return `${block(`def ${name}(x=1, *y, **z) -> 'int':`, this.statement(module, within, depth + 1))}\n${indent}${name}()`;
      case "class":
        return block(`class ${name.toUpperCase()}(object):`, this.statement(module, within, depth + 1));
      case "if":
        return random.chance(0.5)
          ? block("if _sys.maxsize > 1:", this.statement(module, within, depth + 1))
          : `${indent}for ${name} in (1, 0):\n${within}if ${name}:\n${this.statement(module, `${within}    `, depth + 1)}\n${within}else:\n${this.statement(module, `${within}    `, depth + 1)}`;
      case "for":
        return block(`for ${name} in (0,):`, this.statement(module, within, depth + 1));
      case "while":
        return `${block("while True:", this.statement(module, within, depth + 1))}\n${within}break`;
      case "async":
        return `${block(`async def ${name}():`, this.statement(module, within, depth + 1))}\n${indent}with quiet: ${name}().send(None)`;
      case "typeOnly":
        return random.chance(0.5) ? `${indent}import typing as _t\n${block("if _t.TYPE_CHECKING:", simple(within))}` : `${indent}from typing import TYPE_CHECKING as _TC\n${block("if not _TC:", `${within}${name} = 1`)}\n${block("else:", simple(within))}`;
      case "lambda":
        return `${indent}with quiet: ${name} = (lambda: ${this.call(module)})()`;
      case "semicolon":
        return `${indent}with quiet: ${name} = 1; ${this.one(module)}`;
      case "plain":
        return simple(indent);
      case "fallback":
        return `${block("try:", simple(within))}\n${block("except ImportError:", guarded(within))}`;
      default:
        return guarded(indent);
    }
  }

  /** Star imports stand at the top of a module only. */
  private star(module: PlannedModule): string {
    const { random } = this;
    const from = module.name.includes(".") && random.chance(0.4) ? `.${random.pick(["", random.pick(childNames)])}` : this.target();
    return `with quiet:\n    from ${from} import *`;
  }

  private guarded(module: PlannedModule, indent: string): string {
    const one = this.one(module);
    const within = `${indent}    `;
    switch (this.random.weighted({ quiet: 5, broad: 2, suppress: 1, inline: 1 })) {
      case "broad":
        return `${indent}try:\n${within}${one}\n${indent}except ${this.random.pick(["Exception", "(ImportError, AttributeError, ValueError, KeyError, TypeError, FileNotFoundError)", "Exception as _e"])}:\n${within}pass`;
      case "suppress":
        return `${indent}import contextlib as _c\n${indent}with _c.suppress(Exception):\n${within}${one}`;
      case "inline":
        return `${indent}with quiet: ${one}`;
      default:
        return `${indent}with quiet:\n${within}${one}`;
    }
  }

  /** One import statement or call, on one logical line. */
  private one(module: PlannedModule): string {
    const { random, world } = this;
    const alias = `_z${String(this.serial++)}`;
    const name = this.target();
    const inPackage = module.name.includes(".") || module.isPackage;
    switch (random.weighted({ import: 4, as: 2, from: 4, relative: inPackage ? 5 : 0.3, call: 1.5, second: 0.7, blanks: 0.4 })) {
      case "import":
        return module.isPackage && world.exact ? `import ${name} as ${alias}` : `import ${name}`;
      case "as":
        return `import ${name} as ${alias}`;
      case "from":
        return `from ${name} import ${this.names(alias)}`;
      case "relative":
        return `from ${random.pick([".", ".", "..", "...", ". .", "...."])}${random.chance(0.5) ? "" : random.chance(0.7) ? random.pick(childNames) : `${random.pick(childNames)}.${random.pick(childNames)}`} import ${this.names(alias)}`;
      case "call":
        return `${alias} = ${this.call(module)}`;
      case "second":
        return `import os as _os, ${name} as ${alias}`;
      default:
        return `from \\\n  ${name.replace(/\./g, " . ")} import (${this.names(alias).replace(/, /g, ",\n")}, # note\n)`;
    }
  }

  private names(alias: string): string {
    const { random } = this;
    const names = [random.pick([...childNames, "v0"])];
    if (random.chance(0.4)) names.push(random.pick([...childNames, "v1"]));
    return names.map((name, index) => `${name} as ${alias}_${String(index)}`).join(", ");
  }

  /** An expression that imports. */
  private call(module: PlannedModule): string {
    const { random } = this;
    const name = this.target();
    const child = random.pick(childNames);
    const dotted = module.name.includes(".") || module.isPackage;
    const forms = [`_load(${JSON.stringify(name)})`, `_load(name=${JSON.stringify(name)})`, `__import__(${JSON.stringify(name)})`, `__import__(${JSON.stringify(name)}, fromlist=[${JSON.stringify(child)}, 'v0'])`, `__import__('importlib').import_module(${JSON.stringify(name)})`];
    if (dotted) forms.push(`_load('.${child}', __package__)`, `_load(f'.${child}', package=__package__)`, `__import__('${child}', globals(), locals(), ['v0'], 1)`, `__import__('', globals(), None, ['${child}'], 1)`);
    if (module.isPackage) forms.push(`_load(__name__ + '.${child}')`, `_load(f'{__name__}.${child}')`, `_load('%s.%s' % (__name__, '${child}'))`);
    if (this.world.tasks.length > 0) {
      const up = "_os.path.dirname(".repeat(module.path.split("/").length);
      const base = `${up}_os.path.abspath(__file__)${")".repeat(module.path.split("/").length)}`;
      forms.push(`__import__('runpy').run_path(_os.path.join(${base}, ${JSON.stringify(random.pick(this.world.tasks))}))`);
    }
    return random.pick(forms);
  }

  /** A dotted name: mostly one that some root holds, or a change of one. */
  private target(): string {
    const { random, world } = this;
    const known = world.layout.modules;
    const name = known.length > 0 && random.chance(0.85) ? random.pick(known).name : random.pick(["alpha", "pkg.a", "ns.sub.util", "case", "gone", "mod.b"]);
    const changed = random.chance(0.15) ? `${name}.${random.pick(childNames)}` : random.chance(0.1) ? (name.split(".", 1)[0] ?? name) : name;
    return random.chance(0.1) ? changed.replace("file", "ﬁle").replace(/(^|\.)a($|\.)/, "$1ª$2") : changed;
  }

  private all(module: PlannedModule): string {
    const names = new Set([this.random.pick(childNames), this.random.pick(childNames)]);
    const list = [...names].map((name) => JSON.stringify(name)).join(", ");
    return module.isPackage ? this.random.pick([`__all__ = [${list}]`, `__all__ = (${list},)`, `__all__ = []\n__all__ += [${list}]`, `__all__ = ['v0']\n__all__.extend([${list}])`, `__all__ = ['v0'] + [${list}]`]) : "";
  }

  private pathEdit(module: PlannedModule): string {
    const { random } = this;
    const folders = this.world.layout.modules.filter((other) => other.isPackage).map((other) => other.path.replace(/\/__init__\.py$/, ""));
    const here = module.path.replace(/\/__init__\.py$/, "");
    const to = random.pick([...folders, here]);
    const up = "'..', ".repeat(here.split("/").length);
    const place = `_os.path.join(_os.path.dirname(__file__), ${up}${JSON.stringify(to)})`;
    return random.pick([`__path__.append(${place})`, `__path__.insert(0, ${place})`, `__path__ += [${place}]`, `__path__.extend([${place}])`, `__path__ = [${place}] + __path__`, `__path__[:0] = [${place}]`, `from pkgutil import extend_path as _ep; __path__ = _ep(__path__, __name__)`, `__path__ = __import__('pkgutil').extend_path(__path__, __name__)`]);
  }
}
