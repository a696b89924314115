/** A compiled Python module `_answer` of the stable ABI: one file for every CPython from 3.8 on, made without its headers. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The declarations are those of CPython's limited API (PEP 384). */
const source = `
typedef struct { long references; void *type; } Object;
typedef struct { const char *name; void *(*function)(void *, void *); int flags; const char *doc; } Method;
typedef struct { Object base; void *init; long index; void *copy; const char *name; const char *doc; long size; Method *methods; void *slots, *traverse, *clear, *free; } Definition;
extern void *PyModule_Create2(Definition *, int);
extern void *PyLong_FromLong(long);
static void *answer(void *self, void *nothing) { return PyLong_FromLong(42); }
static Method methods[] = {{"answer", answer, 4, "The answer."}, {0, 0, 0, 0}};
static Definition definition = {{1, 0}, 0, 0, 0, "_answer", 0, -1, methods, 0, 0, 0, 0};
void *PyInit__answer(void) { return PyModule_Create2(&definition, 3); }
`;

/** The bytes of `_answer.abi3.so`. */
export function compiledModule(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "slingshot-module-"));
  try {
    writeFileSync(join(folder, "answer.c"), source);
    execFileSync("cc", ["-shared", "-fPIC", "-o", join(folder, "answer.so"), join(folder, "answer.c")]);
    return readFileSync(join(folder, "answer.so"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
