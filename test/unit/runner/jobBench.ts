/** Runs jobs through the real runner and programs through plain Python, for the tests of this folder. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, existsSync, openSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import type { ArgumentValue } from "../../../src/jobs/job.js";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { decodePieces } from "../../../src/jobs/logIndex.js";
import { filesDigest, snapshotId, type Manifest, type ManifestFile } from "../../../src/snapshot/manifest.js";
import type { RunnerSpec, SupervisorExit } from "../../../src/backends/shared/runnerSpec.js";
import { writeFileSync } from "node:fs";

export const runnerDir = join(import.meta.dirname, "..", "..", "..", "src", "runner");

/** The interpreters to test with: `SLINGSHOT_TEST_PYTHONS` (separated as in PATH), else the first `python3`. */
export const pythons = (process.env["SLINGSHOT_TEST_PYTHONS"] ?? "python3")
  .split(":")
  .map((name) => execFileSync(name, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim());

export interface JobOptions {
  files: Record<string, string | Buffer>;
  entry: string | null;
  function?: string;
  module?: string;
  /** The folder of `entry` is what was launched. */
  isFolder?: boolean;
  roots?: string[];
  declared?: string[];
  guessed?: string[];
  executable?: string[];
  workspace?: string;
  argv?: string[];
  arguments?: Record<string, ArgumentValue>;
  env?: Record<string, string>;
  /** Environment of the supervisor itself. */
  outerEnv?: NodeJS.ProcessEnv;
  spec?: Partial<RunnerSpec>;
  python?: string;
  /** Words between the interpreter and `supervise.py`. */
  prelude?: string[];
}

export interface Ended {
  folder: string;
  exit: SupervisorExit;
  log: Buffer;
  out: Buffer;
  err: Buffer;
}

/** The environment of both sides: nothing that steers Python. */
export const environment: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("PYTHON") && !name.startsWith("SLINGSHOT")),
);

/** A state directory of its own; `dispose` removes it with its read-only trees. */
export class JobBench {
  readonly root = mkdtempSync(join(tmpdir(), "runner-test-"));
  private readonly store = new ContentStore(this.root);
  private count = 0;
  readonly started: ChildProcess[] = [];

  manifest(options: JobOptions): Manifest {
    const files = Object.entries(options.files).map(([path, content]): ManifestFile => {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      this.store.put(sha256, bytes);
      const mode = options.executable?.includes(path) === true ? "755" : "644";
      return { path, mode, size: bytes.length, sha256, origin: "disk", reason: { kind: "import" } };
    });
    files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
    const folder = options.entry === null ? "." : dirname(options.entry);
    const manifest: Manifest = {
      id: "",
      workspace: options.workspace ?? join(this.root, "workspace"),
      entry: { file: options.entry, function: options.function ?? null, module: options.module ?? null, ...(options.isFolder === true ? { folder: true as const } : {}) },
      importRoots: options.roots ?? [folder],
      fallbackRoots: { declared: options.declared ?? [], guessed: options.guessed ?? [] },
      files,
      external: [],
      notes: [],
      excluded: [],
      timings: { closureMs: 0, hashMs: 0, packMs: 0 },
    };
    return { ...manifest, id: snapshotId(manifest) };
  }

  treeOf(manifest: Manifest): string {
    return join(this.root, "trees", filesDigest(manifest.files));
  }

  blob(content: string | Buffer): string {
    return this.store.path(createHash("sha256").update(content).digest("hex"));
  }

  /** Starts a job; its supervisor's process and the job's folder. */
  start(options: JobOptions): { folder: string; spec: RunnerSpec; process: ChildProcess; done: Promise<Ended> } {
    const manifest = this.manifest(options);
    const folder = join(this.root, "jobs", String(++this.count));
    mkdirSync(join(folder, "run"), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    const spec: RunnerSpec = {
      version: 1,
      job: String(this.count),
      manifest: join(folder, "manifest.json"),
      tree: this.treeOf(manifest),
      store: join(this.root, "store"),
      bytecode: join(this.root, "bytecode"),
      argv: options.argv ?? [],
      arguments: options.arguments ?? {},
      env: join(folder, "run", "env.json"),
      workdir: join(folder, "work"),
      prepareWorkdir: true,
      folder,
      grace: 1,
      outputsLimit: 1 << 20,
      preview: { rows: 100, columns: 20, seconds: 10 },
      spark: null,
      ...options.spec,
    };
    writeFileSync(join(folder, "run", "env.json"), JSON.stringify(options.env ?? {}), { mode: 0o600 });
    writeFileSync(join(folder, "run", "spec.json"), JSON.stringify(spec), { mode: 0o600 });
    const errors = openSync(join(folder, "run", "supervisor.err"), "a", 0o600);
    const child = spawn(options.python ?? String(pythons[0]), [...(options.prelude ?? []), join(runnerDir, "supervise.py"), join(folder, "run", "spec.json")], {
      detached: true,
      env: options.outerEnv ?? environment,
      stdio: ["ignore", "ignore", errors],
    });
    closeSync(errors);
    this.started.push(child);
    const done = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => {
        try {
          resolve(readEnded(folder));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return { folder, spec, process: child, done };
  }

  run(options: JobOptions): Promise<Ended> {
    return this.start(options).done;
  }

  dispose(): void {
    for (const child of this.started) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    execFileSync("chmod", ["-R", "u+rwX", this.root]);
    rmSync(this.root, { recursive: true, force: true });
  }
}

function readEnded(folder: string): Ended {
  const words = readFileSync(join(folder, "run", "supervisor.err"), "utf8");
  if (!existsSync(join(folder, "run", "exit.json"))) throw new Error(`the supervisor left no report: ${words}`);
  const exit = JSON.parse(readFileSync(join(folder, "run", "exit.json"), "utf8")) as SupervisorExit;
  const read = (name: string): Buffer => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : Buffer.alloc(0));
  const log = read("out.log");
  const pieces = decodePieces(read("out.idx"), 0);
  const of = (stream: string): Buffer =>
    Buffer.concat(pieces.filter((piece) => piece.stream === stream).map((piece) => log.subarray(piece.offset, piece.offset + piece.length)));
  return { folder, exit, log, out: of("stdout"), err: of("stderr") };
}

/** Runs plain Python; its two streams, exit code and signal. */
export function plain(python: string, words: string[], cwd: string, env: NodeJS.ProcessEnv = environment): Promise<{ out: Buffer; err: Buffer; code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => err.push(data));
    child.once("error", reject);
    child.once("close", (code, signal) => { resolve({ out: Buffer.concat(out), err: Buffer.concat(err), code, signal }); });
  });
}

/** All files below a folder, by POSIX path. */
export function filesBelow(folder: string): Record<string, Buffer> {
  const found: Record<string, Buffer> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.parentPath.includes("__pycache__")) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = readFileSync(path);
  }
  return found;
}
