/** `slingshot bundle` as people read it: what would be sent, why, what not, and what differs from the last run. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const cli = resolve(import.meta.dirname, "../../dist/cli.js");

describe("slingshot bundle for people", () => {
  let folder: string;
  let workspace: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-bundle-"));
    workspace = join(folder, "ws");
    env = { ...process.env, SLINGSHOT_STATE_DIR: join(folder, "state"), XDG_CONFIG_HOME: join(folder, "config") };
    write({
      ".git/HEAD": "ref: refs/heads/main\n",
      ".gitignore": "*.local.yaml\n",
      ".vscode/slingshot.json": '{ "bundle": { "include": ["conf/**"] } }\n',
      "jobs/daily.py": "from shop.clean import cleaned\nimport numpy, gone_astray\nprint(cleaned)\n",
      "shop/__init__.py": "",
      "shop/clean.py": "\nfrom shop.units import grams\ncleaned = 1\n",
      "shop/units.py": "grams = 1000\n",
      "conf/shop.yaml": "a: 1\n",
      "conf/mine.local.yaml": "a: 2\n",
      "unsaved.txt": "grams = 1001\n",
    });
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  }
  const run = (...words: string[]): string => execFileSync(process.execPath, [cli, ...words], { cwd: workspace, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const lines = (text: string): string[] => text.split("\n").map((line) => line.trim().replace(/ {2,}/g, "  "));

  it("lists each file with its size, mark and whole way from the entry, what was left out, and notes", () => {
    const said = lines(run("bundle", "jobs/daily.py", "--overlay", "shop/units.py=unsaved.txt"));
    for (const line of [
      "Entry  jobs/daily.py",
      "Files  5, 132 B, 1 unsaved",
      "Import roots  jobs",
      "13 B  shop/units.py (unsaved)  imported by shop/clean.py:2 ← jobs/daily.py:1",
      "5 B  conf/shop.yaml  included by rule conf/**",
      "Left out (1)",
      "by .gitignore:1",
      "conf/mine.local.yaml",
      "This entry has not run in this workspace folder yet.",
    ]) assert.ok(said.includes(line), `no line "${line}" in:\n${said.join("\n")}`);
    assert.ok(said.some((line) => line.startsWith("warning: jobs/daily.py:2") && line.includes("gone_astray")));
    assert.match(said.find((line) => line.startsWith("Snapshot  ")) ?? "", /^Snapshot {2}[0-9a-f]{64}$/);
  });

  it("compares with the last run of the same entry", () => {
    write({ "jobs/daily.py": "from shop.clean import cleaned\n", "jobs/other.py": "import shop\n" });
    run("run", "--quiet", "jobs/daily.py");
    run("run", "--quiet", "jobs/other.py");
    assert.match(run("bundle", "jobs/daily.py"), /^Nothing has changed since the last run \(.* on local, succeeded, job [0-9A-Z]{26}\)\.$/m);
    rmSync(join(workspace, "conf/shop.yaml"));
    write({ "conf/new.yaml": "b: 1\n" });
    const said = run("bundle", "jobs/daily.py", "--overlay", "shop/units.py=unsaved.txt");
    const changes = lines(said.slice(said.indexOf("Changed since the last run"))).slice(1, -1);
    assert.deepEqual(changes, ["added  conf/new.yaml", "removed  conf/shop.yaml", "changed  shop/units.py"]);
  });

  it("keeps --json free of it: exactly the manifest", () => {
    write({ "jobs/daily.py": "from shop.clean import cleaned\n" });
    run("run", "--quiet", "jobs/daily.py");
    const manifest = JSON.parse(run("bundle", "jobs/daily.py", "--json")) as Record<string, unknown>;
    assert.deepEqual(Object.keys(manifest), ["id", "workspace", "entry", "importRoots", "fallbackRoots", "files", "external", "notes", "excluded", "timings"]);
  });

  it("names the largest of many files, and hands no control character of a name to the terminal", () => {
    for (let at = 0; at < 20; at++) write({ [`conf/f${String(at)}.yaml`]: "x".repeat(at * 100) });
    write({ "conf/\u001b[2Jevil.yaml": "y" });
    const said = run("bundle", "jobs/daily.py");
    const largest = lines(said.slice(said.indexOf("Largest files"))).slice(1, 3);
    assert.deepEqual(largest, ["1.9 kB  conf/f19.yaml", "1.8 kB  conf/f18.yaml"]);
    assert.ok(!said.includes("\u001b") && said.includes("\ufffd[2Jevil.yaml"));
  });

  it("says so where the history of jobs can't be read, and shows the rest", () => {
    write({ "jobs/daily.py": "from shop.clean import cleaned\n" });
    mkdirSync(join(folder, "state"), { recursive: true });
    writeFileSync(join(folder, "state", "jobs"), "no folder");
    chmodSync(join(folder, "state", "jobs"), 0o600);
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "bundle", "jobs/daily.py"], { cwd: workspace, env, encoding: "utf8" });
    assert.equal(status, 0);
    assert.match(stdout, /shop\/units\.py/);
    assert.match(stderr, /the last run can't be read/);
    assert.doesNotMatch(stdout, /last run|has not run/);
  });
});
