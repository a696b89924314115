import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { SlingshotError } from "../../../src/base/errors.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, paths, within, Workspace } from "../snapshot/workspaces.js";

const count = 5000;
const branches = ["old", "new"] as const;
type Branch = (typeof branches)[number];
const name = (n: number): string => `pkg${String(n % 40)}/m${String(n)}.py`;
const text = (branch: Branch, n: number): string => `BRANCH = "${branch}"\nNUMBER = ${String(n)}\n${"# as long as a module\n".repeat(20)}`;
const sha = (content: string): string => createHash("sha256").update(content).digest("hex");

describe("FAULTS 42: another branch is checked out while the snapshot is taken", function () {
  this.timeout(180_000);
  let workspace: Workspace;
  const git = (...words: string[]): string => execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...words], { cwd: workspace.folder, encoding: "utf8" });

  before(() => {
    workspace = new Workspace({});
    git("init", "-q", "-b", "old");
    const all = Array.from({ length: count }, (_, n) => n);
    for (const branch of branches) {
      if (branch === "new") git("checkout", "-q", "-b", "new");
      for (const n of all) workspace.write(name(n), text(branch, n));
      workspace.write("all.py", all.map((n) => `import pkg${String(n % 40)}.m${String(n)}\n`).join(""));
      workspace.write("ends.py", "import pkg0.m0, pkg39.m4999\n");
      git("add", "-A");
      git("commit", "-q", "-m", branch);
    }
    git("checkout", "-q", "old");
  });
  after(() => { workspace.remove(); });

  function branchesIn(manifest: Manifest): Branch[] {
    const digests = new Map(manifest.files.map((file) => [file.path, file.sha256]));
    return branches.filter((branch) => Array.from({ length: count }, (_, n) => n).some((n) => digests.get(name(n)) === sha(text(branch, n))));
  }

  for (const [entry, files] of [["all.py", count + 1], ["ends.py", 3]] as const) {
    it(`42: a job of ${String(files)} files is never of both branches, and a refusal names files`, async () => {
      const snapshotter = new Snapshotter();
      let present: Branch = "old";
      let meanwhile = 0;
      for (let round = 0; round < 4; round++) {
        const next: Branch = present === "old" ? "new" : "old";
        const checkout = spawn("git", ["checkout", "-q", next], { cwd: workspace.folder, stdio: "ignore" });
        let ended: number | null | undefined;
        checkout.once("exit", (code) => { ended = code; });
        for (;;) {
          try {
            const manifest = snapshotter.take(workspace.request(entry), new MemorySink()).manifest;
            assert.equal(manifest.files.length, files);
            assert.equal(branchesIn(manifest).length, 1, `a snapshot of both branches in round ${String(round)}`);
          } catch (error) {
            if (!(error instanceof SlingshotError)) throw error;
            assert.equal(error.code, "changed", error.message);
            assert.match(error.message, /pkg\d+/);
          }
          if (ended !== undefined) break;
          meanwhile++;
          await new Promise((resolve) => setImmediate(resolve));
        }
        assert.equal(ended, 0);
        assert.deepEqual(branchesIn(snapshotter.take(workspace.request(entry), new MemorySink()).manifest), [next]);
        present = next;
      }
      assert.ok(meanwhile > 0, "git was done before anything was read");
    });
  }

  it("42: a lock that is held stops nobody whose files it has not touched; one that is gone stops nobody", () => {
    within({ "main.py": "import lib\n", "lib.py": "", ".git/HEAD": "ref: refs/heads/main\n" }, (other) => {
      const take = (): string[] => paths(other.take("main.py"));
      const lock = other.path(".git/index.lock");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      writeFileSync(lock, "");
      assert.deepEqual(take(), ["lib.py", "main.py"]);
      other.write("lib.py", "x = 1\n");
      assert.throws(take, (error: unknown) => error instanceof SlingshotError && error.code === "changed" && /index\.lock.*lib\.py/.test(error.message));
      rmSync(lock);
      assert.deepEqual(take(), ["lib.py", "main.py"]);
    });
  });
});
