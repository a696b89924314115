/** Processes that are killed while they hand content over: what runs afterwards is whole. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { randomBytes } from "node:crypto";
import { filesDigest } from "../../../src/snapshot/manifest.js";
import { Workbench } from "../../contract/workbench.js";

const source = resolve(import.meta.dirname, "../../../src");
const parts = 24;
const partSize = 3_000_000;

/** Runs `program`, which sees the folder `src` as `src`, in a process of its own. */
function start(program: string, words: readonly string[]): ChildProcess {
  const text = `const src = ${JSON.stringify(pathToFileURL(source).href)}; const words = process.argv.slice(1); const load = async (path) => { const one = await import(src + path); return one.default ?? one; }; ${program}`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", text, ...words], { stdio: ["ignore", "inherit", "inherit"] });
}

/** Kills `child` as soon as `isHalf` holds; false where it had ended before. */
async function killWhen(child: ChildProcess, isHalf: () => boolean): Promise<boolean> {
  const exit = once(child, "exit");
  while (child.exitCode === null && !isHalf()) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  await exit;
  return child.signalCode === "SIGKILL";
}

function filesBelow(folder: string): string[] {
  return existsSync(folder) ? (readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))) : [];
}

describe("FAULTS 49: killed half-way", function () {
  this.timeout(180_000);
  let bench: Workbench;
  beforeEach(() => {
    bench = new Workbench({ backend: "local" });
    bench.write(Object.fromEntries(Array.from({ length: parts }, (_, n) => [`d/${String(n)}.bin`, randomBytes(partSize)])));
    bench.write({ "main.py": "import os\nprint(sum(os.path.getsize(os.path.join('d', n)) for n in os.listdir('d')))\n", ".vscode/slingshot.json": '{ "bundle": { "include": ["d/**"], "maxSize": "200 MB" } }' });
  });
  afterEach(() => { bench.dispose(); });

  const stored = (): string[] => filesBelow(bench.contents.folder).filter((path) => /\/[0-9a-f]{64}$/.test(path));

  it("49: while content is stored: what is there is whole, the next launch stores only what is missing, and runs", async () => {
    const program = `
      const { Snapshotter } = await load("/snapshot/snapshotter.ts"); const { ContentStore } = await load("/bundle/contentStore.ts");
      const [workspace, state] = words;
      new Snapshotter().take({ workspace, cwd: workspace, entry: { file: workspace + "/main.py" }, overlays: [], interpreter: null, bundle: { include: ["d/**"], maxSize: 2e8 } }, new ContentStore(state));`;
    const killed = await killWhen(start(program, [bench.workspace, bench.stateDir]), () => stored().length >= parts / 2);
    assert.ok(killed, "the process was done before it could be killed");
    const before = new Map(stored().map((path) => [path, statSync(path).ino]));
    assert.ok(before.size >= parts / 2 && before.size < parts + 1);
    const { status, stdout, stderr } = await bench.run({ entry: "main.py" });
    assert.deepEqual([status.state, stdout], ["succeeded", `${String(parts * partSize)}\n`], stderr);
    assert.equal(stored().length, parts + 1);
    for (const [path, inode] of before) assert.equal(statSync(path).ino, inode, "stored content is not stored again");
  });

  it("49: while an archive is written: none stands under its name, and the next one is whole", async () => {
    const manifest = await bench.snapshot({ entry: "main.py" });
    const program = `
      const { packBundle } = await load("/bundle/pack.ts"); const { ContentStore } = await load("/bundle/contentStore.ts"); const { readFileSync } = await import("node:fs");
      const [manifest, state] = words; const bundle = packBundle(JSON.parse(readFileSync(manifest, "utf8")), new ContentStore(state));
      for (const layer of bundle.layers) if (layer.name === "data") await bundle.archive(layer, "tar");`;
    const file = join(bench.folder, "manifest.json");
    writeFileSync(file, JSON.stringify(manifest));
    const layers = join(bench.stateDir, "layers");
    const killed = await killWhen(start(program, [file, bench.stateDir]), () => filesBelow(layers).some((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > parts * partSize * 0.4));
    assert.ok(killed, "the process was done before it could be killed");
    const data = manifest.files.filter((one) => one.path.startsWith("d/"));
    const archive = join(layers, `${filesDigest(data)}.tar`);
    assert.equal(existsSync(archive), false);
    const again = start(program, [file, bench.stateDir]);
    await once(again, "exit");
    assert.equal(again.exitCode, 0);
    assert.ok(statSync(archive).size > parts * partSize);
  });

  it("49: while files are copied to a shared stage: the folder belongs to one job, and putting them again makes it whole", async () => {
    const from = join(bench.folder, "from");
    const stage = join(bench.folder, "stage");
    mkdirSync(from);
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${String(n)}`, join(from, String(n))]));
    const content = randomBytes(partSize);
    for (const path of Object.values(files)) writeFileSync(path, content);
    const program = `const { openStage } = await load("/backends/spark/stage.ts"); const [stage, job, files] = words; await openStage("file:" + stage, job, null).put(JSON.parse(files));`;
    const killed = await killWhen(start(program, [stage, "JOB1", JSON.stringify(files)]), () => filesBelow(stage).length >= 20);
    assert.ok(killed, "the process was done before it could be killed");
    const { openStage } = await import("../../../src/backends/spark/stage.js");
    await openStage(`file:${stage}`, "JOB1", null).put(files);
    assert.deepEqual(filesBelow(stage).map((path) => statSync(path).size), Object.keys(files).map(() => partSize));
    await openStage(`file:${stage}`, "JOB2", null).remove();
    assert.equal(filesBelow(stage).length, 60);
    rmSync(stage, { recursive: true });
  });
});
