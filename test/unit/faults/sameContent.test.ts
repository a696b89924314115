import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { packBundle } from "../../../src/bundle/pack.js";
import type { Overlay } from "../../../src/snapshot/request.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { MemorySink, Workspace } from "../snapshot/workspaces.js";

const files: Record<string, string> = { "main.py": "import pkg.a, pkg.b\n", "pkg/__init__.py": "", "pkg/a.py": "A = 1\n", "pkg/b.py": "B = 2\n", "conf/é b.yaml": "x: 1\n", "conf/Z.yaml": "" };

describe("FAULTS 44: the same content twice", function () {
  this.timeout(120_000);
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

  it("44: in another process, time zone, locale, umask and Node: equal id, equal archive bytes", async () => {
    const workspace = new Workspace(files);
    const states: Workspace[] = [];
    try {
      const served = process.env["SLINGSHOT_VSCODE_SERVER"];
      const newer = served === undefined ? [] : [join(served, "bin", "node")];
      const said = await Promise.all(
        [[process.execPath, "UTC", "C", "022"], [process.execPath, "Asia/Kolkata", "de_DE.UTF-8", "077"], ...newer.map((node) => [node, "America/New_York", "tr_TR.UTF-8", "000"])].map(async ([node = "", zone, locale, mask = ""]) => {
          const state = new Workspace({});
          states.push(state);
          // Built for Node alone: what TypeScript's loader does is none of the matter.
          const program = join(state.folder, "program.mjs");
          await build({ entryPoints: [join(import.meta.dirname, "archiveProgram.ts")], outfile: program, bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "error", banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' } });
          return execFileSync(node, [program, workspace.folder, join(state.folder, "state"), mask], { env: { ...process.env, TZ: zone, LC_ALL: locale, LANG: locale }, encoding: "utf8" }).trim().split(" ");
        }),
      );
      assert.equal(new Set(said.map(([version]) => version)).size, 1 + newer.length, "another Node where the set-up has one");
      assert.equal(said[0]?.length, 2 + 3 * 2);
      for (const one of said) assert.deepEqual(one.slice(1), said[0].slice(1));
    } finally {
      for (const each of [workspace, ...states]) each.remove();
    }
  });

  it("44: a one-line edit of a library of 200 modules makes one small layer new; the others keep name and bytes", async () => {
    const library = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`lib/m${String(n)}.py`, `N = ${String(n)}\n${"# a module as long as modules are\n".repeat(60)}`]));
    const workspace = new Workspace({ ...library, "lib/__init__.py": "", "conf/a.yaml": "x: 1\n", "main.py": Object.keys(library).map((path) => `import ${path.slice(0, -3).replace("/", ".")}\n`).join("") });
    const state = new Workspace({});
    try {
      const store = new ContentStore(state.folder);
      const snapshotter = new Snapshotter();
      const sent = new Set<string>();
      const launch = async (overlays: Overlay[]): Promise<{ files: number; bytes: number; names: string[] }> => {
        const bundle = packBundle(workspace.take("main.py", { overlays, bundle: { include: ["conf"] } }, snapshotter, store), store);
        const fresh = bundle.layers.filter((layer) => !sent.has(layer.digest));
        const bytes = await Promise.all(fresh.map(async (layer) => statSync(await bundle.archive(layer, "tar")).size));
        for (const layer of fresh) sent.add(layer.digest);
        return { files: fresh.reduce((sum, layer) => sum + layer.files.length, 0), bytes: bytes.reduce((sum, size) => sum + size, 0), names: fresh.map((layer) => layer.name) };
      };
      assert.deepEqual((await launch([])).names, ["changing", "stable", "data"]);
      const dirty = (text: string): Overlay[] => [{ path: workspace.path("lib/m7.py"), bytes: Buffer.from(text) }];
      // The first edit of a file takes it out of the stable layer; from then on one small layer changes.
      await launch(dirty("N = 'first'\n"));
      const edited = await launch(dirty("N = 'second'\n"));
      assert.deepEqual({ files: edited.files, names: edited.names }, { files: 2, names: ["changing"] });
      assert.ok(edited.bytes < 20_000, `${String(edited.bytes)} bytes`);
      workspace.write("lib/m7.py", "N = 'saved'\n");
      assert.deepEqual((await launch([])).names, ["changing"]);
      workspace.write("main.py", "import lib.m7, lib.m8\n");
      assert.ok(!(await launch([])).names.includes("data"));
    } finally {
      for (const each of [workspace, state]) each.remove();
    }
  });
});
