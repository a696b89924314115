/** Cleaning in one process while others launch: what a launch was promised is there, whoever dies in the middle. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { JobStore } from "../../../src/jobs/jobStore.js";
import { digest } from "../../../src/snapshot/diskCache.js";

const source = resolve(import.meta.dirname, "../../../src");

describe("cleaning beside launches", () => {
  let folder: string;
  let state: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-race-"));
    const scripts = {
      // Cleans again and again until it is killed.
      clean: `import { clean } from ${JSON.stringify(join(source, "jobs/cleaning/clean.ts"))};
        const options = { limits: { maxAge: 1, maxSize: null }, hurried: true, kept: 0 };
        const again = async () => { await clean(process.argv[2], options); setImmediate(again); };
        void again();`,
      // Asks for content that a cleaning is about to remove, as a snapshot does, and after a while writes the record.
      launch: `import { ContentStore } from ${JSON.stringify(join(source, "bundle/contentStore.ts"))};
        import { hash } from "node:crypto";
        const [, , state, from, to] = process.argv;
        const store = new ContentStore(state);
        const missing = [];
        for (let n = Number(from); n < Number(to); n++) { const bytes = Buffer.from("content " + n); store.put(hash("sha256", bytes, "hex"), bytes); }
        setTimeout(() => {
          for (let n = Number(from); n < Number(to); n++) {
            try { store.read(hash("sha256", Buffer.from("content " + n), "hex")); } catch { missing.push(n); }
          }
          process.stdout.write(JSON.stringify(missing));
        }, 200);`,
    };
    for (const [name, contents] of Object.entries(scripts)) {
      await build({ stdin: { contents, resolveDir: source, loader: "ts" }, outfile: join(folder, `${name}.cjs`), bundle: true, platform: "node", format: "cjs", mainFields: ["module", "main"], logLevel: "error" });
    }
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });
  beforeEach(() => {
    state = join(folder, `state${String(Math.random()).slice(2)}`);
    mkdirSync(state);
  });

  const start = (name: string, ...argv: string[]): ChildProcess => spawn(process.execPath, [join(folder, `${name}.cjs`), state, ...argv], { stdio: ["ignore", "pipe", "inherit"] });

  /** Content that was last asked for long ago and that no job names. */
  function forgotten(from: number, to: number): void {
    const store = new ContentStore(state);
    const long = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000);
    for (let n = from; n < to; n++) {
      const bytes = Buffer.from(`content ${String(n)}`);
      store.put(digest(bytes), bytes);
      utimesSync(store.path(digest(bytes)), long, long);
    }
  }

  async function stop(child: ChildProcess): Promise<void> {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  const blobs = (): string[] => readdirSync(join(state, "store"), { recursive: true }).map(String).filter((name) => name.includes("/"));

  it("takes nothing away that a launch has asked for, whichever comes first", async () => {
    forgotten(0, 3000);
    const cleaner = start("clean");
    const launches = await Promise.all([0, 1000, 2000].map(async (from) => {
      const child = start("launch", String(from), String(from + 500));
      let text = "";
      child.stdout?.on("data", (piece: Buffer) => { text += piece.toString(); });
      await once(child, "close");
      return JSON.parse(text) as number[];
    }));
    while (blobs().length > 1500) await new Promise((done) => setTimeout(done, 50));
    await stop(cleaner);
    assert.deepEqual(launches, [[], [], []]);
    assert.equal(blobs().filter((name) => /\/[0-9a-f]{64}$/.test(name)).length, 1500, "and what nobody asked for is gone");
  });

  it("may be killed anywhere: the next one finds every job whole or gone, and finishes", async () => {
    const jobs = new JobStore(state);
    const store = new ContentStore(state);
    const made = new Map<string, string>();
    for (let n = 0; n < 300; n++) {
      const id = `01ARZ3NDEKTSV4RRFFQ69G${String(n).padStart(4, "0")}`;
      const bytes = Buffer.from(`only of ${String(n)}`);
      const sha256 = digest(bytes);
      store.put(sha256, bytes);
      utimesSync(store.path(sha256), 1e9, 1e9);
      const paths = jobs.create(
        {
          version: 1, id, createdAt: 1e12, workspace: "/w", entry: { file: "a.py", function: null, module: null }, title: "a.py", target: { name: "local", backend: "local", settings: {} }, argv: [],
          arguments: {}, envNames: [], snapshot: "s", tree: "t", files: 1, bytes: 1, merged: false,
        },
        {
          id: "s", workspace: "/w", entry: { file: "a.py", function: null, module: null }, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] }, external: [], notes: [], excluded: [],
          files: [{ path: "a.py", mode: "644", size: bytes.length, sha256, origin: "disk", reason: { kind: "entry" } }], timings: { closureMs: 0, hashMs: 0, packMs: 0 },
        },
      );
      writeFileSync(paths.events, '{"at":1000000000000,"type":"submitted","ref":{}}\n{"at":1000000000001,"type":"ended","exit":{"outcome":"succeeded","code":0,"signal":null}}\n');
      made.set(id, sha256);
    }
    for (let left = made.size; left > 0;) {
      const cleaner = start("clean");
      const before = left;
      // Killed now earlier, now later in its work.
      const until = Math.max(0, before - 1 - Math.floor(Math.random() * 80));
      while (left > until) {
        await new Promise((done) => setTimeout(done, 5));
        left = new JobStore(state).ids().length;
      }
      await stop(cleaner);
      const now = new JobStore(state);
      for (const id of now.ids()) assert.ok(now.get(id) !== undefined && existsSync(store.path(made.get(id) ?? "")), `${id} is there with its content`);
      assert.equal(now.problems.size, 0);
      left = now.ids().length;
    }
    const last = start("clean");
    // The note of its end is the last thing that a cleaning writes.
    const noted = join(state, "cleaning.json");
    while (blobs().length > 0 || readdirSync(join(state, "jobs")).length > 0 || !existsSync(noted)) await new Promise((done) => setTimeout(done, 50));
    await stop(last);
    assert.ok(JSON.parse(readFileSync(noted, "utf8")));
  });
});
