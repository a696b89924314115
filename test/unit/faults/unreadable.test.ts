import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { SlingshotError } from "../../../src/base/errors.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { asAnotherUser } from "./anotherUser.js";
import { MemorySink, noteNames, paths, within, Workspace } from "../snapshot/workspaces.js";

describe("FAULTS 43: what vanishes or can't be read while the workspace is walked", function () {
  this.timeout(120_000);

  it("43: a file that is needed and may not be read is refused by its path", () => {
    within({ "main.py": "import lib\n", "lib.py": "", "conf/a.yaml": "" }, (workspace) => {
      chmodSync(workspace.folder, 0o755);
      for (const [file, include] of [["lib.py", []], ["conf/a.yaml", ["conf/**"]]] as [string, string[]][]) {
        chmodSync(workspace.path(file), 0);
        asAnotherUser(() => {
          assert.throws(() => workspace.take("main.py", { include }), (error: unknown) => error instanceof SlingshotError && error.code === "unreadable" && error.message.includes(`${workspace.path(file)} can't be read: permission denied`));
        });
        chmodSync(workspace.path(file), 0o644);
      }
    });
  });

  it("43: a folder that may not be listed is named, where a glob leads into it and where an import may mean it", () => {
    within({ "main.py": "import pkg.sub.mod\n", "pkg/__init__.py": "", "pkg/sub/mod.py": "", "conf/open/a.yaml": "", "conf/closed/b.yaml": "" }, (workspace) => {
      chmodSync(workspace.folder, 0o755);
      for (const folder of ["pkg/sub", "conf/closed"]) chmodSync(workspace.path(folder), 0);
      try {
        asAnotherUser(() => {
          const manifest = workspace.take("main.py", { include: ["conf/**"] });
          assert.deepEqual(paths(manifest), ["conf/open/a.yaml", "main.py", "pkg/__init__.py"]);
          for (const note of ["unreadable-folder:conf/closed", "unreadable-folder:pkg/sub", "unresolved:pkg.sub.mod"]) assert.ok(noteNames(manifest).includes(note), `${note} among ${noteNames(manifest).join(", ")}`);
        });
      } finally {
        for (const folder of ["pkg/sub", "conf/closed"]) chmodSync(workspace.path(folder), 0o755);
      }
    });
  });

  it("43: while another process makes and removes files, each snapshot has them whole or not at all, or is refused by name", async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`d/f${String(n)}.txt`, "whole"]));
    const workspace = new Workspace({ "main.py": "try:\n    import lib\nexcept ImportError:\n    pass\n", ...files });
    const program = `const fs = require("fs"); const [folder] = process.argv.slice(1); const end = Date.now() + 4000; let n = 0;
      while (Date.now() < end) { const f = folder + "/d/f" + (n++ % 40) + ".txt"; fs.rmSync(f, { force: true }); fs.writeFileSync(folder + "/new", "whole"); fs.renameSync(folder + "/new", f);
        fs.writeFileSync(folder + "/new", "X = 1\\n".repeat(2000)); fs.renameSync(folder + "/new", folder + "/lib.py"); fs.rmSync(folder + "/lib.py"); }`;
    const restless = spawn(process.execPath, ["-e", program, workspace.folder], { stdio: "inherit" });
    try {
      const snapshotter = new Snapshotter();
      let taken = 0;
      while (restless.exitCode === null) {
        const sink = new MemorySink();
        try {
          const manifest = snapshotter.take(workspace.request("main.py", { include: ["d"] }), sink).manifest;
          taken++;
          const texts = manifest.files.map((file) => [file.path, sink.contents.get(file.sha256)?.toString() ?? ""] as const);
          for (const [path, text] of texts) {
            if (path.startsWith("d/")) assert.equal(text, "whole");
            if (path === "lib.py") assert.equal(text, "X = 1\n".repeat(2000));
          }
        } catch (error) {
          if (!(error instanceof SlingshotError)) throw error;
          assert.ok(["changed", "unreadable"].includes(error.code), error.message);
          assert.match(error.message, /lib\.py|f\d+\.txt|\/d\b/);
          taken++;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.ok(taken > 0);
    } finally {
      restless.kill("SIGKILL");
      workspace.remove();
    }
  });
});
