/** What differs now from a snapshot, over dirty documents before disk. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallestChange } from "../../../src/editor/smallestChange.js";
import { digest } from "../../../src/snapshot/diskCache.js";
import type { ManifestFile } from "../../../src/snapshot/manifest.js";
import { placesOf, presentDifferences } from "../../../src/snapshot/presentFiles.js";

describe("the present state of a snapshot's files", () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "slingshot-present-")); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  const file = (path: string, text: string): ManifestFile => ({ path, mode: "644", size: Buffer.byteLength(text), sha256: digest(Buffer.from(text)), origin: "disk", reason: { kind: "import" } });

  it("is told file by file: the same, changed, gone, and unsaved text before the disk", async () => {
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    mkdirSync(join(one, "lib"), { recursive: true });
    mkdirSync(two);
    const write = (path: string, text: string): void => { writeFileSync(path, text); };
    write(join(one, "same.py"), "1");
    write(join(one, "size.py"), "12");
    write(join(one, "bytes.py"), "2");
    write(join(one, "dirty.py"), "1");
    write(join(one, "back.py"), "changed on disk");
    write(join(two, "m.py"), "2");
    const files = [
      ...["back.py", "bytes.py", "dirty.py", "gone.py", "lib", "same.py", "size.py"].map((path) => file(path, "1")),
      file(".slingshot/roots/two/m.py", "1"), file(".slingshot/roots/elsewhere/m.py", "1"), file(".slingshot/untitled/Untitled-1.py", "1"), file(".slingshot/untitled/closed.py", "1"),
    ];
    const overlays = new Map([[join(one, "dirty.py"), Buffer.from("typed")], [join(one, "back.py"), Buffer.from("1")], [".slingshot/untitled/Untitled-1.py", Buffer.from("typed")]]);
    const found = await presentDifferences(files, placesOf(one, [one, two]), overlays);
    assert.deepEqual(found.map(({ file: { path }, kind, path: place }) => [path, kind, place]), [
      ["bytes.py", "changed", join(one, "bytes.py")],
      ["dirty.py", "changed", join(one, "dirty.py")],
      ["gone.py", "gone", join(one, "gone.py")],
      ["lib", "gone", join(one, "lib")],
      ["size.py", "changed", join(one, "size.py")],
      [".slingshot/roots/two/m.py", "changed", join(two, "m.py")],
      [".slingshot/untitled/Untitled-1.py", "changed", ".slingshot/untitled/Untitled-1.py"],
    ]);
  });
});

describe("the smallest change", () => {
  it("makes the one text of the other, and cuts no pair in two", () => {
    const texts = ["", "a", "ab", "aab", "a\r\nb", "a\r\nc", "a\r", "x\u{1f600}y", "x\u{1f601}y", "\u{1f600}", "line one\nline two\n", "line one\nline 2\n", "line one\nline one\nline two\n"];
    for (const before of texts) {
      for (const after of texts) {
        const { start, end, insert } = smallestChange(before, after);
        assert.equal(before.slice(0, start) + insert + before.slice(end), after, JSON.stringify([before, after]));
        for (const at of [start, end]) assert.doesNotMatch(before.slice(at - 1, at + 1), /^\r\n$|^[\ud800-\udbff][\udc00-\udfff]$/);
      }
    }
    assert.deepEqual(smallestChange("line one\nline two\n", "line one\nline 2\n"), { start: 14, end: 17, insert: "2" });
  });
});
