import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Registry } from "../../../src/backends/registry.js";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { JobStore } from "../../../src/jobs/jobStore.js";
import { launch, type LaunchRequest, type LaunchServices } from "../../../src/launch.js";
import { preview } from "../../../src/preview.js";
import { Approvals } from "../../../src/project/approval.js";
import { SecretDecisions } from "../../../src/project/secretDecisions.js";
import { readProject } from "../../../src/project/projectFile.js";
import { probeInterpreter } from "../../../src/snapshot/interpreter.js";
import { SecretSearch } from "../../../src/snapshot/secrets/secretSearch.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";
import { findProgram } from "../../../src/base/findProgram.js";

describe("the preview of a launch", () => {
  let folder: string;
  let workspace: string;
  let services: LaunchServices;
  /** `python` of each target that an interpreter was asked for. */
  let asked: unknown[];
  const { signal } = new AbortController();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-preview-"));
    workspace = join(folder, "ws");
    const stateDir = join(folder, "state");
    const contents = new ContentStore(stateDir);
    const snapshotter = new Snapshotter();
    asked = [];
    const interpreter = (target: LaunchRequest["target"]) => {
      asked.push(target.settings["python"]);
      return probeInterpreter(findProgram("python3", workspace) ?? "python3", join(stateDir, "caches"));
    };
    services = {
      jobs: new JobStore(stateDir),
      contents,
      backends: new Registry({ stateDir, runnerDir: resolve(import.meta.dirname, "../../../src/runner"), interpreter, log: () => undefined }),
      approvals: new Approvals(stateDir),
      interpreter,
      takeSnapshot: (request) => Promise.resolve(snapshotter.take(request, contents)),
      secrets: {
        search: (files, stop) => new SecretSearch(stateDir).search(files, (sha256) => contents.read(sha256), stop),
        decisions: new SecretDecisions(stateDir),
        ask: () => assert.fail("a preview asks about no finding"),
      },
      secret: () => assert.fail("a preview asks for no secret"),
      approve: () => assert.fail("a preview asks for no approval"),
      progress: () => undefined,
    };
    write({ "job.py": "import lib\nprint(lib.WORD)\n", "lib.py": "WORD = 'saved'\n" });
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  }

  function request(projectFile: object = {}): LaunchRequest {
    write({ ".vscode/slingshot.json": JSON.stringify(projectFile) });
    const project = readProject(workspace, services.backends.vocabularies, {});
    const target = project.targets.find((one) => one.name === project.defaultTarget);
    assert.ok(target !== undefined);
    const overlays = [{ path: join(workspace, "lib.py"), bytes: Buffer.from("WORD = 'typed'\n") }];
    return { project, target, snapshot: { workspace, cwd: workspace, entry: { file: join(workspace, "job.py") }, overlays }, argv: [], arguments: {}, env: {} };
  }

  it("is the very snapshot that the launch sends, and leaves no job", async () => {
    const seen = await preview(request(), services, signal);
    assert.ok(!existsSync(join(folder, "state", "jobs")) || readdirSync(join(folder, "state", "jobs")).length === 0);
    assert.deepEqual(seen.files.map(({ path, origin }) => [path, origin]), [["job.py", "disk"], ["lib.py", "buffer"]]);
    const record = await launch(request(), services, signal);
    assert.equal(record.snapshot, seen.id);
  });

  it("uses no program that the project file names before it is approved, asks for no secret, and says so", async () => {
    const unapproved = await preview(request({ defaultTarget: "own", targets: { own: { backend: "local", python: "/evil/python" } } }), services, signal);
    assert.deepEqual(asked, [undefined]);
    assert.match(unapproved.notes[0]?.text ?? "", /not approved on this machine yet/);
    const asking = request({ defaultTarget: "own", targets: { own: { backend: "local", python: "${secret:PYTHON}" } } });
    const pending = services.approvals.pending(workspace, asking.target, services.backends.vocabularies);
    assert.ok(pending !== undefined);
    services.approvals.approve(workspace, pending);
    assert.match((await preview(asking, services, signal)).notes[0]?.text ?? "", /needs a secret/);
    assert.deepEqual(asked, [undefined, undefined]);
  });

  it("needs no secret for what does not decide the files", async () => {
    const seen = await preview(request({ defaultTarget: "own", targets: { own: { backend: "local", env: { TOKEN: "${secret:TOKEN}" } } } }), services, signal);
    assert.deepEqual(seen.notes.filter(({ kind }) => kind === "interpreter-assumed"), []);
  });

  it("tells of a secret instead of asking about it", async () => {
    write({ "job.py": `import lib\nKEY = "ghp_${"a1B2c3D4e5F6".repeat(3)}"\n` });
    const seen = await preview(request(), services, signal);
    assert.ok(seen.notes.some(({ severity, file, text }) => severity !== "info" && file === "job.py" && !text.includes("a1B2c3D4")), JSON.stringify(seen.notes));
  });

  it("goes on with the interpreter here where the engine can't be asked, and says so", async () => {
    const far = request({ defaultTarget: "far", targets: { far: { backend: "ssh", host: "127.0.0.1", port: 1 } } });
    const pending = services.approvals.pending(workspace, far.target, services.backends.vocabularies);
    assert.ok(pending !== undefined);
    services.approvals.approve(workspace, pending);
    const seen = await preview(far, services, signal);
    assert.equal(seen.files.length, 2);
    assert.match(seen.notes[0]?.text ?? "", /^"far" can't be asked for its Python now/);
  });
});
