/** Whatever the real server has heard of the documents, in whatever order: a snapshot is of the frozen texts. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { askWorker } from "../../../src/language/askWorker.js";
import { takeSnapshot, type SnapshotSources } from "../../../src/language/snapshotService.js";
import { sha256 } from "../../../src/language/snapshotWire.js";
import type { Snapshot, SnapshotRequest } from "../../../src/snapshot/request.js";
import { Workspace } from "../snapshot/workspaces.js";
import { ServerProcess, uriOf } from "./serverProcess.js";

const names = ["job.py", "lib/__init__.py", "lib/a.py", "lib/b.py"];
const noWorker: SnapshotSources["worker"] = () => Promise.reject(new Error("no worker here"));

describe("snapshots of a server that", () => {
  let server: ServerProcess;
  let workspace: Workspace;
  let stateDir: string;
  let built: string;
  const log: string[] = [];
  const worker: SnapshotSources["worker"] = (wire) => askWorker(join(built, "worker.js"), wire);

  before(async () => {
    built = mkdtempSync(join(tmpdir(), "slingshot-worker-"));
    await build({ entryPoints: [join(__dirname, "../../../src/language/snapshotWorker.ts")], outfile: join(built, "worker.js"), bundle: true, platform: "node", format: "cjs", target: "node20", mainFields: ["module", "main"], logLevel: "warning" });
  });
  after(() => {
    rmSync(built, { recursive: true });
  });
  beforeEach(async () => {
    workspace = new Workspace({ "job.py": "import lib.a\n", "lib/__init__.py": "", "lib/a.py": "", "lib/b.py": "", "lib/c.py": "" });
    stateDir = mkdtempSync(join(tmpdir(), "slingshot-state-"));
    log.length = 0;
    server = await ServerProcess.start();
  });
  afterEach(async () => {
    server.child.kill("SIGCONT");
    await server.stop();
    workspace.remove();
    rmSync(stateDir, { recursive: true });
  });

  function take(request: SnapshotRequest, more: Partial<SnapshotSources>): Promise<Snapshot> {
    return takeSnapshot(request, { server: server.snapshot, worker: noWorker, patience: 60_000, stateDir, log: (line) => log.push(line), ...more });
  }

  function frozen(texts: ReadonlyMap<string, { text: string; version: number }>): SnapshotRequest {
    return workspace.request("job.py", { overlays: [...texts].map(([name, { text, version }]) => ({ path: workspace.path(name), bytes: Buffer.from(text), version })) });
  }

  /** The same snapshot, taken here and by nothing that was before. */
  function here(request: SnapshotRequest): string {
    return workspace.take("job.py", { overlays: request.overlays }).id;
  }

  it("hears of edits late, in the wrong order, twice or never", async () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const screen = new Map<string, { text: string; version: number }>();
    const late: (() => Promise<void>)[] = [];
    for (const name of names) await server.open(workspace.path(name), "");
    for (let round = 0; round < 60; round++) {
      const name = names[random(names.length)] ?? "job.py";
      const version = (screen.get(name)?.version ?? 1) + 1;
      const text = `import lib.${"abc".charAt(random(3))}\nx = ${String(round)}\n`;
      screen.set(name, { text, version });
      late.push(() => server.connection.sendNotification("textDocument/didChange", { textDocument: { uri: uriOf(workspace.path(name)), version }, contentChanges: [{ text }] }));
      while (late.length > 0 && random(3) > 0) {
        const at = random(late.length);
        await late[at]?.();
        // Some come twice, most once.
        if (random(5) > 0) late.splice(at, 1);
      }
      if (random(4) === 0) late.pop();
      const request = frozen(screen);
      const { manifest } = await take(request, {});
      for (const file of manifest.files) {
        const shown = screen.get(file.path);
        if (shown !== undefined) assert.equal(file.sha256, sha256(Buffer.from(shown.text)), `${file.path} in round ${String(round)}`);
      }
      assert.equal(manifest.id, here(request), `round ${String(round)}`);
    }
    assert.deepEqual(log, []);
  });

  it("hangs: a worker answers, and the late answer changes nothing", async () => {
    const text = { text: "import lib.b\n", version: 2 };
    server.child.kill("SIGSTOP");
    const request = frozen(new Map([["job.py", text]]));
    const { manifest } = await take(request, { worker, patience: 50 });
    assert.equal(manifest.files.find((file) => file.path === "job.py")?.sha256, sha256(Buffer.from(text.text)));
    server.child.kill("SIGCONT");
    const next = frozen(new Map([["job.py", { text: "import lib.c\n", version: 3 }]]));
    assert.equal((await take(next, {})).manifest.id, here(next));
  });

  it("is killed in the middle of the request: a worker answers", async () => {
    const request = frozen(new Map([["job.py", { text: "import lib.b\n", version: 2 }]]));
    // Stopped first, so that it dies with the request received and not answered.
    server.child.kill("SIGSTOP");
    const asked = take(request, { worker });
    server.child.kill("SIGKILL");
    assert.equal((await asked).manifest.id, here(request));
    assert.equal(log.length, 1);
  });
});
