/** Restoring a snapshot's files into a folder: byte for byte, and nothing outside it. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { pathParts, presentBelow, restoreFiles, type StoredFile } from "../../../src/bundle/restoreFiles.js";
import { digest } from "../../../src/snapshot/diskCache.js";

describe("restoring files", () => {
  let folder: string;
  let store: ContentStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-restore-"));
    store = new ContentStore(join(folder, "state"));
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  function stored(path: string, bytes: Uint8Array, mode: "644" | "755" = "644"): StoredFile {
    store.put(digest(bytes), bytes);
    return { path, mode, sha256: digest(bytes) };
  }

  it("writes bytes and modes as they were, large and empty files too, and replaces what the user let it replace", async () => {
    const large = Buffer.alloc(5_000_000, "0123456789abcdef\r\n\0\xff", "latin1");
    const files = [stored("a/b/c.py", Buffer.from("x\r\ny\n")), stored("run.sh", Buffer.from("#!/bin/sh\n"), "755"), stored("data.bin", large), stored("empty", Buffer.alloc(0)), stored(".slingshot/roots/lib/m.py", Buffer.from("1\n"))];
    const target = join(folder, "target");
    mkdirSync(target);
    writeFileSync(join(target, "run.sh"), "old");
    writeFileSync(join(target, "own.txt"), "mine");
    assert.deepEqual(await presentBelow(target, files), ["run.sh"]);
    const done: number[] = [];
    await restoreFiles(files, target, store, { progress: (count) => done.push(count) });
    for (const { path, sha256, mode } of files) {
      assert.equal(digest(readFileSync(join(target, path))), sha256);
      assert.equal((statSync(join(target, path)).mode & 0o700).toString(8), mode === "755" ? "700" : "600");
    }
    assert.equal(readFileSync(join(target, "own.txt"), "utf8"), "mine");
    assert.deepEqual(done, [1, 2, 3, 4, 5]);
    assert.deepEqual(readdirSync(target).sort(), [".slingshot", "a", "data.bin", "empty", "own.txt", "run.sh"], "nothing half written is left");
  });

  it("refuses paths that lead out, before anything is written", async () => {
    for (const path of ["../x", "/etc/x", "a/../../x", "a//x", "./x", "", "a\0b"]) {
      await assert.rejects(restoreFiles([stored("good", Buffer.from("1")), stored(path, Buffer.from("2"))], join(folder, "target"), store), /outside any folder/);
    }
    assert.ok(!existsSync(join(folder, "target")));
    assert.throws(() => pathParts("C:\\x", "win32"), /outside/);
    assert.deepEqual(pathParts("a/c:x", "linux"), ["a", "c:x"]);
  });

  it("writes through no link", async () => {
    const [target, outside] = [join(folder, "target"), join(folder, "outside")];
    mkdirSync(target);
    mkdirSync(outside);
    writeFileSync(join(outside, "f"), "theirs");
    symlinkSync(outside, join(target, "a"));
    symlinkSync(join(outside, "f"), join(target, "f"));
    await assert.rejects(restoreFiles([stored("a/f", Buffer.from("ours"))], target, store), /is a link/);
    await restoreFiles([stored("f", Buffer.from("ours"))], target, store);
    assert.equal(readFileSync(join(outside, "f"), "utf8"), "theirs", "the link is replaced, not followed");
    assert.equal(readFileSync(join(target, "f"), "utf8"), "ours");
    mkdirSync(join(target, "d"));
    await assert.rejects(restoreFiles([stored("d", Buffer.from("1"))], target, store), /is a folder/);
    await assert.rejects(restoreFiles([stored("f/x", Buffer.from("1"))], target, store), /is no folder/);
  });

  it("names what is missing before it writes, and says which content is damaged", async () => {
    const [good, gone, bad] = [stored("good", Buffer.from("1")), stored("gone", Buffer.from("2")), stored("bad", Buffer.from("3"))];
    rmSync(store.path(gone.sha256));
    await assert.rejects(restoreFiles([good, gone], join(folder, "target"), store), /content of gone is no longer stored/);
    assert.ok(!existsSync(join(folder, "target")));
    chmodSync(store.path(bad.sha256), 0o600);
    writeFileSync(store.path(bad.sha256), "4");
    await assert.rejects(restoreFiles([good, bad], join(folder, "target"), store), /content of bad is damaged/);
    assert.deepEqual(readdirSync(join(folder, "target")), ["good"]);
  });

  it("stops between two files when it is cancelled", async () => {
    const abort = new AbortController();
    const files = Array.from({ length: 5 }, (_, n) => stored(`f${String(n)}`, Buffer.from(String(n))));
    await assert.rejects(restoreFiles(files, join(folder, "target"), store, { signal: abort.signal, progress: (done) => { if (done === 2) abort.abort(); } }), { name: "AbortError" });
    assert.deepEqual(readdirSync(join(folder, "target")), ["f0", "f1"]);
  });
});
