/** Unsaved and untitled documents, through the real flow to the end of the job. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { encodeFrozen, freezeTexts, type FreezableDocument } from "../../../src/editor/freeze.js";
import { Workbench } from "../../contract/workbench.js";
import { noteNames, paths, within } from "../snapshot/workspaces.js";

const codec = { encode: () => Promise.reject(new Error("not asked")), decode: () => Promise.reject(new Error("not asked")) };

function untitled(name: string, text: string): FreezableDocument {
  return { uri: { scheme: "untitled", path: name, fsPath: name }, isDirty: true, isUntitled: true, languageId: "python", version: 7, encoding: "utf8", getText: () => text };
}

describe("FAULTS 39 and 40: what is on no disk", function () {
  this.timeout(120_000);
  let bench: Workbench;
  beforeEach(() => { bench = new Workbench({ backend: "local" }); });
  afterEach(() => { bench.dispose(); });

  it("39: a dirty document that is never saved is what runs; the disk stays as it was; the manifest says so", async () => {
    bench.write({ "main.py": "import lib\nprint(lib.WORD)\n", "lib.py": "WORD = 'saved'\n" });
    const path = join(bench.workspace, "lib.py");
    const before = statSync(path, { bigint: true });
    const { status, stdout, record } = await bench.run({ entry: "main.py", overlays: { "lib.py": "WORD = 'on screen'\n" } });
    assert.deepEqual([status.state, stdout], ["succeeded", "on screen\n"]);
    const after = statSync(path, { bigint: true });
    assert.deepEqual([after.mtimeNs, after.ctimeNs, after.ino, readFileSync(path, "utf8")], [before.mtimeNs, before.ctimeNs, before.ino, "WORD = 'saved'\n"]);
    assert.deepEqual(bench.jobs.manifest(record.id).files.map((file) => [file.path, file.origin]), [["lib.py", "buffer"], ["main.py", "disk"]]);
  });

  it("40: an untitled document runs under a name that follows from its own, and imports local modules, saved or not", async () => {
    bench.write({ "lib.py": "WORD = 'saved'\n", "etl/__init__.py": "", "etl/clean.py": "N = 3\n" });
    const [overlay] = await encodeFrozen(freezeTexts([untitled("Untitled-1", "import lib\nfrom etl import clean\nprint(lib.WORD, clean.N, __file__.endswith('.slingshot/untitled/Untitled-1.py'), __name__)\n")], []), codec);
    assert.ok(overlay);
    assert.equal(overlay.version, 7);
    const { status, stdout, stderr } = await bench.run({ entry: overlay.path, overlays: { [overlay.path]: Buffer.from(overlay.bytes).toString(), "lib.py": "WORD = 'on screen'\n" } });
    assert.deepEqual([status.state, stdout], ["succeeded", "on screen 3 True __main__\n"], stderr);
  });

  it("40: an untitled document is no module: another one that imports it is told to save it first", () => {
    within({}, (workspace) => {
      const [one, two] = [".slingshot/untitled/one.py", ".slingshot/untitled/two.py"];
      const overlays = [{ path: one, bytes: Buffer.from("import two\n") }, { path: two, bytes: Buffer.from("import one\n") }];
      const manifest = workspace.take("x.py", { entry: { file: one }, overlays });
      assert.deepEqual(paths(manifest), [one]);
      assert.deepEqual(noteNames(manifest).sort(), ["unresolved:two", "untitled-module:two"]);
      assert.match(manifest.notes.find((note) => note.kind === "untitled-module")?.text ?? "", /save it/);
    });
  });

  it("40: names with blanks, slashes and signs become one plain file name, the same one each time", () => {
    const names = ["Untitled-1", "my job.py", "späte Läufe", "../../x", "a\nb", "C:\\x", "print(1)…"].map((name) => freezeTexts([untitled(name, "")], [])[0]?.path);
    assert.deepEqual(names, ["Untitled-1", "my_job", "späte_Läufe", "x", "a_b", "C__x", "print_1__"].map((name) => `.slingshot/untitled/${name}.py`));
  });
});
