/** The recorded import cases: workspaces with what CPython really loaded (see test/fixtures/import-cases/README.md). */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { interpreterFor } from "../../../src/snapshot/interpreter.js";
import type { Manifest } from "../../../src/snapshot/manifest.js";
import type { ContentSink, SnapshotRequest } from "../../../src/snapshot/request.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { storedZip } from "./storedZip.js";

export const fixtures = resolve(__dirname, "../../fixtures/import-cases");

export interface ImportCase {
  entry: string;
  mode: "script" | "module" | "dir" | "pytest" | "ipython";
  module: string | null;
  cwd: string;
  importRoots: string[];
  site: string | null;
  python: string;
  expectedExternal: string[];
  externalKinds: Record<string, "stdlib" | "builtin" | "installed" | "missing">;
  staticFiles: string[];
  dataFiles: string[];
  mustReport: string[];
  prepare: { copyExtension: [string, string][]; compilePyc: [string, string][]; symlinks: [string, string][]; zips: Record<string, Record<string, string>> };
}

/** A sink that keeps nothing. */
export const noSink: ContentSink = { has: () => true, put: () => undefined };

export function caseNames(): string[] {
  return readdirSync(fixtures).filter((name) => /^\d/.test(name)).sort();
}

/** A private, prepared copy of a case; `remove` it afterwards. */
export function prepareCase(name: string): { facts: ImportCase; folder: string; suffix: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "slingshot-case-"));
  cpSync(join(fixtures, name), folder, { recursive: true });
  const facts = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as ImportCase;
  const workspace = join(folder, "ws");
  const suffix = interpreterFor(facts.python).extensionSuffixes[0] ?? ".so";
  for (const [module, target] of facts.prepare.copyExtension) writeFileSync(join(workspace, target, module + suffix), "");
  for (const [path] of facts.prepare.compilePyc) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), "");
  }
  for (const [link, target] of facts.prepare.symlinks) symlinkSync(target, join(workspace, link));
  for (const [zip, members] of Object.entries(facts.prepare.zips)) writeFileSync(join(workspace, zip), storedZip(members));
  if (facts.site !== null) fill(join(folder, facts.site), workspace);
  return { facts, folder, suffix, remove: () => { rmSync(folder, { recursive: true, force: true }); } };
}

function fill(directory: string, workspace: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) fill(path, workspace);
    else {
      const text = readFileSync(path, "utf8");
      if (text.includes("@WS@")) writeFileSync(path, text.replaceAll("@WS@", workspace));
    }
  }
}

/** The manifest that the command line's view of the case gives. */
export function takeCase(facts: ImportCase, folder: string): Manifest {
  const workspace = join(folder, "ws");
  const site = facts.site === null ? undefined : [join(folder, facts.site)];
  const fromPth = new Set(site === undefined ? [] : pthRoots(site[0] ?? "", workspace));
  const request: SnapshotRequest = {
    workspace,
    entry: facts.mode === "module" ? { module: facts.module ?? "" } : { file: join(workspace, facts.entry) },
    cwd: join(workspace, facts.cwd),
    overlays: [],
    roots: facts.importRoots.filter((root) => !fromPth.has(root)).map((root) => (root === "" ? "." : root)),
    ...(site === undefined ? {} : { site }),
    interpreter: interpreterFor(facts.python),
    bundle: {},
  };
  return new Snapshotter().take(request, noSink).manifest;
}

function pthRoots(site: string, workspace: string): string[] {
  const lines = readdirSync(site).filter((name) => name.endsWith(".pth")).flatMap((name) => readFileSync(join(site, name), "utf8").split("\n"));
  return lines.filter((line) => line.startsWith(`${workspace}/`)).map((line) => line.trim().slice(workspace.length + 1));
}
