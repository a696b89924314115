/** Small changes to real sources that often leave them valid Python: food for the differential fuzzer. */

/** A repeatable source of numbers in [0, 1) (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const statements = [
  "import a1", "import a1.b2 as c3, d4", "from . import e5", "from .. f6 import g7", "from .h8.i9 import (j, k as l,\n   m, # comment import n\n)", "from o import *", "from...p import q", "import\\\n  r", "from s import\\\n t",
  "import ünïcode, ﬁx", "x = 1; import u1; y = 2", "if x: import v1", "try: import w1\nexcept ImportError: import w2", "class K: import k1", "def f(): import f1; from . import f2", "with a as b: from c import d",
  "lambda: __import__('la')", "z = __import__('mod.name', fromlist=['x'])", "importlib.import_module('lit.eral')", "import_module ( 'spaced' )", "assert import_module", "x: int = 5", "d = {import_: 1}", "print(f'{__import__(\"inside\")}')",
  "s = '''import no\nfrom no import no\n'''", 's = """\nimport no\n\\"""import no"""', "s = r'\\'; import raw", "s = b'import no'", "s = f'{x!r:>{w}} import no'", "s = f\"{{import no}} {d['k']}\"", "s = rf'\\{x}'; import after_raw", "t = 'a' 'import b' \"c\"",
  "# import no", "x = [1,\nimport_no,\n2]", "yield_from = 1", "def g():\n  yield from x\n  raise E from None", "@import_me\ndef h(): pass", "match = 1; match.x = 2", "print(a if b else c); import tern", "x = y if z else (lambda: 0); import lam", "a[b:c] = 1; import sliced", "while (n := f()): import walrus",
  "async def co():\n  async with x: import aw\n  async for i in y: import af", "for i in x: import lo\nelse: import le", "global_import = 1", "importx = 1", "fromx = 2", "x = 1 if 1else 2; import num", "x = 0xfor 1; import hexa", "\\\nimport cont", "if True:\n\timport tab\n\tif 1:\n\t\timport tabs", "\fimport ff",
];

const pieces = ["(", ")", "[", "]", "{", "}", "'", '"', "'''", '"""', "\\", "\n", ":", ";", "#", " ", "\t", "f'", "rb'", "{x}", "import ", "from ", "\r\n", "\r", "\\\n", "é"];

/** One changed copy of `source`, made of its own lines and of statements that are easy to get wrong. */
export function mutated(source: string, random: () => number): string {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  let lines = source.split("\n");
  if (lines.length > 120) {
    const start = Math.floor(random() * (lines.length - 120));
    lines = lines.slice(start, start + 120);
  }
  const count = 1 + Math.floor(random() * 4);
  for (let change = 0; change < count; change++) {
    const at = Math.floor(random() * (lines.length + 1));
    const kind = random();
    if (kind < 0.6) {
      const indent = /^[ \t]*/.exec(lines[at] ?? "")?.[0] ?? "";
      lines.splice(at, 0, ...(pick(statements) ?? "").split("\n").map((line) => indent + line));
    } else if (kind < 0.7) lines.splice(at, 1);
    else if (kind < 0.78) lines.splice(at, 0, lines[Math.floor(random() * lines.length)] ?? "");
    else if (kind < 0.9) {
      const line = lines[at] ?? "";
      const column = Math.floor(random() * (line.length + 1));
      lines[at] = line.slice(0, column) + (pick(pieces) ?? "") + line.slice(column + (random() < 0.5 ? 1 : 0));
    } else lines[at] = `${lines[at] ?? ""}; ${(pick(statements) ?? "").split("\n", 1)[0] ?? ""}`;
  }
  return lines.join(random() < 0.1 ? "\r\n" : "\n");
}

/** A program of such statements alone. */
export function composed(random: () => number): string {
  const lines: string[] = [];
  for (let count = 3 + Math.floor(random() * 10); count > 0; count--) lines.push(statements[Math.floor(random() * statements.length)] ?? "");
  return lines.join("\n") + "\n";
}
