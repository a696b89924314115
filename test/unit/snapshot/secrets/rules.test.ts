/** Each rule of the search for secrets: what it finds, and what it leaves alone. */
import assert from "node:assert/strict";
import { contentKind } from "../../../../src/snapshot/secrets/secretFinding.js";
import { knownRules } from "../../../../src/snapshot/secrets/ruleWords.js";
import { lintRules, lintText, shortId } from "../../../../src/snapshot/secrets/secretlintRules.js";
import { searchContent } from "../../../../src/snapshot/secrets/searchContent.js";
import { searchText } from "../../../../src/snapshot/secrets/searchText.js";
import { drawn, jwt, libraryTexts, password, pem } from "./secretTexts.js";

async function found(path: string, text: string | Buffer): Promise<string[]> {
  const { findings } = await searchContent(Buffer.from(text), contentKind(path), path);
  return findings.map(({ rule, line }) => `${rule}:${String(line)}`);
}

async function finds(path: string, text: string, rule: string, line = 1): Promise<void> {
  assert.deepEqual(await found(path, text), [`${rule}:${String(line)}`], `${path}: ${text}`);
}

async function passes(path: string, ...texts: string[]): Promise<void> {
  for (const text of texts) assert.deepEqual(await found(path, text), [], `${path}: ${text}`);
}

describe("the rules of secretlint", () => {
  it("each find their text, whose sign our own pass sees", async () => {
    const texts = libraryTexts();
    for (const rule of (await lintRules()).map(shortId)) {
      // A service account's key is a private key, and is found as one.
      if (rule === "gcp") continue;
      const text = texts[rule];
      assert.ok(text !== undefined, `a text for the rule ${rule}`);
      assert.ok((await lintText(text, "a.txt")).some((place) => place.rule === rule), `${rule} finds its text`);
      const { suspicious } = searchText(Buffer.from(text), () => text, "code");
      assert.ok(suspicious, `${rule}: no sign tells that the library must be asked`);
      assert.equal((await found("a.py", `# one\nx = f('''${text}''')\n`))[0]?.split(":")[1], "2", `${rule} in a source`);
    }
  });

  it("have words of their own", async () => {
    for (const rule of (await lintRules()).map(shortId)) assert.ok(knownRules.includes(rule), `words for ${rule}`);
  });

  it("find a service account's key in its file", async () => {
    const file = JSON.stringify({ type: "service_account", project_id: "x", private_key: `${pem({ kind: "" })}\n` }, null, 1);
    await finds("account.json", file, "private-key", 4);
  });

  it("are not silenced by a comment in the file", async () => {
    const token = libraryTexts()["github"] ?? "";
    assert.equal((await found("a.py", `# secretlint-disable\nx("${token}")\n`)).length, 1);
  });
});

describe("secrets with a name", () => {
  it("are found in sources", async () => {
    const value = password();
    await finds("a.py", `import x\npassword = "${value}"\n`, "password", 2);
    await finds("a.py", `DB_PASSWORD: str = '${value}'`, "password");
    await finds("a.py", `connect(user="me", password="${value}")`, "password");
    await finds("a.py", `conf = {"password": "${value}"}`, "password");
    await finds("a.py", `os.environ["DB_PASSWORD"] = "${value}"`, "password");
    await finds("a.py", `p = os.getenv("DB_PASSWORD", "${value}")`, "password");
    await finds("a.py", `pwd = b"${value}"`, "password");
    await finds("a.py", `password = SecretStr("${value}")`, "password");
    await finds("a.py", `requests.get(u, auth=("me", "${value}"))`, "password");
    await finds("a.py", `run(["x", "--password", "${value}"])`, "command-password");
    await finds("a.py", `password = "hunter${"2".repeat(2)}"`, "password");
    await finds("a.py", `API_KEY = "${drawn(32)}"`, "token");
    await finds("a.py", `client_secret="${drawn(24)}"`, "token");
    await finds("a.py", `auth_token = "${drawn(20, "hex")}0a"`, "token");
    await finds("a.json", `{ "accessKey": "${drawn(40)}" }`, "token");
    await finds("a.xml", `<Password>${value}</Password>`, "password");
  });

  it("are found in settings without quotes", async () => {
    const value = password();
    await finds(".env", `A=1\nDB_PASSWORD=${value}\n`, "password", 2);
    await finds("a.sh", `export PGPASSWORD=${value} # note`, "password");
    await finds("a.yaml", `db:\n  password: ${value}\n`, "password", 2);
    await finds("a.ini", `[x]\r\npassword = ${value}\r\n`, "password", 2);
    await finds("a.yaml", `env:\n  - name: DB_PASSWORD\n    value: ${value}\n`, "password", 2);
    await finds("a.toml", `api_key = "${drawn(30)}"`, "token");
    await finds("conf/app.properties", `service.token=${drawn(30)}`, "token");
  });

  it("are no placeholder, reference, name or prose", async () => {
    await passes(
      "a.py",
      'password = "changeme"', 'password = "<your password>"', 'PASSWORD = "YOUR_PASSWORD_HERE"', 'password = "xxxxxxxx"', 'password = "********"', 'password = "password123"', 'password = "test"',
      'password = os.environ["DB_PASSWORD"]', 'password = os.getenv("DB_PASSWORD_PROD")', 'password = getpass("Password1: ")', 'password = f"{name}1x"', 'password = "${DB_PASSWORD}"', 'password = "{{ password1 }}"',
      'password = "%(password1)s"', "password = conf.password", 'if password == "": pass', 'password = ""', 'password_field = "pw1-field"', 'bypass = "aB3-dE6-gH9"', "def f(password: str) -> None: pass",
      'PASSWORD_PATH = "/run/secrets/db1"', 'password = "/run/secrets/db1"', 'password = "conf/db1.txt"', 'labels = {"password": "Enter your password"}', 'token = "access_token"', 'token = "my-service-token-2"',
      'pad_token = "<|endoftext|>"', 'mask_token = "[MASK]"', 'token = "2024-01-31T12:00:00"', 'tokenizer = "bert-base-uncased-v2"', 'secret_name = "prod/db1/password"', 'sort_key = "aB3dE6gH9jK2mN5"',
      'author = "A. N. Other 1234567890"', 'auth = "none"', 'api_key = "test"', 'token = "0000000000000000"', 'help="the password to use1"',
    );
    await passes(".env.txt", "DB_PASSWORD=changeme", "TOKEN=");
    await passes("a.yaml", "password: ${{ secrets.DB_PASSWORD }}", "password: $DB_PASSWORD", "password: {{ .Values.password }}", "passwordSecretRef: db-password-1", "token: my-token-name", "secretName: tls-1");
    await passes("a.html", '<input type="password" name="password1" id="password">');
  });
});

describe("files of credentials", () => {
  it("are known by what they hold", async () => {
    const value = password();
    await finds("x", `machine data.harbour.org\n  login me\n  password ${value}\n`, "netrc");
    await finds("config", `users:\n- name: me\n  user:\n    client-key-data: ${drawn(200)}\n`, "kubeconfig-key", 4);
    await finds("s.yaml", `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  word: ${value}\n`, "kubernetes-secret", 2);
    await finds("s.yaml", `apiVersion: v1\ndata:\n  word: ${drawn(12)}\nkind: Secret\n`, "kubernetes-secret", 2);
    await finds("config.json", `{ "auths": { "https://index.docker.io/v1/": { "auth": "${drawn(24)}" } } }`, "docker-login");
    await finds("x.txt", `//npm.harbour.org/:_authToken=${drawn(30)}`, "npm-login");
    await finds("run.sh", `curl -s -u me:${value} https://x.org`, "curl-password");
    await finds("a.py", `h = {"Authorization": "Bearer ${drawn(40)}"}`, "authorization-header");
    await finds("a.sh", `curl -H "Authorization: Bearer ${drawn(40)}" https://x.org`, "authorization-header");
  });

  it("hold no secret where there is only the form of one", async () => {
    await passes("x.md", "machine learning login and password are needed", "default login is disabled, password too");
    await passes("s.yaml", "kind: Secret\nmetadata:\n  name: x\n", "kind: SecretStore\ndata:\n  a: bcdefgh\n", "kind: Secret\nstringData:\n  word: {{ .Values.word }}\n");
    await passes("a.sh", 'curl -u "$USER:$TOKEN" https://x.org', "curl -u user:password https://x.org");
    await passes("a.py", 'h = {"Authorization": f"Bearer {token}"}', '"Authorization: Bearer <token>"');
  });

  it("are private keys also when cut off, quoted in a program or put in JSON, and not for the marker alone", async () => {
    await finds("key", pem(), "private-key");
    await finds("key", pem({ end: false, lines: 3 }), "private-key");
    await finds("a.py", `K = """\n${pem({ kind: "EC " })}\n"""`, "private-key", 2);
    await finds("a.py", `K = "${pem({ join: "\\n" })}"`, "private-key");
    await finds("a.json", JSON.stringify({ key: pem({ kind: "OPENSSH " }) }), "private-key");
    await passes("a.py", `if text.startswith("${pem({ lines: 0, end: false })}"): pass`, `m = "${pem({ lines: 0, end: false })}", "some_other_text_that_is_long_enough_to_count"`);
  });
});

describe("tokens that tell whose they are", () => {
  it("are found without a name", async () => {
    const cases: [string, string][] = [
      ["aws-key-id", `AKIA${drawn(16, "upper")}`],
      ["google-key", `AIza${drawn(35)}`],
      ["azure-key", `DefaultEndpointsProtocol=https;AccountKey=${drawn(86)}==`],
      ["huggingface-token", ["hf", drawn(34)].join("_")],
      ["pypi-token", ["pypi", `AgE${drawn(120)}`].join("-")],
      ["model-provider-key", ["sk", "proj", drawn(120)].join("-")],
      ["stripe-key", ["sk", "live", drawn(24)].join("_")],
      ["chat-token", `${drawn(9, "digits")}:AA${drawn(33)}`],
      ["json-web-token", jwt()],
      ["cloud-token", `dop_v1_${drawn(64, "hex")}`],
      ["url-password", `redis://me:${password()}@cache.harbour.org:6379`],
      ["url-token", `https://x.org/a?b=1&access_token=${drawn(30)}`],
      ["connection-password", `"Server=x;Password=${drawn(10)};Database=y"`],
    ];
    for (const [rule, text] of cases) await finds("a.py", `# first\nx(r'''${text} ''')\n`, rule, 2);
  });

  it("are none where they are an example", async () => {
    await passes("a.py", "AKIAIOSFODNN7EXAMPLE", `hf_${"x".repeat(34)}`, "https://user:password@host.org", "https://x.org:80/a@b", "redis://{user}:{pw}@host", "mail@host.org: see http://x.org", "git+ssh://git@github.com/a/b.git");
  });
});
