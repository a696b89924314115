import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { SlingshotError } from "../../../src/base/errors.js";
import { paths, within, type Workspace } from "../snapshot/workspaces.js";

/** Bytes that this process has read so far. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

function sparse(workspace: Workspace, name: string, size: number): void {
  workspace.write(name, "");
  const file = openSync(workspace.path(name), "r+");
  ftruncateSync(file, size);
  closeSync(file);
}

export function manyFiles(workspace: Workspace, folder: string, count: number, text: string): void {
  for (let n = 0; n < count; n++) {
    if (n % 1000 === 0) mkdirSync(workspace.path(`${folder}/${String(n / 1000)}`), { recursive: true });
    writeFileSync(workspace.path(`${folder}/${String(Math.floor(n / 1000))}/${String(n)}.txt`), text);
  }
}

describe("FAULTS 47: large files, many files, environments", function () {
  this.timeout(240_000);

  (process.platform === "linux" ? it : it.skip)("47: a file of 2 GB stops the launch before it is read, and is named with its size and what was left out already", () => {
    within({ "main.py": "", "data/small.bin": "x".repeat(1000), "data/scratch.tmp": "", ".gitignore": "*.tmp\n" }, (workspace) => {
      sparse(workspace, "data/large.bin", 2 ** 31);
      const before = bytesRead();
      assert.throws(
        () => workspace.take("main.py", { include: ["data/**"] }),
        (error: unknown) => error instanceof SlingshotError && error.code === "too-large" && /would have 2\.1 GB in 3 files, more than the limit of 100 MB\. Largest: data\/large\.bin \(2\.1 GB\).* Left out already: data\/scratch\.tmp \(\.gitignore:1\)/.test(error.message) && error.remedy.includes("bundle.exclude"),
      );
      assert.ok(bytesRead() - before < 1_000_000);
    });
  });

  (process.platform === "linux" ? it : it.skip)("47: a Python file of 2 GB is refused unread as well", () => {
    within({ "main.py": "import huge\n" }, (workspace) => {
      sparse(workspace, "huge.py", 2 ** 31);
      const before = bytesRead();
      assert.throws(() => workspace.take("main.py"), (error: unknown) => error instanceof SlingshotError && error.code === "too-large" && error.message.includes("huge.py"));
      assert.ok(bytesRead() - before < 1_000_000);
    });
  });

  (process.platform === "linux" ? it : it.skip)("47: a file of 2 GB is refused unread where the limit would allow it, and a file of 80 MB goes along", () => {
    within({ "main.py": "" }, (workspace) => {
      sparse(workspace, "data.bin", 2 ** 31);
      const before = bytesRead();
      const bundle = { maxSize: 4e9 };
      assert.throws(() => workspace.take("main.py", { include: ["data.bin"], bundle }), (error: unknown) => error instanceof SlingshotError && error.code === "too-large" && error.message.includes("data.bin is 2147.5 MB; a file of a snapshot may have"));
      assert.ok(bytesRead() - before < 1_000_000);
      sparse(workspace, "data.bin", 80_000_000);
      const file = workspace.take("main.py", { include: ["data.bin"], bundle }).files.find(({ path }) => path === "data.bin");
      assert.equal(file?.sha256, createHash("sha256").update(Buffer.alloc(80_000_000)).digest("hex"));
    });
  });

  it("47: many files are named by the folder that they lie in", () => {
    within({ "main.py": "", "conf/a.yaml": "x" }, (workspace) => {
      manyFiles(workspace, "data/raw", 3000, "0123456789");
      assert.throws(() => workspace.take("main.py", { include: ["data", "conf"], bundle: { maxSize: 20_000 } }), (error: unknown) => error instanceof SlingshotError && /in 3002 files.*Largest: data\/raw\/ \(30 kB in 3000 files\)/.test(error.message));
    });
  });

  it("47: environments and node_modules are never walked; a glob that would mean them says which rule left them out", () => {
    within({ "main.py": "", "ok.txt": "", ".venv/pyvenv.cfg": "", ".venv/lib/a.txt": "", "env/pyvenv.cfg": "", "env/lib/b.txt": "", "web/node_modules/m/i.js": "", "data/a.csv": "", ".gitignore": "data/\n" }, (workspace) => {
      const manifest = workspace.take("main.py", { include: ["**"] });
      assert.deepEqual(paths(manifest), [".gitignore", "main.py", "ok.txt"]);
      assert.deepEqual(manifest.excluded, [
        { path: ".venv/", rule: "never part of a snapshot" },
        { path: "data/", rule: ".gitignore:1" },
        { path: "env/", rule: "a virtual environment" },
        { path: "web/node_modules/", rule: "never part of a snapshot" },
      ]);
      assert.deepEqual(workspace.take("main.py", { include: ["ok.*"] }).excluded, []);
    });
  });
});
