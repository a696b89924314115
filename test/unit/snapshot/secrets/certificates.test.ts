/** Public certificates are no secrets, whatever their file is called; a key among them is one. */
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { ManifestFile } from "../../../../src/snapshot/manifest.js";
import { secretName } from "../../../../src/snapshot/secretNames.js";
import { secretReport } from "../../../../src/snapshot/secrets/secretReport.js";
import { SecretSearch } from "../../../../src/snapshot/secrets/secretSearch.js";

const [one = "", two = ""] = rootCertificates;
const key = (passphrase?: string): string => generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem", ...(passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase }) } }).privateKey;
const inside = (pem: string): string => pem.split("\n").slice(1, -2).join("\n");

describe("certificates", () => {
  let state: string;
  beforeEach(() => { state = mkdtempSync(join(tmpdir(), "slingshot-certificates-")); });
  afterEach(() => { rmSync(state, { recursive: true, force: true }); });

  /** Rules of the findings in `text` as the file `path`, by a process that has not seen it, and by one that has. */
  async function rules(path: string, text: string): Promise<string[]> {
    const sha256 = createHash("sha256").update(text).digest("hex");
    const file: ManifestFile = { path, sha256, mode: "644", size: text.length, origin: "disk", reason: { kind: "include" } };
    const [first, again] = [await new SecretSearch(state).search([file], () => Buffer.from(text)), await new SecretSearch(state).search([file], () => { throw new Error("it is known"); })];
    assert.deepEqual(again, first);
    return secretReport([file], first).files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  }

  it("alone are sent without a question, with remarks too, and with any line ends", async () => {
    const bundle = rootCertificates.map((certificate) => `\n# Subject: CN=Some Root\n# SHA256 Fingerprint: ${"9a:".repeat(31)}9a\n${certificate}\n`).join("");
    for (const path of ["tls/server.pem", "conf/authority.key", "conf/.ssh/host.crt"]) {
      assert.notEqual(secretName(path), null, path);
      for (const text of [one, `${one}\n`, `${one}\r\n${two}`.replace(/\r?\n/g, "\r\n"), bundle]) assert.deepEqual(await rules(path, text), [], path);
    }
  });

  it("with a key are a secret, open or encrypted, before or behind them, under a harmless name too", async () => {
    for (const text of [`${one}\n${key()}`, `${key()}${one}\n`, key()]) {
      assert.deepEqual(await rules("server.pem", text), ["file-name", "private-key"]);
      assert.deepEqual(await rules("cacert.pem", text), ["private-key"]);
    }
    assert.deepEqual(await rules("server.pem", `${one}\n${key("word")}`), ["file-name", "private-key"]);
  });

  it("count only where nothing else could be a key", async () => {
    const cut = one.slice(0, one.length / 2);
    const disguised = `-----BEGIN CERTIFICATE-----\n${inside(key())}\n`;
    for (const text of ["", "nothing", cut, `${one}\n${inside(key())}\n`, disguised, `${one}\n-----BEGIN OPENSSH`, "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"]) {
      assert.deepEqual(await rules("server.pem", text), ["file-name"], text.slice(0, 60));
    }
    assert.deepEqual(await rules("conf/.env", one), ["file-name"], "of another kind of file");
  });

  it("leave no text in what is kept", async () => {
    await rules("server.pem", one);
    assert.doesNotMatch(readFileSync(join(state, "caches", "secrets", "2.tsv"), "utf8"), /BEGIN|MII/);
  });
});
