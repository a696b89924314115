/** A small library as real ones are: package, data file beside a module, compiled module, namespace package. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Workbench } from "../../contract/workbench.js";
import type { SparkPython } from "./sparkPython.js";

const extension = `
#define PY_SSIZE_T_CLEAN
#include <Python.h>
static PyObject *twice(PyObject *self, PyObject *args) {
  long value;
  if (!PyArg_ParseTuple(args, "l", &value)) return NULL;
  return PyLong_FromLong(value * 2);
}
static PyMethodDef methods[] = {{"twice", twice, METH_VARARGS, "Twice a number."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_fast", NULL, -1, methods};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&definition); }
`;

export const parseText = (word: string): string => `import os
from tags import _fast
from space import part
def label(n):
    with open(os.path.join(os.path.dirname(__file__), "rules.txt")) as rules:
        return "%s %s %d %s" % ("${word}", rules.read(), _fast.twice(n), part.NAME)
`;

/** Writes the library into the workspace; `word` tells its versions apart. */
export function writeLibrary(bench: Workbench, python: SparkPython, word: string): void {
  bench.write({
    ".vscode/slingshot.json": '{ "bundle": { "include": ["tags/*.txt"] } }',
    "tags/__init__.py": "",
    "tags/parse.py": parseText(word),
    "tags/rules.txt": "rules",
    "space/part.py": 'NAME = "namespace"\n',
    ...compiled(python),
  });
}

function compiled(python: SparkPython): Record<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "slingshot-extension-"));
  try {
    const facts = execFileSync(python.executable, ["-c", "import sysconfig; print(sysconfig.get_path('include')); print(sysconfig.get_config_var('EXT_SUFFIX'))"], { encoding: "utf8" });
    const [include = "", suffix = ""] = facts.trim().split("\n");
    writeFileSync(join(folder, "fast.c"), extension);
    execFileSync("cc", ["-shared", "-fPIC", `-I${include}`, "-o", join(folder, "fast.so"), join(folder, "fast.c")]);
    return { [`tags/_fast${suffix}`]: readFileSync(join(folder, "fast.so")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
