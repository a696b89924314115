import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { noteEdits } from "../../../src/bundle/editHistory.js";
import { packBundle, splitLayers } from "../../../src/bundle/pack.js";
import type { Manifest, ManifestFile } from "../../../src/snapshot/manifest.js";

const sha = (text: string): string => createHash("sha256").update(text).digest("hex");

function sample(store: ContentStore, files: Record<string, string>, entry: string, buffers: string[] = []): Manifest {
  const list = Object.entries(files).map(([path, text]): ManifestFile => {
    store.put(sha(text), Buffer.from(text));
    return { path, mode: path.endsWith(".sh") ? "755" : "644", size: Buffer.byteLength(text), sha256: sha(text), origin: buffers.includes(path) ? "buffer" : "disk", reason: { kind: "import" } };
  });
  return { id: "x", workspace: "/w", entry: { file: entry, function: null, module: null }, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] }, files: list, external: [], notes: [], excluded: [], timings: { closureMs: 0, hashMs: 0, packMs: 0 } };
}

describe("bundle", () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "slingshot-bundle-")); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
  const text = { "job.py": "import lib\n", "lib/a.py": "A = 1\n", "lib/é b.py": "B = 2\n", "conf/x.yaml": "x: 1\n", "run.sh": "#!/bin/sh\n" };

  it("keeps content private, read-only and once", () => {
    const store = new ContentStore(folder);
    store.put(sha("hello"), Buffer.from("hello"));
    store.put(sha("hello"), Buffer.from("hello"));
    assert.equal(store.read(sha("hello")).toString(), "hello");
    assert.equal(statSync(store.path(sha("hello"))).mode & 0o777, 0o400);
    assert.ok(new ContentStore(folder).has(sha("hello")));
    assert.ok(!store.has(sha("other")));
  });

  it("puts what is being edited in a layer of its own: an edit leaves the other layers' digests alone", () => {
    const store = new ContentStore(folder);
    const before = packBundle(sample(store, text, "job.py"), store);
    const after = packBundle(sample(store, { ...text, "job.py": "import lib  # edited\n" }, "job.py", ["job.py"]), store);
    assert.deepEqual(before.layers.map((layer) => layer.name), ["changing", "stable", "data"]);
    assert.notEqual(before.layers[0]?.digest, after.layers[0]?.digest);
    assert.deepEqual(before.layers.slice(1).map((layer) => layer.digest), after.layers.slice(1).map((layer) => layer.digest));
    assert.notEqual(before.tree, after.tree);
  });

  it("remembers which files were edited between launches, and keeps them in the changing layer", () => {
    const store = new ContentStore(folder);
    const names = (manifest: Manifest): string[] => splitLayers(manifest, noteEdits(folder, manifest)).find((layer) => layer.name === "changing")?.files.map((file) => file.path) ?? [];
    assert.deepEqual(names(sample(store, text, "job.py")), ["job.py"]);
    const edited = { ...text, "lib/a.py": "A = 2\n" };
    assert.deepEqual(names(sample(store, edited, "job.py")), ["job.py", "lib/a.py"]);
    assert.deepEqual(names(sample(store, edited, "job.py")), ["job.py", "lib/a.py"]);
    const later = Date.now() + 48 * 3600 * 1000;
    assert.deepEqual([...noteEdits(folder, sample(store, edited, "job.py"), later)], []);
  });

  for (const format of ["zip", "tar"] as const) {
    it(`writes a ${format} whose bytes follow from the content alone, in any time zone`, async () => {
      const zone = process.env["TZ"];
      const digests: string[] = [];
      try {
        for (const [at, place] of ["UTC", "America/New_York", "Asia/Kolkata"].entries()) {
          process.env["TZ"] = place;
          const store = new ContentStore(join(folder, String(at)));
          const manifest = sample(store, text, "job.py");
          if (at === 1) manifest.files.reverse();
          const layer = { name: "stable" as const, digest: "d", files: manifest.files };
          digests.push(sha(readFileSync(await packBundle(manifest, store).archive(layer, format)).toString("latin1")));
        }
      } finally {
        if (zone === undefined) delete process.env["TZ"];
        else process.env["TZ"] = zone;
      }
      assert.equal(new Set(digests).size, 1);
    });

    it(`writes a ${format} that Python unpacks to the same bytes and modes, stored, with folders`, async () => {
      const store = new ContentStore(folder);
      const manifest = sample(store, text, "job.py");
      const layer = { name: "stable" as const, digest: "d", files: manifest.files };
      const path = await packBundle(manifest, store).archive(layer, format);
      const script = join(folder, "read.py");
      writeFileSync(script, `
import json, sys, tarfile, zipfile
out = {}
if sys.argv[2] == "zip":
    with zipfile.ZipFile(sys.argv[1]) as z:
        for i in z.infolist():
            assert i.compress_type == zipfile.ZIP_STORED
            out[i.filename] = [oct((i.external_attr >> 16) & 0o777), None if i.is_dir() else z.read(i).decode()]
else:
    with tarfile.open(sys.argv[1]) as t:
        for m in t:
            out[m.name + ("/" if m.isdir() else "")] = [oct(m.mode & 0o777), None if m.isdir() else t.extractfile(m).read().decode()]
print(json.dumps(out))`);
      const seen = JSON.parse(execFileSync("python3", [script, path, format], { encoding: "utf8" })) as Record<string, [string, string | null]>;
      assert.deepEqual(seen["lib/é b.py"], ["0o644", "B = 2\n"]);
      assert.deepEqual(seen["run.sh"], ["0o755", "#!/bin/sh\n"]);
      assert.deepEqual(seen["lib/"], ["0o755", null]);
      assert.equal(Object.keys(seen).length, 7);
    });
  }

  it("does not write an archive again whose digest is known", async () => {
    const store = new ContentStore(folder);
    const bundle = packBundle(sample(store, text, "job.py"), store);
    const layer = bundle.layers[1];
    assert.ok(layer);
    const path = await bundle.archive(layer, "tar");
    chmodSync(path, 0o400);
    const before = statSync(path, { bigint: true });
    await bundle.archive(layer, "tar");
    assert.equal(statSync(path, { bigint: true }).ino, before.ino);
  });
});
