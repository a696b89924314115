/** Secrets on the command line: what is found stops `run` before anything is sent, until the user has decided. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { removeFolder } from "./removeFolder.js";
import { drawn, libraryTexts, password, pem } from "../unit/snapshot/secrets/secretTexts.js";

const cli = resolve(import.meta.dirname, "../../dist/cli.js");

describe("secrets on the command line", () => {
  let folder: string;
  let workspace: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slingshot-secrets-"));
    workspace = join(folder, "ws");
    mkdirSync(join(workspace, ".git"), { recursive: true });
  });
  afterEach(() => { removeFolder(folder); });

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  }

  const env = (): NodeJS.ProcessEnv => ({ ...process.env, SLINGSHOT_STATE_DIR: join(folder, "state"), XDG_CONFIG_HOME: join(folder, "config") });

  async function run(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [cli, ...words], { cwd: workspace, env: env(), stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: Buffer[][] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out?.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err?.push(chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout: Buffer.concat(out ?? []).toString(), stderr: Buffer.concat(err ?? []).toString() };
  }

  /** Runs on a terminal, with an answer for each question. */
  function onTerminal(words: string[], answers: string[]): { code: number; text: string } {
    const script = [
      "import json, os, pty, sys",
      "argv, answers = json.loads(sys.argv[1]), json.loads(sys.argv[2])",
      "pid, fd = pty.fork()",
      "if pid == 0: os.execv(argv[0], argv)",
      "text, asked = b'', 0",
      "while True:",
      "    try: part = os.read(fd, 65536)",
      "    except OSError: break",
      "    if not part: break",
      "    text += part",
      "    if text.count(b'? [') > asked:",
      "        os.write(fd, (answers[asked] + '\\n').encode()); asked += 1",
      "print(json.dumps({'code': os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 'text': text.decode()}))",
    ].join("\n");
    const output = execFileSync("python3", ["-c", script, JSON.stringify([process.execPath, cli, ...words]), JSON.stringify(answers)], { cwd: workspace, env: env(), encoding: "utf8" });
    return JSON.parse(output) as { code: number; text: string };
  }

  const jobs = (): string[] => (existsSync(join(folder, "state", "jobs")) ? readdirSync(join(folder, "state", "jobs")) : []);

  it("stops for every kind of secret with exit code 3, file, line and rule, and no job", async () => {
    const value = password();
    const notebook = JSON.stringify({ cells: [{ cell_type: "code", source: ["1\n"], outputs: [{ output_type: "stream", text: [`${drawn(3)} ${libraryTexts()["github"] ?? ""}\n`] }] }], nbformat: 4 }, null, 1);
    const cases: [path: string, text: string, place: RegExp][] = [
      ["conf/.env", "MODE=1\n", /conf\/\.env looks like a file of credentials, by its name \(file-name\)/],
      ["conf/id_rsa", "x", /conf\/id_rsa looks like a file of credentials/],
      ["conf/key.txt", pem(), /conf\/key\.txt:1 looks like a private key \(private-key\)/],
      ["conf/cut.txt", pem({ end: false }), /conf\/cut\.txt:1 looks like a private key/],
      ["conf/kubeconfig", "", /conf\/kubeconfig looks like a file of credentials/],
      ["conf/cluster", `users:\n- user:\n    client-key-data: ${drawn(200)}\n`, /conf\/cluster:3 looks like a client key of a kubeconfig/],
      ["conf/login", `machine a.org login me password ${value}`, /conf\/login:1 looks like a \.netrc entry/],
      ["conf/notes.ipynb", notebook, /conf\/notes\.ipynb:\d+ looks like a GitHub token \(github\)/],
      ["lib.py", `A = 1\npassword = "${value}"\n`, /lib\.py:2 looks like a password \(password\)/],
      ["main.py", `import lib\nx("${libraryTexts()["databricks"] ?? ""}")\n`, /main\.py:2 looks like a Databricks token/],
      ["main.py", `import lib\nx("${["hf", drawn(34)].join("_")}")\n`, /main\.py:2 looks like a Hugging Face token/],
      ["main.py", `import lib\nx("${["pypi", `AgE${drawn(100)}`].join("-")}")\n`, /main\.py:2 looks like a PyPI token/],
      ["conf/get.sh", `curl -u me:${value} https://x.org\n`, /conf\/get\.sh:1 looks like a curl command with a password/],
    ];
    for (const [path, text, place] of cases) {
      rmSync(workspace, { recursive: true });
      write({ ".git/HEAD": "", "main.py": "import lib\nprint(1)\n", "lib.py": "", [path]: text });
      const { code, stdout, stderr } = await run("run", "main.py", "--include", "conf/**");
      assert.deepEqual([code, stdout], [3, ""], `${path}: ${stderr}`);
      assert.match(stderr, place);
      assert.match(stderr, /Nothing was sent\..*--allow-secret/);
      assert.ok(!stderr.includes(value), "the secret itself is not shown");
    }
    assert.deepEqual(jobs(), []);
  });

  it("goes on where the command says so, for that file and that command alone", async () => {
    write({ "main.py": `import lib\nprint(1)\npassword = "${password()}"\n`, "lib.py": `password = "${password()}"\n` });
    assert.match((await run("run", "main.py", "--allow-secret", "lib.py")).stderr, /main\.py:3/);
    assert.equal((await run("run", "-q", "main.py", "--allow-secret", "lib.py", "--allow-secret", "./main.py")).stdout, "1\n");
    assert.equal((await run("run", "-q", "main.py")).code, 3);
    assert.equal((await run("bundle", "main.py", "--allow-secret", "lib.py")).code, 2);
  });

  it("asks on a terminal and remembers the answer; an edit of the line asks again", async () => {
    write({ "main.py": `print(1)\npassword = "${password()}"\n` });
    const refused = onTerminal(["run", "main.py"], ["n"]);
    assert.deepEqual([refused.code, jobs()], [130, []]);
    assert.match(refused.text, /main\.py:2 looks like a password/);
    const sent = onTerminal(["run", "-q", "main.py"], ["y"]);
    assert.equal(sent.code, 0);
    assert.match(sent.text, /\[y\/N\][^]*1\r\n$/);
    assert.equal((await run("run", "-q", "main.py")).stdout, "1\n", "decided, where nobody can be asked");
    write({ "main.py": `print(2)\npassword = "${password()}"\n` });
    assert.equal((await run("run", "-q", "main.py")).code, 3);
  });

  it("leaves data out when told to, and says so each time", async () => {
    write({ "main.py": "import os\nprint(os.path.exists('conf/a.ini'), os.path.exists('conf/b.ini'))\n", "conf/a.ini": `password = ${password()}\n`, "conf/b.ini": "x = 1\n" });
    const left = onTerminal(["run", "main.py", "--include", "conf"], ["l"]);
    assert.match(left.text, /conf\/a\.ini:1[^]*\[s\/l\/C\][^]*left out[^]*False True/);
    const again = await run("run", "main.py", "--include", "conf");
    assert.equal(again.stdout, "False True\n");
    assert.match(again.stderr, /conf\/a\.ini:1 .*left out/);
  });

  it("are told by bundle, which sends nothing, and which says the same from the cache", async () => {
    write({ "main.py": "import lib\n", "lib.py": `A = 1\npassword = "${password()}"\n`, "conf/.env": "A=1\n", "conf/p.png": "\0" });
    for (let times = 0; times < 2; times++) {
      const { code, stdout } = await run("bundle", "main.py", "--include", "conf", "--json");
      assert.equal(code, 0);
      const { notes } = JSON.parse(stdout) as { notes: { kind: string; subject: string; severity: string; line?: number }[] };
      const told = notes.filter(({ kind }) => kind === "secret" || kind === "not-searched").map(({ kind, subject, severity, line }) => [kind, subject, severity, line]);
      assert.deepEqual(told, [["secret", "conf/.env", "error", undefined], ["secret", "lib.py", "error", 2], ["not-searched", "secrets", "info", undefined]]);
    }
    const written = await run("bundle", "main.py", "--out", join(folder, "b.zip"));
    assert.equal(written.code, 0);
    assert.match(written.stderr, /error: lib\.py:2 looks like a password/);
  });

  it("have a neighbour in the size guard: too much is refused by its largest files before anything is sent", async () => {
    write({ "main.py": "print(1)\n", ".vscode/slingshot.json": '{ "bundle": { "include": ["d"], "maxSize": "1 MB" } }', "d/large.csv": "1,2\n".repeat(400_000), "d/small.csv": "1\n" });
    const { code, stdout, stderr } = await run("run", "main.py");
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, /1\.6 MB.*more than the limit of 1\.0 MB\. Largest: d\/large\.csv \(1\.6 MB\), .*"bundle\.exclude".*"bundle\.maxSize"/);
    assert.deepEqual(jobs(), []);
  });
});
