import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { packBundle } from "../../../src/bundle/pack.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, Workspace } from "../snapshot/workspaces.js";

const files: Record<string, string> = { "main.py": "import pkg.a, pkg.b\n", "pkg/__init__.py": "", "pkg/a.py": "A = 1\n", "pkg/b.py": "B = 2\n", "conf/é b.yaml": "x: 1\n", "conf/Z.yaml": "" };

describe("FAULTS 44: the same content twice", () => {
  it("44: in another folder, made in another order, with other times and modes: equal id, layers and archive bytes, nothing stored again", async () => {
    const seen: { id: string; archives: string[] }[] = [];
    const [one, other, state] = [new Workspace({}), new Workspace({}), new Workspace({})];
    try {
      for (const [workspace, names] of [[one, Object.keys(files)], [other, Object.keys(files).reverse()]] as const) {
        for (const name of names) workspace.write(name, files[name] ?? "");
        if (workspace === other) for (const name of names) utimesSync(workspace.path(name), 1e9, 1e9);
        const store = new ContentStore(state.folder);
        const before = new MemorySink();
        const counting = { has: (digest: string) => store.has(digest), put: (digest: string, bytes: Uint8Array) => { before.put(digest, bytes); store.put(digest, bytes); } };
        const manifest = workspace.take("main.py", { bundle: { include: ["conf"] } }, new Snapshotter(), counting);
        assert.equal(before.puts, workspace === one ? 5 : 0);
        const bundle = packBundle(manifest, store);
        const archives: string[] = [];
        for (const layer of bundle.layers) for (const format of ["zip", "tar"] as const) archives.push(createHash("sha256").update(readFileSync(await bundle.archive(layer, format))).digest("hex"));
        seen.push({ id: manifest.id, archives });
        // The second time the archives are made anew.
        rmSync(join(state.folder, "layers"), { recursive: true });
      }
    } finally {
      for (const workspace of [one, other, state]) workspace.remove();
    }
    assert.deepEqual(seen[0], seen[1]);
  });
});
