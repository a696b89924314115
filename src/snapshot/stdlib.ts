/** Top-level names of the standard library, by Python version. */
import table from "./stdlib.json";

/** Names that no file on a root can take: built into the interpreter or loaded before the entry runs. */
const early = new Set(
  "sys builtins _imp _thread _warnings _weakref _io marshal posix time itertools gc errno faulthandler pwd atexit _abc _ast _codecs _collections _functools _locale _operator _signal _sre _stat _string _symtable _tracemalloc _tokenize _typing _frozen_importlib _frozen_importlib_external zipimport encodings codecs io abc site os stat posixpath genericpath _collections_abc _sitebuiltins importlib __main__".split(" "),
);

const sets = new Map<string, ReadonlySet<string>>();

/** Names of the standard library of Python `major.minor`; versions beyond the table take the nearest one. */
export function stdlibNames(major: number, minor: number): ReadonlySet<string> {
  const versions = Object.keys(table.versions) as (keyof typeof table.versions)[];
  const minors = versions.map((version) => Number(version.slice(2)));
  const nearest = major < 3 ? Math.min(...minors) : Math.max(Math.min(...minors), Math.min(minor, Math.max(...minors)));
  const version = versions[minors.indexOf(nearest)] ?? "3.11";
  let names = sets.get(version);
  if (names === undefined) {
    names = new Set([...table.common.split(" "), ...table.versions[version].split(" "), "__main__"]);
    sets.set(version, names);
  }
  return names;
}

/** Whether `name` is always the interpreter's own, whatever stands on the roots. */
export function isEarly(name: string): boolean {
  return early.has(name);
}
