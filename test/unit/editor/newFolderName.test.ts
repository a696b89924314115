import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderNameProblem, proposedFolderName } from "../../../src/editor/newFolderName.js";

describe("the name of a new folder", () => {
  const at = new Date(2026, 0, 2, 3, 4).getTime();

  it("is proposed from workspace and time, and never one that is taken", () => {
    const taken = new Set<string>();
    const names = Array.from({ length: 3 }, () => {
      const name = proposedFolderName("/home/me/etl", at, (other) => taken.has(other));
      taken.add(name);
      return name;
    });
    assert.deepEqual(names, ["etl-2026-01-02-0304", "etl-2026-01-02-0304-2", "etl-2026-01-02-0304-3"]);
    assert.equal(proposedFolderName("/", at, () => false), "snapshot-2026-01-02-0304");
  });

  it("is accepted where the file system takes it, and refused where it would lead elsewhere", () => {
    const folder = mkdtempSync(join(tmpdir(), "slingshot-name-"));
    try {
      for (const name of ["etl-2026-01-02-0304", "with space", "ü", "..a", "con", "a:b", "x".repeat(255)]) {
        assert.equal(folderNameProblem(name, "linux"), null);
        if (process.platform === "linux") mkdirSync(join(folder, name));
      }
      for (const name of ["", " ", ".", "..", "a/b", "/a", "a\0b", "x".repeat(256), "ü".repeat(128)]) assert.notEqual(folderNameProblem(name, "linux"), null, JSON.stringify(name));
      for (const name of ["a\\b", "a:b", "a.", "a ", "con", "NUL.txt", "com1"]) assert.notEqual(folderNameProblem(name, "win32"), null, name);
      for (const name of ["console", "a.b", "com10"]) assert.equal(folderNameProblem(name, "win32"), null, name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
