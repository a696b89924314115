import assert from "node:assert/strict";
import { findLaunchables, functionAt, type JobPatterns } from "../../../src/language/jobFunctions.js";

const none: JobPatterns = { decorators: [], functions: [] };
const jobs = (text: string, patterns = none): string[] =>
  findLaunchables(text, patterns).functions.filter((one) => one.job !== null).map((one) => `${one.name}:${String(one.job)}`);

describe("job functions", () => {
  it("finds the guard in both orders and quotes, and only at the margin", () => {
    assert.equal(findLaunchables('import x\n\nif __name__ == "__main__":\n    run()\n', none).guardLine, 2);
    assert.equal(findLaunchables("if '__main__' == __name__:\n    run()\n", none).guardLine, 0);
    assert.equal(findLaunchables('if (__name__ == "__main__"):\r\n    run()\r\n', none).guardLine, 0);
    assert.equal(findLaunchables('def f():\n    if __name__ == "__main__":\n        pass\n', none).guardLine, null);
    assert.equal(findLaunchables('if __name__ != "__main__":\n    pass\n', none).guardLine, null);
  });

  it("does not see code in strings and comments", () => {
    const text = '"""\nif __name__ == "__main__":\n    pass\ndef main(): pass\n"""\n# def main():\ns = \'def main\'\n';
    assert.deepEqual(findLaunchables(text, none), { guardLine: null, functions: [] });
  });

  it("takes a parameter that is the engine's session, by annotation or name", () => {
    assert.deepEqual(jobs("def a(spark): pass\n"), ["a:session"]);
    assert.deepEqual(jobs("from pyspark.sql import SparkSession as S\ndef a(s: S, n: int = 3): pass\n"), ["a:session"]);
    assert.deepEqual(jobs("import pyspark.sql\ndef a(s: 'pyspark.sql.SparkSession'): pass\n"), ["a:session"]);
    assert.deepEqual(jobs("from dask.distributed import Client\ndef a(client): pass\ndef b(c: Client): pass\n"), ["a:session", "b:session"]);
    assert.deepEqual(jobs("def a(client): pass\ndef b(spark: int): pass\n"), []);
  });

  it("takes decorators by what was imported, with and without arguments", () => {
    const patterns = { decorators: ["mylib.job"], functions: [] };
    const text = "import mylib as m\nfrom mylib import job as j\n@m.job\ndef a(): pass\n@j(retries=2)\n@other\ndef b(): pass\n@job\ndef c(): pass\n";
    assert.deepEqual(jobs(text, patterns), ["a:decorator", "b:decorator"]);
    assert.deepEqual(jobs("import ray\n@ray.remote(num_cpus=1)\ndef a(): pass\n"), ["a:decorator"]);
    assert.equal(findLaunchables(text, patterns).functions[1]?.line, 4);
  });

  it("takes names by pattern and the comment", () => {
    const text = "def load_job(): pass\ndef other(): pass\n# slingshot: job\ndef marked(): pass\ndef tail():  # slingshot: job\n    pass\ndef main(): pass\n";
    assert.deepEqual(jobs(text, { decorators: [], functions: ["*_job"] }), ["load_job:name", "marked:comment", "tail:comment", "main:name"]);
  });

  it("reads parameters with their kinds, annotations and defaults", () => {
    const text = 'def f[T](a, /, b: dict[str, int] = {"x": 1}, *rest: int, flag: "bool" = True, other: int | None = None, **more): pass\n';
    assert.deepEqual(
      findLaunchables(text, none).functions[0]?.parameters.map((one) => [one.name, one.kind, one.annotation, one.default]),
      [
        ["a", "positional", null, null],
        ["b", "positional", "dict[str, int]", '{"x":1}'],
        ["rest", "arguments", "int", null],
        ["flag", "keyword", '"bool"', "True"],
        ["other", "keyword", "int | None", "None"],
        ["more", "keywords", null, null],
      ],
    );
  });

  it("knows the function at a line, over several lines and after its decorators", () => {
    const text = "@d\ndef a(\n    x,\n):\n    y = (\n1)\n\n    return y\n\nz = 1\nasync def b(): pass\n";
    const launchables = findLaunchables(text, none);
    assert.deepEqual([0, 1, 3, 7, 9, 10].map((line) => functionAt(launchables, line)?.name), ["a", "a", "a", "a", undefined, "b"]);
  });

  it("survives half-typed text", () => {
    assert.deepEqual(jobs("x = foo(1,\ndef main():\n    pass\n"), ["main:name"]);
    assert.deepEqual(jobs('s = "open\ndef main():\n    pass\n'), ["main:name"]);
    assert.deepEqual(jobs("def main(a, b=\n"), ["main:name"]);
    assert.deepEqual(jobs("def \n@\nclass\ndef main"), ["main:name"]);
    for (const bad of ["@", "def", "if __name__ ==", ")", "]}", "\\", "'''", "\uD800", "def f(*", "from . import (", "\r"]) {
      assert.doesNotThrow(() => findLaunchables(bad, none));
    }
  });

  it("gives the same answer for every kind of line end", () => {
    const text = "@d\ndef main():\n    '''a\n    b'''\n    return 1\\\n      + 2\n\nif __name__ == '__main__':\n    main()\n";
    const expected = findLaunchables(text, none);
    assert.deepEqual(findLaunchables(text.replaceAll("\n", "\r\n"), none), expected);
    assert.deepEqual(findLaunchables(text.replaceAll("\n", "\r"), none), expected);
  });
});
