/** Everything that a job can reach, found by a process that has seen none of it before. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Manifest } from "../../src/snapshot/manifest.js";
import { median, medianRatio, paired, type Row } from "./measure.js";
import { generateWorkspace } from "./workspaces.js";

const cli = resolve(import.meta.dirname, "../../dist/cli.js");
const modules = 10_000;
const most = 700;

/** `ruff`: path of the program. Both sides are whole processes and both have to name every file. */
export async function benchClosure(times: number, ruff: string): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "slingshot-bench-closure-"));
  try {
    const workspace = join(folder, "ws");
    mkdirSync(workspace);
    generateWorkspace(workspace, modules, modules);
    const files = modules + 1;
    const env = { ...process.env, SLINGSHOT_STATE_DIR: join(folder, "state") };
    const timings: Manifest["timings"][] = [];
    const ours = async (): Promise<number> => {
      const { ms, output } = await timed(process.execPath, [cli, "bundle", "job.py", "--json", "--root", "."], workspace, env);
      const manifest = JSON.parse(output) as Manifest;
      expect("slingshot bundle", manifest.files.length, files);
      timings.push(manifest.timings);
      return ms;
    };
    const theirs = async (): Promise<number> => {
      const { ms, output } = await timed(ruff, ["analyze", "graph", "."], workspace, env);
      expect("ruff analyze graph", Object.keys(JSON.parse(output) as object).length, files);
      return ms;
    };
    const figures = await paired(times, ours, theirs);
    timings.shift();
    const closure = timings.map(({ closureMs }) => closureMs);
    const title = `closure of ${String(modules)} files, cold process; against ruff analyze graph`;
    const holds = (one: number[]): boolean => medianRatio(one, figures.theirs) <= 1 && median(one) < most;
    return [
      { what: `${title}: slingshot bundle --json, the whole process`, ...figures, unit: "ms", budget: `no slower, under ${String(most)} ms (hashing ${median(timings.map(({ hashMs }) => hashMs)).toFixed(0)} ms of it)`, holds: holds(figures.ours) },
      { what: `${title}: the closure in that process (timings.closureMs)`, ours: closure, theirs: figures.theirs, unit: "ms", budget: `no slower, under ${String(most)} ms`, holds: holds(closure) },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
function expect(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what} named ${String(found)} files, not ${String(wanted)}`);
}
