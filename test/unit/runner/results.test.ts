/** Function entries: arguments by annotation, and what they return as results. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ArgumentValue } from "../../../src/jobs/job.js";
import { JobBench, pythons, type Ended } from "./jobBench.js";

interface Item { name: string; mime: string; file: string; title: string }

for (const python of pythons) {
  describe(`functions and results: ${python}`, function () {
    this.timeout(60000);
    const bench = new JobBench();
    after(() => { bench.dispose(); });
    /** This Python, else the one with Spark, whichever has the module. */
    const pythonWith = (module: string): string | undefined =>
      [python, process.env["SLINGSHOT_SPARK_PYTHON"] ?? python].find((candidate) => {
        try {
          execFileSync(candidate, ["-c", `import ${module}`], { stdio: "ignore" });
          return true;
        } catch {
          return false;
        }
      });
    const call = (text: string, name: string, given: Record<string, ArgumentValue> = {}, more = {}): Promise<Ended> =>
      bench.run({ files: { "pkg/__init__.py": "", "pkg/jobs.py": text, "pkg/other.py": "VALUE = 5\n" }, entry: "pkg/jobs.py", roots: ["pkg"], guessed: ["."], function: name, arguments: given, python, ...more });
    const items = (job: Ended): Item[] => JSON.parse(readFileSync(join(job.folder, "results", "index.json"), "utf8")) as Item[];
    const first = (job: Ended): { mime: string; text: string } => {
      const item = items(job)[0] ?? assert.fail(job.log.toString() + String(job.exit.message));
      return { mime: item.mime, text: readFileSync(join(job.folder, "results", item.file), "utf8") };
    };

    it("imports the module under its dotted name, so that relative imports work", async () => {
      const job = await call("from .other import VALUE\nimport sys\ndef f():\n    return [__name__, __package__, VALUE, sys.argv[0] == __file__]\n", "f");
      assert.deepEqual(JSON.parse(first(job).text), ["pkg.jobs", "pkg", 5, true]);
    });

    it("converts arguments by annotation", async () => {
      const text =
        "import datetime, decimal, enum, pathlib\nfrom typing import Dict, List, Literal, Optional, Union\nclass Mode(enum.Enum):\n    FAST = 'f'\n    SLOW = 's'\n" +
        "def f(a: int, b: float, c: bool, d: str, e: pathlib.Path, g: Optional[int], h: Union[int, str], i: Literal['x', 2], j: Mode, k: datetime.date, l: datetime.datetime,\n" +
        "      m: List[int], n: Dict[str, int], o, p: 'int', q: Mode, r: decimal.Decimal, s: bool = True, *, t: int = 4):\n" +
        "    return [repr(v) for v in (a, b, c, d, e.name, g, h, i, j.name, k, l, m, n, o, p, q.name, str(r), s, t)]\n";
      const given = { a: "1", b: "2.5", c: "no", d: "7", e: "/x/y", g: "none", h: "z", i: "2", j: "FAST", k: "2026-01-02", l: "2026-01-02T03:04:05", m: "[1, 2]", n: '{"a": 1}', o: "03", p: "9", q: "s", r: "1.10" };
      const job = await call(text, "f", Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { text: value }])));
      assert.deepEqual(JSON.parse(first(job).text), [
        "1", "2.5", "False", "'7'", "'y'", "None", "'z'", "2", "'FAST'", "datetime.date(2026, 1, 2)", "datetime.datetime(2026, 1, 2, 3, 4, 5)",
        "[1, 2]", "{'a': 1}", "'03'", "9", "'SLOW'", "'1.10'", "True", "4",
      ]);
    });

    it("annotations that are text, JSON values as they are, decorated and asynchronous functions", async () => {
      const text =
        "from __future__ import annotations\nimport asyncio, functools\ndef twice(function):\n    @functools.wraps(function)\n    def wrapper(*args, **named):\n        return function(*args, **named)\n    return wrapper\n" +
        "@twice\ndef f(n: int, values: list[int], more=None) -> dict:\n    return {'n': n, 'values': values, 'more': more}\nasync def g(n: float):\n    await asyncio.sleep(0)\n    return n\nclass K:\n    @staticmethod\n    def s(n: int):\n        return n\n    def m(self):\n        pass\n";
      const job = await call(text, "f", { n: { text: "3" }, values: { json: [1, "a"] }, more: { json: { x: null } } });
      assert.deepEqual(JSON.parse(first(job).text), { n: 3, values: [1, "a"], more: { x: null } });
      assert.equal(first(await call(text, "g", { n: { text: "1.5" } })).text, "1.5");
      assert.equal(first(await call(text, "K.s", { n: { text: "4" } })).text, "4");
      assert.match(String((await call(text, "K.m")).exit.message), /needs an instance/);
    });

    it("wrong arguments end with code 2 and words that list what the function takes", async () => {
      const text = "print('module')\ndef f(day: int, spark, limit=3):\n    print('never')\n";
      const missing = await call(text, "f", { day: { text: "1" } });
      assert.deepEqual([missing.exit.code, missing.out.toString()], [2, "module\n"]);
      assert.match(String(missing.exit.message), /spark is missing: f\(day: int, spark, limit=3\).*Spark session/);
      assert.match(missing.err.toString(), /spark is missing/);
      assert.match(String((await call(text, "f", { dya: { text: "1" } })).exit.message), /Unknown argument dya: f\(day: int/);
      assert.match(String((await call(text, "f", { day: { text: "x" }, spark: { json: 1 } })).exit.message), /day: 'x' is no int/);
      assert.match(String((await call(text, "g")).exit.message), /no function g/);
    });

    it("an exception in the function has no frame of the runner", async () => {
      const job = await call("def f():\n    raise ValueError('bad')\n", "f");
      assert.match(job.err.toString(), /^Traceback \(most recent call last\):\n {2}File "[^"]*pkg\/jobs\.py", line 2, in f\n/);
      assert.equal(job.exit.message, "ValueError: bad");
    });

    it("text, numbers, nothing, bytes, sets, NaN and objects", async () => {
      const job = (text: string): Promise<Ended> => call(`def f():\n    return ${text}\n`, "f");
      assert.deepEqual(first(await job("'a\\u00e9\\ud800'")), { mime: "text/plain", text: "aé?" });
      assert.deepEqual(first(await job("{'a': [1, float('nan'), (2,)], 3: {4}}")), { mime: "application/json", text: '{"a":[1,null,[2]],"3":[4]}' });
      assert.deepEqual(items(await job("None")), []);
      assert.deepEqual(first(await job("b'abc'")), { mime: "text/plain", text: "3 bytes" });
      assert.equal(first(await job("object")).text, "<class 'object'>");
      const own = await call("def f():\n    a = []\n    a.append(a)\n    return a\n", "f");
      assert.deepEqual([own.exit.outcome, first(own).text], ["succeeded", "[[...]]"]);
    });

    it("a return value that can't be shown does not fail the job", async () => {
      const job = await call("class C:\n    def __repr__(self):\n        raise ValueError('no')\ndef f():\n    return C()\n", "f");
      assert.equal(job.exit.outcome, "succeeded");
      assert.match(first(job).text, /No preview: ValueError: no/);
      const crash = await call("import os\nclass C:\n    def __repr__(self):\n        os.kill(os.getpid(), 9)\ndef f():\n    return C()\n", "f");
      assert.deepEqual([crash.exit.outcome, crash.exit.code], ["succeeded", 0]);
    });

    it("a pandas frame becomes a bounded table", async function () {
      const equipped = pythonWith("pandas");
      if (equipped === undefined) return this.skip();
      const text =
        "import pandas as pd\ndef f():\n    return pd.DataFrame({'n': range(150), 'x': [1.5] * 150, 't': pd.Timestamp('2026-01-02'), 's': ['a'] * 149 + [None], 'l': [[1]] * 150})\n" +
        "def g():\n    return pd.Series([1, 2], index=['a', 'b'], name='v')\n";
      const table = JSON.parse(first(await call(text, "f", {}, { python: equipped })).text) as { columns: { name: string; type: string }[]; rows: unknown[][]; truncated: boolean; source: string };
      assert.deepEqual([table.rows.length, table.truncated, table.source], [100, true, "pandas"]);
      assert.deepEqual(table.columns.map((column) => column.name), ["n", "x", "t", "s", "l"]);
      assert.deepEqual(table.rows[1], [1, 1.5, "2026-01-02T00:00:00", "a", "[1]"]);
      const series = await call(text, "g", {}, { python: equipped });
      assert.equal(first(series).mime, "application/vnd.slingshot.table+json");
      assert.deepEqual((JSON.parse(first(series).text) as { rows: unknown[][] }).rows, [["a", 1], ["b", 2]]);
    });

    it("figures that are shown become images, and only those", async function () {
      const equipped = pythonWith("matplotlib");
      if (equipped === undefined) return this.skip();
      const program = "import os\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('first one')\nplt.show()\nplt.figure()\nplt.suptitle('second')\nplt.show()\nplt.plot([3])\nprint(len(plt.get_fignums()), 'MPLBACKEND' in os.environ)\n";
      const job = await bench.run({ files: { "main.py": program }, entry: "main.py", python: equipped });
      assert.equal(job.err.toString(), "");
      assert.equal(job.out.toString(), "1 False\n");
      assert.deepEqual(items(job).map((item) => [item.file, item.mime, item.title]), [
        ["figure-1.png", "image/png", "first one"],
        ["figure-2.png", "image/png", "second"],
      ]);
      assert.equal(readFileSync(join(job.folder, "results", "figure-1.png")).subarray(1, 4).toString(), "PNG");
      const returned = await call("def f():\n    import matplotlib.pyplot as plt\n    figure, axes = plt.subplots()\n    return figure\n", "f", {}, { python: equipped });
      assert.deepEqual(items(returned).map((item) => item.mime), ["image/png"]);
      const chosen = await bench.run({ files: { "main.py": program }, entry: "main.py", env: { MPLBACKEND: "agg" }, python: equipped });
      assert.deepEqual(items(chosen), []);
      assert.ok(!existsSync(join(chosen.folder, "results", "figure-1.png")));
    });
  });
}
