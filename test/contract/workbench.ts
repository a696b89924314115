/** A workspace, a state directory and the real flow, for tests that launch jobs without an editor. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ulid } from "ulid";
import type { Submission } from "../../src/backends/backend.js";
import { removeFolder } from "./removeFolder.js";
import { Registry } from "../../src/backends/registry.js";
import { ContentStore } from "../../src/bundle/contentStore.js";
import { Follower } from "../../src/jobs/follower.js";
import { isFinal, type ArgumentValue, type JobRecord, type JobStatus } from "../../src/jobs/job.js";
import { JobStore } from "../../src/jobs/jobStore.js";
import { SpoolReader } from "../../src/jobs/spoolReader.js";
import { launch, type LaunchRequest, type LaunchServices } from "../../src/launch.js";
import { Approvals } from "../../src/project/approval.js";
import { readProject } from "../../src/project/projectFile.js";
import { filesDigest, type Manifest } from "../../src/snapshot/manifest.js";
import { probeInterpreter } from "../../src/snapshot/interpreter.js";
import { SecretDecisions } from "../../src/project/secretDecisions.js";
import { SecretSearch } from "../../src/snapshot/secrets/secretSearch.js";
import { Snapshotter } from "../../src/snapshot/snapshotter.js";

export interface RunOptions {
  /** Entry, relative to the workspace. */
  entry: string;
  function?: string;
  argv?: string[];
  arguments?: Record<string, ArgumentValue>;
  env?: Record<string, string>;
  /** Unsaved text by workspace path. */
  overlays?: Record<string, string>;
}

export interface Ended {
  record: JobRecord;
  status: JobStatus;
  stdout: string;
  stderr: string;
}

export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), "slingshot-contract-"));
  readonly workspace = join(this.folder, "ws");
  readonly stateDir = join(this.folder, "state");
  readonly jobs = new JobStore(this.stateDir);
  readonly contents = new ContentStore(this.stateDir);
  readonly backends: Registry;
  readonly follower: Follower;
  readonly secretDecisions = new SecretDecisions(this.stateDir);
  private readonly secretSearch = new SecretSearch(this.stateDir);
  private readonly snapshotter = new Snapshotter();
  /** When the last launch handed its bundle over: milliseconds since the epoch. */
  submitStarted: number | undefined;
  readonly services: LaunchServices;
  /** The interpreter itself, never a shim. */
  readonly python: string;

  /** `target`: settings of the target that jobs run on; `python`: the interpreter of driver and jobs. */
  constructor(
    private readonly target: { backend: string } & Record<string, unknown>,
    python = "python3",
  ) {
    mkdirSync(this.workspace, { recursive: true });
    this.python = execFileSync(python, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    const interpreter = () => probeInterpreter(this.python, join(this.stateDir, "caches"));
    this.backends = new Registry({ stateDir: this.stateDir, runnerDir: resolve(import.meta.dirname, "../../src/runner"), interpreter, log: () => undefined });
    this.follower = new Follower(this.jobs, this.backends, () => undefined);
    this.services = {
      jobs: this.jobs,
      contents: this.contents,
      backends: this.backends,
      approvals: new Approvals(this.stateDir),
      interpreter,
      takeSnapshot: (request, signal) => Promise.resolve(this.snapshotter.take(request, this.contents, signal)),
      secrets: {
        search: (files, signal) => this.secretSearch.search(files, (sha256) => this.contents.read(sha256), signal),
        decisions: this.secretDecisions,
        ask: () => Promise.resolve("nobody"),
      },
      secret: () => Promise.resolve(undefined),
      approve: () => Promise.resolve(true),
      progress: (text) => {
        if (text.startsWith("Submitting")) this.submitStarted = performance.timeOrigin + performance.now();
      },
    };
  }

  write(files: Record<string, string | Buffer>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.workspace, path)), { recursive: true });
      writeFileSync(join(this.workspace, path), content);
    }
  }

  async start(options: RunOptions): Promise<JobRecord> {
    return launch(this.request(options), this.services, new AbortController().signal);
  }

  /** The snapshot alone. */
  async snapshot(options: RunOptions): Promise<Manifest> {
    const request = this.request(options);
    const interpreter = await this.services.interpreter(request.target);
    return this.snapshotter.take({ ...request.snapshot, interpreter, bundle: request.project.bundle }, this.contents).manifest;
  }

  /** What a backend is handed for a snapshot, its job recorded: for tests that stand between backend and flow. */
  submission(manifest: Manifest, options: RunOptions): Submission {
    const { target, argv, arguments: named, env } = this.request(options);
    const record: JobRecord = {
      version: 1, id: ulid(), createdAt: Date.now(), workspace: this.workspace, entry: manifest.entry, title: options.entry,
      target: { name: target.name, backend: target.backend, settings: target.settings }, argv, arguments: named, envNames: Object.keys(env),
      snapshot: manifest.id, tree: filesDigest(manifest.files), files: manifest.files.length, bytes: 0, merged: false,
    };
    return { record, target, paths: this.jobs.create(record, manifest), argv, arguments: named, env };
  }

  /** Untitled documents have no place in the workspace. */
  private path(path: string): string {
    return path.startsWith(".slingshot/untitled/") ? path : join(this.workspace, path);
  }

  request(options: RunOptions): LaunchRequest {
    const project = readProject(this.workspace, this.backends.vocabularies, { t: this.target });
    const target = project.targets.find((one) => one.name === "t");
    assert.ok(target);
    return {
      project,
      target,
      snapshot: {
        workspace: this.workspace,
        cwd: this.workspace,
        entry: { file: this.path(options.entry), ...(options.function === undefined ? {} : { function: options.function }) },
        overlays: Object.entries(options.overlays ?? {}).map(([path, text]) => ({ path: this.path(path), bytes: Buffer.from(text) })),
      },
      argv: options.argv ?? [],
      arguments: options.arguments ?? {},
      env: options.env ?? {},
    };
  }

  async run(options: RunOptions): Promise<Ended> {
    return this.end(await this.start(options));
  }

  async end(record: JobRecord): Promise<Ended> {
    await this.follower.follow(record.id);
    const status = this.status(record.id);
    assert.ok(isFinal(status.state), `the job ended: ${status.state}`);
    const reader = new SpoolReader(this.jobs.paths(record.id));
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    for (let chunks = reader.read(); chunks.length > 0; chunks = reader.read()) {
      for (const { piece, bytes } of chunks) (piece.stream === "stderr" ? err : out).push(bytes);
    }
    reader.close();
    return { record, status, stdout: Buffer.concat(out).toString("latin1"), stderr: Buffer.concat(err).toString("latin1") };
  }

  status(id: string): JobStatus {
    const job = this.jobs.get(id);
    assert.ok(job);
    return job.status;
  }

  /** Waits until the job has printed `text`. */
  async printed(id: string, text: string): Promise<void> {
    for (;;) {
      let log = "";
      try {
        log = readFileSync(this.jobs.paths(id).log(), "latin1");
      } catch {
        // Not begun yet.
      }
      if (log.includes(text)) return;
      const { state } = this.status(id);
      assert.ok(!isFinal(state), `the job ended (${state}) before it printed ${text}: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Number of contents in the store. */
  contentCount(): number {
    return readdirSync(this.contents.folder).reduce((sum, name) => sum + readdirSync(join(this.contents.folder, name)).length, 0);
  }

  dispose(): void {
    this.follower.dispose();
    removeFolder(this.folder);
  }
}
