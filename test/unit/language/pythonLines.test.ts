import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findLaunchables, type LaunchableFunction } from "../../../src/language/jobFunctions.js";

/** Python's own parser on files of its standard library: what stands at the top level of each. */
const oracle = `
import ast, json, pathlib, sys, sysconfig, tokenize
root = pathlib.Path(sysconfig.get_path("stdlib"))
found = []
for path in sorted(root.glob("*.py")) + sorted(root.glob("*/__init__.py")) + sorted((root / "test").glob("test_[a-c]*.py")):
    try:
        with tokenize.open(path) as file:
            if file.encoding not in ("utf-8", "ascii"): continue
            text = file.read()
        tree = ast.parse(text)
    except (SyntaxError, UnicodeDecodeError):
        continue
    if "\\x0c" in text: continue
    functions = []
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)): continue
        a = node.args
        defaults = [None] * (len(a.posonlyargs) + len(a.args) - len(a.defaults)) + list(a.defaults)
        parameters = [[x.arg, "positional", d is not None, x.annotation is not None] for x, d in zip(a.posonlyargs + a.args, defaults)]
        if a.vararg: parameters.append([a.vararg.arg, "arguments", False, a.vararg.annotation is not None])
        parameters += [[x.arg, "keyword", d is not None, x.annotation is not None] for x, d in zip(a.kwonlyargs, a.kw_defaults)]
        if a.kwarg: parameters.append([a.kwarg.arg, "keywords", False, a.kwarg.annotation is not None])
        first = min([node.lineno] + [d.lineno for d in node.decorator_list])
        functions.append([node.name, first - 1, node.end_lineno - 1, parameters])
    found.append([str(path), functions])
json.dump(found, sys.stdout)
`;

type OracleFunction = [name: string, line: number, endLine: number, parameters: [string, string, boolean, boolean][]];

function shape({ name, line, endLine, parameters }: LaunchableFunction): OracleFunction {
  return [name, line, endLine, parameters.map((one) => [one.name, one.kind, one.default !== null, one.annotation !== null])];
}

describe("logical lines", () => {
  it("give the functions that Python's own parser finds, on its standard library", function () {
    this.timeout(120_000);
    const files = JSON.parse(execFileSync("python3", ["-I", "-c", oracle], { maxBuffer: 1 << 28 }).toString()) as [string, OracleFunction[]][];
    assert.ok(files.length > 200, `only ${String(files.length)} files`);
    let functions = 0;
    for (const [path, expected] of files) {
      const { functions: found } = findLaunchables(readFileSync(path, "utf8"), { decorators: [], functions: [] });
      assert.deepEqual(found.map(shape), expected, path);
      functions += expected.length;
    }
    assert.ok(functions > 1000, `only ${String(functions)} functions`);
  });
});
