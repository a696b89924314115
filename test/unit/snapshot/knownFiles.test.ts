import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { KnownFiles } from "../../../src/snapshot/knownFiles.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";
import type { ContentSink } from "../../../src/snapshot/request.js";
import { MemorySink, Workspace } from "./workspaces.js";

const modules = 600;
/** Files written more recently are read again by everybody. */
const settled = 2100;

describe("what is known of files between processes", () => {
  let state = "";
  beforeEach(() => { state = mkdtempSync(join(tmpdir(), "slingshot-known-")); });
  afterEach(() => { rmSync(state, { recursive: true, force: true }); });

  const take = (workspace: Workspace, build = "one", sink: ContentSink = new MemorySink()): Manifest => new KnownFiles(state, build).take(workspace.request("main.py"), sink).manifest;
  const kept = (): string[] => {
    try { return readdirSync(join(state, "caches", "files")).map((name) => join(state, "caches", "files", name)); } catch { return []; }
  };

  it("gives the snapshot that one without it gives, before and after edits", async () => {
    await withWorkspace(files(), async (workspace) => {
      const first = take(workspace);
      assert.equal(first.files.length, modules + 1);
      assert.equal(kept().length, 1);
      alike(take(workspace), first);
      writeFileSync(workspace.path("m7.py"), "import m8, extra\n");
      writeFileSync(workspace.path("extra.py"), "");
      rmSync(workspace.path("m599.py"));
      alike(take(workspace), workspace.take("main.py"));
    });
  });

  it("is used by the same build only, and not where it is damaged", async () => {
    await withWorkspace(files(), async (workspace) => {
      const first = take(workspace);
      const [path] = kept();
      assert.ok(path !== undefined);
      const [head = "", body = ""] = readFileSync(path, "utf8").split("\n");
      const digest = first.files.find((file) => file.path === "m3.py")?.sha256 ?? "";
      const forged = body.replaceAll(digest, "0".repeat(64));
      assert.notEqual(forged, body);
      writeFileSync(path, `${head}\n${forged}`);
      alike(take(workspace), first);
      const headOf = (text: string): string => `${head.slice(0, -64)}${createHash("sha256").update(text).digest("hex")}`;
      writeFileSync(path, `${headOf(forged)}\n${forged}`);
      alike(take(workspace, "two"), first);
      writeFileSync(path, `${headOf(forged)}\n${forged}`);
      alike(take(workspace), first);
      writeFileSync(path, `${headOf(forged)}\n${forged}`);
      const listed = take(workspace, "one", { has: () => true, put: () => undefined });
      assert.equal(listed.files.find((file) => file.path === "m3.py")?.sha256, "0".repeat(64), "what is kept is used");
      writeFileSync(path, "");
      alike(take(workspace), first);
    });
  });

  it("is not kept for a small closure", async () => {
    await withWorkspace({ "main.py": "import lib\n", "lib.py": "" }, async (workspace) => {
      take(workspace);
      assert.deepEqual(kept(), []);
    });
  });
});

async function withWorkspace(content: Record<string, string>, test: (workspace: Workspace) => Promise<void>): Promise<void> {
  const workspace = new Workspace(content);
  try {
    await delay(settled);
    await test(workspace);
  } finally {
    workspace.remove();
  }
}

function files(): Record<string, string> {
  const all: Record<string, string> = { "main.py": "import m0\n" };
  for (let n = 0; n < modules; n++) all[`m${String(n)}.py`] = n + 1 < modules ? `import m${String(n + 1)}\nx = ${String(n)}\n` : "";
  return all;
}

function alike(one: Manifest, other: Manifest): void {
  assert.deepEqual({ ...one, timings: null }, { ...other, timings: null });
}
