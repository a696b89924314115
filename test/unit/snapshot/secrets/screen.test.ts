/** What a launch does at a finding: asks once per file and content, does what was decided, and says so in the manifest. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlingshotError } from "../../../../src/base/errors.js";
import { SecretDecisions } from "../../../../src/project/secretDecisions.js";
import { snapshotId, type Manifest } from "../../../../src/snapshot/manifest.js";
import type { SecretFinding } from "../../../../src/snapshot/secrets/secretFinding.js";
import { judgeSecrets, screenSecrets, type SecretAnswer, type SecretQuestion, type SecretScreen } from "../../../../src/snapshot/secrets/screenSecrets.js";
import { noteNames, paths } from "../workspaces.js";

const finding = (digest: string, line = 3): SecretFinding => ({ rule: "password", line, digest });

function manifestOf(files: Record<string, Manifest["files"][number]["reason"]["kind"]>): Manifest {
  const content = {
    entry: { file: "main.py", function: null, module: null }, importRoots: ["."], fallbackRoots: { declared: [], guessed: [] },
    files: Object.entries(files).map(([path, kind]) => ({ path, mode: "644" as const, size: 1, sha256: path.padEnd(64, "0"), origin: "disk" as const, reason: { kind } })),
  };
  return { id: snapshotId(content), workspace: "/ws", ...content, external: [], notes: [], excluded: [], timings: { closureMs: 0, hashMs: 0, packMs: 0 } };
}

describe("secrets in a launch", () => {
  let state: string;
  let asked: SecretQuestion[];
  let answers: SecretAnswer[];
  let found: Record<string, SecretFinding[]>;
  const manifest = manifestOf({ "main.py": "entry", "lib.py": "import", "conf/a.yaml": "include", "d.txt": "data-reference" });

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "slingshot-screen-"));
    [asked, answers, found] = [[], [], {}];
  });
  afterEach(() => { rmSync(state, { recursive: true, force: true }); });

  /** A process of its own each time: what it knows it has from the disk. */
  const screen = (): SecretScreen => ({
    search: (files) => Promise.resolve(files.map(({ path }) => ({ findings: found[path] ?? [] }))),
    decisions: new SecretDecisions(state),
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(answers.shift() ?? "nobody");
    },
  });
  const run = (one = manifest, more = {}): Promise<Manifest> => screenSecrets(one, screen(), { target: "t", ...more });

  it("asks nothing where nothing is found, and leaves the manifest as it is", async () => {
    assert.deepEqual(await run(), manifest);
    assert.equal(asked.length, 0);
  });

  it("asks once per file and content, and notes what was decided", async () => {
    found = { "main.py": [finding("1")] };
    answers = ["send", "send"];
    const sent = await run();
    assert.equal(sent.id, manifest.id);
    assert.deepEqual(noteNames(sent), ["secret:main.py"]);
    assert.deepEqual([sent.notes[0]?.severity, sent.notes[0]?.line], ["warning", 3]);
    await run();
    found = { "main.py": [finding("1", 90)] };
    await run();
    assert.equal(asked.length, 1, "elsewhere in the file it is the same");
    found = { "main.py": [finding("2")] };
    await run();
    assert.equal(asked.length, 2, "another text is asked about");
    found = { "main.py": [finding("1"), finding("2", 5)] };
    await run();
    assert.equal(asked.length, 2, "both were decided");
    await assert.rejects(screenSecrets({ ...manifest, workspace: "/other" }, screen(), { target: "t" }), /main\.py:3/);
  });

  it("leaves data out and remembers that, also when its content changes; code can only be sent", async () => {
    found = { "lib.py": [finding("1")], "conf/a.yaml": [finding("2")], "d.txt": [finding("3")] };
    answers = ["send", "leave-out"];
    const sent = await run();
    assert.deepEqual(asked.map(({ files, mayLeaveOut }) => [files.map(({ path }) => path), mayLeaveOut]), [[["lib.py"], false], [["conf/a.yaml", "d.txt"], true]]);
    assert.deepEqual(paths(sent), ["main.py", "lib.py"]);
    assert.deepEqual(sent.excluded.map(({ path }) => path), ["conf/a.yaml", "d.txt"]);
    assert.equal(sent.id, snapshotId(sent));
    assert.notEqual(sent.id, manifest.id);
    found = { ...found, "conf/a.yaml": [finding("4")] };
    assert.equal((await run()).id, sent.id);
    assert.equal(asked.length, 2);
    await assert.rejects(run(manifestOf({ "main.py": "entry", "conf/a.yaml": "entry" })), SlingshotError, "what has become code is not left out");
  });

  it("remembers nothing of a cancelled launch", async () => {
    found = { "main.py": [finding("1")] };
    answers = ["cancel", "cancel"];
    await assert.rejects(run(), (error: unknown) => error instanceof SlingshotError && error.kind === "cancelled");
    await assert.rejects(run(), (error: unknown) => error instanceof SlingshotError && error.kind === "cancelled");
    assert.equal(asked.length, 2);
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(screenSecrets(manifest, screen(), { target: "t" }, abort.signal), (error: unknown) => error instanceof SlingshotError && error.kind === "cancelled");
    assert.equal(asked.length, 2, "a launch that is given up asks nothing");
  });

  it("refuses where nobody can be asked, naming places, rules and what to do", async () => {
    found = { "conf/a.yaml": [finding("1"), finding("2", 7)], "main.py": [finding("3", 0)] };
    await assert.rejects(run(), (error: unknown) => {
      assert.ok(error instanceof SlingshotError);
      assert.deepEqual([error.kind, error.code, error.exitCode], ["refused", "secret", 3]);
      assert.match(error.message, /conf\/a\.yaml:3 looks like a password \(password\); conf\/a\.yaml:7 /);
      assert.match(error.remedy, /\$\{secret:NAME\}.*--allow-secret main\.py --allow-secret conf\/a\.yaml/);
      return true;
    });
  });

  it("finds files by their names as well, until their content changes; templates and sources not", async () => {
    const named = manifestOf({ "main.py": "entry", "conf/.env": "include", "conf/.env.example": "include", "secrets.py": "import" });
    answers = ["send", "send"];
    await run(named);
    await run(named);
    assert.deepEqual(asked.map(({ files }) => files.map(({ path, findings }) => [path, findings.map(({ rule }) => rule)])), [[["conf/.env", ["file-name"]]]]);
    const edited = { ...named, files: named.files.map((file) => ({ ...file, sha256: "e".repeat(64) })) };
    await run(edited);
    assert.equal(asked.length, 2);
  });

  it("sends a stored snapshot whole or not at all, and asks about it only what was not decided", async () => {
    found = { "conf/a.yaml": [finding("1")] };
    answers = ["leave-out", "send"];
    await run();
    const again = await run(manifest, { whole: true });
    assert.deepEqual([again.id, asked[1]?.mayLeaveOut], [manifest.id, false]);
    await run(manifest, { whole: true });
    assert.equal(asked.length, 2);
  });

  it("is told without asking, for a look at what would be sent", () => {
    const searched = manifest.files.map(({ path }) => ({ findings: path === "lib.py" ? [finding("1"), finding("2")] : [], ...(path === "d.txt" ? { unsearched: "binary" as const } : {}) }));
    const judged = judgeSecrets(manifest, searched, new SecretDecisions(state));
    assert.deepEqual(noteNames(judged), ["secret:lib.py", "not-searched:secrets"]);
    assert.deepEqual(judged.notes.map(({ severity }) => severity), ["error", "info"]);
    assert.equal(judged.id, manifest.id);
    assert.deepEqual(manifest.notes, []);
  });

  it("keeps decisions in a file for the user alone, survives damage, forgets by workspace", async () => {
    found = { "main.py": [finding("1")] };
    answers = ["send"];
    const mask = process.umask(0);
    try {
      await run();
    } finally {
      process.umask(mask);
    }
    const file = join(state, "secretDecisions.json");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((JSON.parse(readFileSync(file, "utf8")) as { version: number }).version, 1);
    const decisions = new SecretDecisions(state);
    decisions.forget("/other");
    assert.equal(decisions.of("/ws", "main.py", ["1"]), "send");
    decisions.forget("/ws");
    assert.equal(decisions.of("/ws", "main.py", ["1"]), undefined);
    for (const damage of ["", "null", "[]", '{"decisions": 3}', '{"decisions": {"/ws\\nmain.py": {"send": "1"}, "x": null}}', "{"]) {
      writeFileSync(file, damage);
      assert.equal(decisions.of("/ws", "main.py", ["1"]), undefined, damage);
      decisions.remember("/ws", "main.py", ["1"], "send");
      assert.equal(decisions.of("/ws", "main.py", ["1"]), "send", damage);
    }
  });
});
