import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { SlingshotError } from "../../../src/base/errors.js";
import { Workbench } from "../../contract/workbench.js";
import { noteNames, paths, within } from "../snapshot/workspaces.js";

const awkward = ["two words.txt", " leading", "trailing ", "tab\there", "'single'", '"double"', "`tick`", "$HOME", "$(id)", "back\\slash", "; rm -rf x", "a|b", "a&b", "<in>", "*.txt", "what?", "[x]", "{a,b}", "!bang", "#hash", "~", "-n", "--help", "100%", "%PATH%", "a:b", "ümläut", "日本語", "😀", "\u202Egnp", "\u00A0", "\u0001", "\u007f", ".hidden", "...", "Case.txt", "case.TXT", "e\u0301.txt", "\u00e9.txt", "x".repeat(255)];

describe("FAULTS 46: file names", function () {
  this.timeout(120_000);

  it("46: every awkward name is in the tree byte for byte, twins by case and by normal form among them, and the job reads each", async () => {
    const bench = new Workbench({ backend: "local" });
    try {
      bench.write(Object.fromEntries(awkward.map((name, at) => [`d/${name}`, String(at)])));
      bench.write({ "main.py": "import os, sys\nsys.stdout.buffer.write(b'\\0'.join(sorted(os.fsencode(n) + b'=' + open(os.path.join('d', n), 'rb').read() for n in os.listdir('d'))))\n", ".vscode/slingshot.json": '{ "bundle": { "include": ["d/**"] } }' });
      const { status, stdout, stderr, record } = await bench.run({ entry: "main.py" });
      assert.equal(status.state, "succeeded", stderr);
      assert.deepEqual(stdout.split("\0"), awkward.map((name, at) => Buffer.from(`${name}=${String(at)}`)).sort((one, other) => Buffer.compare(one, other)).map((bytes) => bytes.toString("latin1")));
      const collisions = bench.jobs.manifest(record.id).notes.filter((note) => note.kind === "name-collision");
      assert.equal(collisions.length, 2, "one pair by case, one by normal form");
    } finally {
      bench.dispose();
    }
  });

  it("46: a line break in a name is refused before anything is sent", () => {
    for (const name of ["a\nb.txt", "a\rb.txt", "a\nb/c.txt"]) {
      within({ "main.py": "", [`d/${name}`]: "" }, (workspace) => {
        assert.throws(() => workspace.take("main.py", { include: ["d/**"] }), (error: unknown) => error instanceof SlingshotError && error.code === "file-name" && error.remedy.includes("Rename"));
      });
    }
  });

  it("46: a name that is not UTF-8 is refused where a glob means it, and told where only its folder can't be opened", () => {
    within({ "main.py": "", "d/ok.txt": "" }, (workspace) => {
      const raw = (name: string): Buffer => Buffer.concat([Buffer.from(`${workspace.folder}/d/`), Buffer.from(name, "latin1")]);
      const refused = (error: unknown): boolean => error instanceof SlingshotError && error.code === "file-name" && error.message.includes("not valid UTF-8");
      mkdirSync(raw("dir\xe9"));
      writeFileSync(Buffer.concat([raw("dir\xe9"), Buffer.from("/in.txt")]), "");
      assert.throws(() => workspace.take("main.py", { include: ["d/**"] }), refused);
      const manifest = workspace.take("main.py", { include: ["d/**/*.txt"] });
      assert.deepEqual(paths(manifest), ["d/ok.txt", "main.py"]);
      assert.ok(noteNames(manifest).some((name) => name.startsWith("file-name:d/dir")));
      writeFileSync(raw("caf\xe9.txt"), "");
      assert.throws(() => workspace.take("main.py", { include: ["d/*.txt"] }), refused);
      assert.deepEqual(paths(workspace.take("main.py", { include: ["d/*.txt"], bundle: { exclude: ["d/caf*"] } })), ["d/ok.txt", "main.py"]);
    });
  });
});
