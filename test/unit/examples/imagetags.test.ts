/** The example's jobs as its README runs them: plain Python, no Slingshot. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const example = join(import.meta.dirname, "../../../examples/imagetags");
const python = process.env["SLINGSHOT_TEST_PYTHON"] ?? "python3";
const sparkPython = process.env["SLINGSHOT_SPARK_PYTHON"];

describe("examples/imagetags", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "imagetags-"));
    cpSync(example, folder, { recursive: true, filter: (path) => !/__pycache__|out\.csv$/.test(path) });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs one job in the copy; its standard output as lines. */
  function run(interpreter: string, job: string, ...args: string[]): string[] {
    const { PYTHONHOME: _home, PYTHONSAFEPATH: _safe, ...env } = process.env;
    const result = spawnSync(interpreter, [join("jobs", job), ...args], {
      cwd: folder,
      env: { ...env, PYTHONPATH: "src", PYTHONUTF8: "1", PYSPARK_PYTHON: interpreter, SPARK_LOCAL_IP: "127.0.0.1" },
      encoding: "utf8",
    });
    assert.equal(result.status, 0, result.error?.message ?? result.stderr);
    return result.stdout.trimEnd().split("\n");
  }

  function table(): string[] {
    return readFileSync(join(folder, "out.csv"), "utf8").trimEnd().split("\n");
  }

  it("finds the images of every page", () => {
    const log = run(python, "scrape_local.py");
    const counts = log.flatMap((line) => /^\[\d+\/13\] (\S+): (\d+) images?$/.exec(line)?.slice(1).join(" ") ?? []);
    assert.deepEqual(counts, [
      "SHOUTING.HTML 2",
      "base.html 5",
      "broken.html 3",
      "gallery.html 6",
      "index.html 3",
      "inline.html 4",
      "latin1.html 1",
      "lazy.html 5",
      "picture.html 4",
      "plain-text.html 0",
      "script.html 1",
      "unicode.html 3",
      "windows.html 2",
    ]);
    assert.equal(log[0], "13 pages in pages");
    assert.equal(log.at(-1), "39 rows in out.csv");
  });

  it("reads each peculiar tag as a browser would", () => {
    run(python, "scrape_local.py");
    const rows = table();
    assert.equal(rows[0], "page,line,element,format,url,alt,label");
    assert.equal(rows.length, 40);
    const site = "https://harbour.example";
    const peculiar = {
      "capitals, input of type image": `SHOUTING.HTML,4,input,GIF,${site}/IMG/GO.GIF,Go,GIF: Go`,
      "base and ..": "base.html,6,img,PNG,https://static.harbour.example/archive/two.png?size=big#top,Two,PNG: Two",
      "an address that can't be joined": "base.html,9,img,unknown,http://[broken/five.png,Five,unknown: Five",
      "no quotes": `broken.html,4,img,PNG,${site}/img/rope.png,rope,PNG: rope`,
      "the same attribute twice": `broken.html,6,img,GIF,${site}/img/knot.gif,"A ""bowline"" knot","GIF: A ""bowline"" knot"`,
      "srcset over two lines": `gallery.html,5,img,JPEG,${site}/img/ferry-1600.jpg,The first ferry,JPEG: The first ferry`,
      "decoration": `gallery.html,11,img,WebP,${site}/img/only-in-srcset.webp,,WebP: decoration`,
      "meta": `index.html,6,meta,JPEG,${site}/img/social/front.jpg,,JPEG: no description`,
      "long data URI": 'inline.html,4,img,GIF,"data:image/gif;base64,R0lGODlhAQABAIAAAA…",,GIF: decoration',
      "data URI in srcset": 'inline.html,6,img,PNG,"data:image/png;base64,iVBORw0KGgo=","A buoy, twice","PNG: A buoy, twice"',
      "Latin-1": `latin1.html,4,img,JPEG,${site}/img/jetee.jpg,La jetée,JPEG: La jetée`,
      "lazy": `lazy.html,4,img,JPEG,${site}/img/dock-1.jpg,Dock one,JPEG: Dock one`,
      "format by type": `picture.html,6,source,WebP,${site}/img/lighthouse?as=webp,,WebP: no description`,
      "poster": `picture.html,9,video,PNG,${site}/img/launch.png,,PNG: no description`,
      "unicode": `unicode.html,7,img,PNG,${site}/img/café.png,Café ☕,PNG: Café ☕`,
      "byte-order mark, CRLF": `windows.html,4,img,unknown,${site}/img/map.bmp,Map,unknown: Map`,
    };
    for (const [what, row] of Object.entries(peculiar)) assert.ok(rows.includes(row), `${what}: no row ${row}`);
  });

  it("keeps to the limit and the folder that it is given", () => {
    run(python, "scrape_local.py", "pages", "7");
    assert.equal(table().length, 8);
    cpSync(join(folder, "pages/lazy.html"), join(folder, "few/lazy.html"));
    assert.equal(run(python, "scrape_local.py", "few").at(-1), "5 rows in out.csv");
  });

  it("shows an edit of label.py in its log", () => {
    const path = join(folder, "src/imagetags/label.py");
    const before = readFileSync(path, "utf8");
    const after = before.replace('f"{tag.format}: {words}"', 'f"{words} ({tag.format})"');
    assert.notEqual(after, before);
    writeFileSync(path, after);
    const log = run(python, "scrape_local.py");
    assert.ok(log.includes("    line 12  The quay at noon (JPEG)"), log.join("\n"));
    assert.ok(!log.includes("    line 12  JPEG: The quay at noon"));
  });

  it("really has a namespace package, a sub-package and a data file beside its module", () => {
    assert.equal(existsSync(join(example, "src/tagsources/__init__.py")), false);
    rmSync(join(folder, "src/tagsources/lazy.py"));
    assert.throws(() => run(python, "scrape_local.py"), /No module named 'tagsources\.lazy'/);
    cpSync(join(example, "src/tagsources/lazy.py"), join(folder, "src/tagsources/lazy.py"));
    rmSync(join(folder, "src/imagetags/formats.json"));
    assert.throws(() => run(python, "scrape_local.py"), /FileNotFoundError.*formats\.json/);
  });

  for (const job of ["scrape_rdd.py", "scrape_dataframe.py"]) {
    it(`${job} finds the same rows on Spark`, function () {
      if (sparkPython === undefined) {
        this.skip();
      }
      this.timeout(180_000);
      run(python, "scrape_local.py");
      const expected = table();
      rmSync(join(folder, "out.csv"));
      assert.equal(run(sparkPython, job).at(-1), "39 rows in out.csv");
      assert.deepEqual(table(), expected);
    });
  }
}).timeout(30_000);
