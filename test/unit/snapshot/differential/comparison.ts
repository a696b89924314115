/** One generated workspace, run by CPython and bundled: what differs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { existsSync, realpathSync } from "node:fs";
import { SlingshotError } from "../../../../src/base/errors.js";
import type { Manifest } from "../../../../src/snapshot/manifest.js";
import type { SnapshotRequest } from "../../../../src/snapshot/request.js";
import { Snapshotter } from "../../../../src/snapshot/snapshotter.js";
import { noSink } from "../importCases.js";
import type { Recorder } from "./recorder.js";
import { materialise, type GeneratedWorkspace } from "./workspace.js";

const code = /\.(py|pyc|so|pyd|zip)$/;

export interface Comparison {
  /** In words; empty where all agrees. */
  wrong: string[];
  loaded: number;
  said: string[];
}

/** Runs `workspace` and compares what was loaded with its manifest. */
export async function compare(workspace: GeneratedWorkspace, python: Recorder): Promise<Comparison> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slingshot-closure-")));
  try {
    materialise(workspace, folder, python);
    const run = await python.run(workspace, folder);
    const said = [...new Set(run.said)];
    const manifest = take(workspace, folder, python);
    if (manifest === null) return { wrong: /No module named|cannot be directly executed|not found/.test(run.said.at(-1) ?? "") ? [] : ["the launch is refused, but CPython runs it"], loaded: 0, said };
    const loaded = new Set(run.opened);
    if (workspace.launch.mode !== "module") loaded.add(workspace.launch.entry + (workspace.launch.mode === "dir" ? "/__main__.py" : ""));
    return { wrong: differences(workspace, manifest, loaded, new Set(run.missing)), loaded: loaded.size, said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The manifest, or null where the launch is refused because there is no such module. */
function take(workspace: GeneratedWorkspace, folder: string, python: Recorder): Manifest | null {
  const { launch, roots } = workspace;
  const ws = join(folder, "ws");
  const site = join(folder, "site");
  const request: SnapshotRequest = {
    workspace: ws,
    entry: launch.mode === "module" ? { module: launch.module ?? "" } : { file: join(ws, launch.entry) },
    cwd: join(ws, launch.cwd),
    overlays: [],
    roots: roots.map((root) => (root === "" ? "." : root)),
    ...(existsSync(site) ? { site: [site] } : {}),
    interpreter: python.interpreter,
    bundle: {},
  };
  try {
    return new Snapshotter().take(request, noSink).manifest;
  } catch (error) {
    if (error instanceof SlingshotError && error.code === "no-entry") return null;
    throw error;
  }
}

function differences(workspace: GeneratedWorkspace, manifest: Manifest, loaded: ReadonlySet<string>, missing: ReadonlySet<string>): string[] {
  const wrong: string[] = [];
  const shipped = new Set(manifest.files.map((file) => file.path).filter((path) => code.test(path)));
  for (const path of loaded) if (code.test(path) && !shipped.has(path)) wrong.push(`CPython loads ${path}, which is not in the manifest`);
  if (!workspace.exact) return wrong;
  for (const file of manifest.files) {
    if (!code.test(file.path) || loaded.has(file.path) || file.reason.kind === "native-extension") continue;
    wrong.push(`${file.path} is in the manifest (${file.reason.kind} by ${file.reason.by ?? "-"}:${String(file.reason.line ?? 0)}), but CPython never loads it`);
  }
  const notes = new Set(manifest.notes.map((note) => `${note.kind}:${note.subject}`));
  const external = new Set(manifest.external);
  for (const name of missing) if (!external.has(name.split(".", 1)[0] ?? name) && !notes.has(`unresolved:${name}`)) wrong.push(`CPython misses ${name}, and no note says so`);
  return wrong;
}
