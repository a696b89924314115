/** Everything that a job can reach, found by a process that has seen none of it before. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Manifest } from "../../src/snapshot/manifest.js";
import { median, medianRatio, paired, type Row } from "./measure.js";
import { generateWorkspace } from "./workspaces.js";

const cli = resolve(import.meta.dirname, "../../dist/cli.js");
const sizes = [100, 1000, 10_000, 50_000];
/** The size that the budget speaks of, and its milliseconds. */
const judged = 10_000;
const most = 700;

/** `ruff`: path of the program. Both sides are whole processes and both have to name every file. */
export async function benchClosure(times: number, ruff: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "slingshot-bench-closure-"));
    try {
      const workspace = join(folder, "ws");
      mkdirSync(join(workspace, ".vscode"), { recursive: true });
      writeFileSync(join(workspace, ".vscode", "slingshot.json"), '{ "bundle": { "maxSize": "1 GB" } }\n');
      generateWorkspace(workspace, size, size);
      const budget = size === judged ? most : "none";
      rows.push(...(await closureRows(`closure of ${String(size)} files`, size > judged ? Math.ceil(times / 3) : times, workspace, join(folder, "state"), ruff, budget, size + 1)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}

/** `budget`: milliseconds that it may take, besides being no slower; `files`: how many both sides have to name. */
export async function closureRows(title: string, times: number, workspace: string, stateDir: string, ruff: string, budget: number | "none", files?: number): Promise<Row[]> {
  const env = { ...process.env, SLINGSHOT_STATE_DIR: stateDir };
  const timings: Manifest["timings"][] = [];
  const named = { ours: 0, theirs: 0 };
  // What another process has kept of the files helps the next one; a first process has nothing of it.
  const first = (): Promise<number> => {
    rmSync(join(stateDir, "caches", "files"), { recursive: true, force: true });
    return ours();
  };
  const ours = async (): Promise<number> => {
    const { ms, output } = await timed(process.execPath, [cli, "bundle", "job.py", "--json", "--root", "."], workspace, env);
    const manifest = JSON.parse(output) as Manifest;
    named.ours = manifest.files.length;
    expect("slingshot bundle", named.ours, files);
    timings.push(manifest.timings);
    return ms;
  };
  const theirs = async (): Promise<number> => {
    const { ms, output } = await timed(ruff, ["analyze", "graph", "."], workspace, env);
    named.theirs = Object.keys(JSON.parse(output) as object).length;
    expect("ruff analyze graph", named.theirs, files);
    return ms;
  };
  const figures = await paired(times, first, theirs);
  timings.shift();
  const closure = timings.map(({ closureMs }) => closureMs);
  const hashing = median(timings.map(({ hashMs }) => hashMs));
  const later = await paired(times, ours, theirs);
  const what = files === undefined ? `${title} (${String(named.ours)} files; ruff names ${String(named.theirs)})` : title;
  const holds = (one: number[], other: number[]): boolean => budget === "none" || (medianRatio(one, other) <= 1 && median(one) < budget);
  const words = budget === "none" ? "none" : `no slower, under ${String(budget)} ms`;
  return [
    { what: `${what}, cold process, seen for the first time: slingshot bundle --json; against ruff analyze graph`, ...figures, unit: "ms", budget: `${words} (contents ${hashing.toFixed(0)} ms of it)`, holds: holds(figures.ours, figures.theirs) },
    { what: `${what}, cold process, seen for the first time: the closure alone (timings.closureMs); against ruff's whole process`, ours: closure, theirs: figures.theirs, unit: "ms", budget: words, holds: holds(closure, figures.theirs) },
    { what: `${what}, cold process, again: slingshot bundle --json; against ruff analyze graph`, ...later, unit: "ms", budget: words, holds: holds(later.ours, later.theirs) },
  ];
}

async function timed(program: string, argv: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<{ ms: number; output: string }> {
  const started = performance.now();
  const child = spawn(program, argv, { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`${program} ${argv.join(" ")} ended with ${String(code)}`);
  return { ms, output: Buffer.concat(chunks).toString() };
}

/** A side that leaves files out is not measured. */
function expect(what: string, found: number, wanted: number | undefined): void {
  if (wanted !== undefined && found !== wanted) throw new Error(`${what} named ${String(found)} files, not ${String(wanted)}`);
}
