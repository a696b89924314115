/**
 * Git's glob patterns (gitignore(5), "PATTERN FORMAT"), compiled. They speak of bytes: texts and patterns are strings of
 * characters up to U+00FF, one for each byte. Matching takes time in proportion to pattern times text, whatever the pattern.
 */

/** One step of a pattern: a byte, one of several bytes, or a run of any length. */
type Token =
  | { kind: "byte"; byte: string }
  | { kind: "one"; matches: (byte: string) => boolean }
  | { kind: "star" }
  /** `**` at the end, or where folders do not count. */
  | { kind: "everything" }
  /** `**` and the slash after it: no folder or several. */
  | { kind: "folders" };

/** Whether a text matches `glob`. With `inPath`, slashes are matched by slashes and `**` only. */
export function wildmatch(glob: string, inPath: boolean, ignoreCase: boolean): (text: string) => boolean {
  const tokens = compile(ignoreCase ? lower(glob) : glob, inPath, ignoreCase);
  if (tokens === null) return () => false;
  return (text) => matches(tokens, ignoreCase ? lower(text) : text, inPath);
}

/** Only ASCII has cases here, as in git. */
export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Null where the pattern can match nothing. */
function compile(glob: string, inPath: boolean, ignoreCase: boolean): Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at++) {
    const byte = glob.charAt(at);
    if (byte === "*") {
      const start = at;
      while (glob[at + 1] === "*") at++;
      const next = glob[at + 1];
      const stands = (start === 0 || glob[start - 1] === "/") && (next === undefined || next === "/" || (next === "\\" && glob[at + 2] === "/"));
      if (!inPath) tokens.push({ kind: "everything" });
      else if (at === start || !stands) tokens.push({ kind: "star" });
      else if (next === "/") {
        tokens.push({ kind: "folders" });
        at++;
      } else tokens.push({ kind: "everything" });
    } else if (byte === "?") tokens.push({ kind: "one", matches: (one) => !inPath || one !== "/" });
    else if (byte === "[") {
      const set = bracket(glob, at, ignoreCase);
      if (set === null) return null;
      tokens.push({ kind: "one", matches: (one) => (!inPath || one !== "/") && set.has(one) });
      at = set.end;
    } else if (byte === "\\") {
      at++;
      if (at === glob.length) return null;
      tokens.push({ kind: "byte", byte: glob.charAt(at) });
    } else tokens.push({ kind: "byte", byte });
  }
  return tokens;
}

/**
 * Steps through pattern and text side by side. At a mismatch the last run takes one byte (or folder) more; a run before
 * the last never has to, because a shorter match of it leaves at least as much to what follows.
 */
function matches(tokens: readonly Token[], text: string, inPath: boolean): boolean {
  let at = 0;
  let token = 0;
  let star = -1;
  let starAt = 0;
  let wide = -1;
  let wideAt = 0;
  for (;;) {
    const step = tokens[token];
    if (step === undefined) {
      if (at === text.length) return true;
    } else if (step.kind === "star") {
      [star, starAt] = [token++, at];
      continue;
    } else if (step.kind === "everything" || step.kind === "folders") {
      if (step.kind === "everything" && token === tokens.length - 1) return true;
      [wide, wideAt, star] = [token++, at, -1];
      continue;
    } else if (at < text.length) {
      const byte = text.charAt(at);
      if (step.kind === "byte" ? step.byte === byte : step.matches(byte)) {
        at++;
        token++;
        continue;
      }
    }
    if (star >= 0 && starAt < text.length && !(inPath && text[starAt] === "/")) {
      [at, token] = [++starAt, star + 1];
      continue;
    }
    if (wide < 0) return false;
    wideAt = tokens[wide]?.kind === "folders" ? text.indexOf("/", wideAt) + 1 : wideAt + 1;
    if (wideAt === 0 || wideAt > text.length) return false;
    [at, token, star] = [wideAt, wide + 1, -1];
  }
}

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

interface ByteSet {
  has: (byte: string) => boolean;
  /** Where the closing bracket stands. */
  end: number;
}

/** The set that begins with the bracket at `start`; null where it never ends or names an unknown class. */
function bracket(glob: string, start: number, ignoreCase: boolean): ByteSet | null {
  let at = start + 1;
  const isNegated = glob[at] === "!" || glob[at] === "^";
  if (isNegated) at++;
  const parts: ((byte: string) => boolean)[] = [];
  let previous: string | null = null;
  for (let first = true; first || glob[at] !== "]"; first = false, at++) {
    let byte = glob[at];
    if (byte === undefined) return null;
    if (byte === "-" && previous !== null && at + 1 < glob.length && glob[at + 1] !== "]") {
      at += glob[at + 1] === "\\" ? 2 : 1;
      const [from, to] = [previous, glob[at]];
      if (to === undefined) return null;
      parts.push((one) => one >= from && one <= to);
      previous = null;
      continue;
    }
    if (byte === "[" && glob[at + 1] === ":") {
      const end = glob.indexOf("]", at + 2);
      if (end < 0) return null;
      if (end > at + 2 && glob[end - 1] === ":") {
        const named = classes[glob.slice(at + 2, end - 1)];
        if (named === undefined) return null;
        parts.push((one) => named.test(one) || (ignoreCase && named.test(one.toUpperCase())));
        at = end;
        previous = null;
        continue;
      }
    }
    if (byte === "\\") {
      byte = glob[++at];
      if (byte === undefined) return null;
    }
    const wanted = byte;
    parts.push((one) => one === wanted);
    previous = wanted;
  }
  return { has: (byte) => parts.some((part) => part(byte)) !== isNegated, end: at };
}
