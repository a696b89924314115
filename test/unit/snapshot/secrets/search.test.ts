/** The search over a snapshot's files: what is read how, what is kept, and that nothing kept holds a secret. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { searchContent } from "../../../../src/snapshot/secrets/searchContent.js";
import { searchedBytes } from "../../../../src/snapshot/secrets/searchableText.js";
import { contentKind, type SearchedContent, type SearchFile } from "../../../../src/snapshot/secrets/secretFinding.js";
import { SecretSearch } from "../../../../src/snapshot/secrets/secretSearch.js";
import { drawn, libraryTexts, password, pem } from "./secretTexts.js";

const token = (): string => libraryTexts()["github"] ?? "";
const look = (path: string, content: string | Buffer): Promise<SearchedContent> => searchContent(Buffer.from(content), contentKind(path), path);

describe("a file's content", () => {
  it("is searched in a notebook's sources and outputs, and told by the file's line", async () => {
    const notebook = (source: string[], output: object): string => JSON.stringify({ cells: [{ cell_type: "code", metadata: {}, source, outputs: [output] }], nbformat: 4 }, null, 1);
    const value = password();
    const inSource = notebook(["import x\n", `password = "${value}"\n`], {});
    const lineOf = (text: string, part: string): number => text.split("\n").findIndex((line) => line.includes(part)) + 1;
    assert.deepEqual((await look("a.ipynb", inSource)).findings.map(({ rule, line }) => [rule, line]), [["password", lineOf(inSource, value)]]);
    const printed = token();
    for (const output of [{ output_type: "stream", text: ["ok\n", `${printed}\n`] }, { output_type: "display_data", data: { "text/plain": [`'${printed}'`] } }, { output_type: "error", traceback: [`x ${printed}`] }]) {
      const text = notebook(["1\n"], output);
      assert.deepEqual((await look("a.ipynb", text)).findings.map(({ rule, line }) => [rule, line]), [["github", lineOf(text, printed)]]);
    }
    const key = pem();
    const inLines = notebook(key.split("\n").map((line) => `${line}\n`), {});
    assert.deepEqual((await look("a.ipynb", inLines)).findings.map(({ rule, line }) => [rule, line]), [["private-key", lineOf(inLines, "BEGIN")]]);
    assert.deepEqual((await look("a.ipynb", notebook(["1\n"], { data: { "image/png": `${drawn(4000)}AKIA${drawn(16, "upper")}` } }))).findings, []);
    assert.equal((await look("a.ipynb", `{ "cells": [ "${printed}`)).findings.length, 1, "half a notebook");
  });

  it("is searched in every encoding of text, with line ends of any kind", async () => {
    const text = `# ü\r\nkey = "${token()}"\r\n`;
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.from(text, "latin1"), Buffer.from(`\ufeff${text}`, "utf16le")]) {
      assert.deepEqual((await look("a.py", bytes)).findings.map(({ line }) => line), [2]);
    }
  });

  it("is searched as far as is said", async () => {
    assert.deepEqual(await look("a.bin", Buffer.concat([Buffer.from([1, 0, 2]), Buffer.from(token())])), { findings: [], unsearched: "binary" });
    const long = await look("a.csv", Buffer.concat([Buffer.from(`${token()}\n`), Buffer.alloc(searchedBytes, "1,2\n")]));
    assert.deepEqual([long.findings.length, long.unsearched], [1, "long"]);
    assert.deepEqual(await look("a.csv", Buffer.alloc(0)), { findings: [] });
  });

  it("comes to an end with megabytes of what its rules begin with, and says where it gave up", async () => {
    const size = 2_000_000;
    for (const part of ["password", "pass=", "password: ", "aB3://", "x:y@", "-----BEGIN RSA PRIVATE KEY-----", "eyJhbGciOi.", "curl -u ", "machine a login ", "kind: Secret\ndata:\n", "\"auths\"", "token = \"", "key_", "data:\n a: bcdef\n"]) {
      const { findings, unsearched } = await look("a.yaml", part.repeat(Math.ceil(size / part.length)).slice(0, size));
      assert.deepEqual(findings, [], part);
      if (part.startsWith("data")) assert.equal(unsearched, "long");
    }
  });

  it("has findings whose digest changes with their lines and with nothing else", async () => {
    const [first, second] = [password(), password()];
    const digest = async (text: string): Promise<string | undefined> => (await look("a.py", text)).findings[0]?.digest;
    const before = await digest(`a = 1\npassword = "${first}"\n`);
    assert.equal(await digest(`\n\nif x:\n    password = "${first}"\nb = 2\n`), before);
    assert.notEqual(await digest(`a = 1\npassword = "${second}"\n`), before);
    const key = pem({ lines: 4 }).split("\n");
    assert.notEqual(await digest(key.join("\n")), await digest([...key.slice(0, 4), drawn(64), ...key.slice(5)].join("\n")), "a line in the middle of a key");
  });
});

describe("the search", () => {
  let state: string;
  const contents = new Map<string, Buffer>();
  const reads: string[] = [];

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "slingshot-secrets-"));
    contents.clear();
    reads.length = 0;
  });
  afterEach(() => { rmSync(state, { recursive: true, force: true }); });

  function file(path: string, text: string): SearchFile {
    const sha256 = createHash("sha256").update(text).digest("hex");
    contents.set(sha256, Buffer.from(text));
    return { path, sha256 };
  }

  function read(sha256: string): Buffer {
    reads.push(sha256);
    const bytes = contents.get(sha256);
    if (bytes === undefined) throw new Error(`${sha256} is not there`);
    return bytes;
  }

  const cacheFile = (): string => {
    const folder = join(state, "caches", "secrets");
    return join(folder, readdirSync(folder)[0] ?? "");
  };

  it("reads each content once, over processes, and after an edit the edited file alone", async () => {
    const files = [file("a.py", "a = 1\n"), file("b.py", `x = "${token()}"\n`), file("c.bin", "\0")];
    const first = await new SecretSearch(state).search(files, read);
    assert.deepEqual(first.map(({ findings }) => findings.length), [0, 1, 0]);
    assert.equal(reads.length, 3);
    const again = new SecretSearch(state);
    assert.deepEqual(await again.search(files, read), first);
    assert.equal(reads.length, 3);
    const edited = file("a.py", "a = 2\n");
    await again.search([edited, ...files.slice(1)], read);
    assert.deepEqual(reads.slice(3), [edited.sha256]);
  });

  it("judges the same bytes by how the file is read", async () => {
    const text = `PASSWORD=${password()}\n`;
    const counts = (await new SecretSearch(state).search([file("a.py", text), file(".env", text)], read)).map(({ findings }) => findings.length);
    assert.deepEqual(counts, [0, 1]);
  });

  it("keeps no secret, in a file for the user alone", async () => {
    const [secret, word] = [token(), password()];
    const mask = process.umask(0);
    try {
      await new SecretSearch(state).search([file("a.py", `x = "${secret}"\npassword = "${word}"\n`)], read);
    } finally {
      process.umask(mask);
    }
    const text = readFileSync(cacheFile(), "utf8");
    assert.ok(text.includes("github:1:"));
    assert.ok(!text.includes(secret) && !text.includes(word));
    assert.equal(statSync(cacheFile()).mode & 0o777, 0o600);
    assert.equal(statSync(join(state, "caches", "secrets")).mode & 0o777, 0o700);
  });

  it("does without a cache that is damaged, cut off or can't be written", async () => {
    const files = [file("a.py", `x = "${token()}"\n`)];
    const expected = await new SecretSearch(state).search(files, read);
    writeFileSync(cacheFile(), readFileSync(cacheFile(), "utf8").slice(0, 80));
    assert.deepEqual(await new SecretSearch(state).search(files, read), expected);
    writeFileSync(cacheFile(), Buffer.from([0, 255, 10, 9, 9, 10]));
    appendFileSync(cacheFile(), "c:zz\t\t\nnonsense\n");
    assert.deepEqual(await new SecretSearch(state).search(files, read), expected);
    rmSync(join(state, "caches"), { recursive: true });
    mkdirSync(join(state, "caches"));
    writeFileSync(join(state, "caches", "secrets"), "");
    assert.deepEqual(await new SecretSearch(state).search(files, read), expected);
    chmodSync(state, 0o700);
  });

  it("stops when it is cancelled, and fails where a content is gone", async () => {
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(new SecretSearch(state).search([file("a.py", "1")], read, abort.signal));
    await assert.rejects(new SecretSearch(state).search([{ path: "a.py", sha256: "0".repeat(64) }], read), /not there/);
  });

  it("serves two searches at once", async () => {
    const search = new SecretSearch(state);
    const files = Array.from({ length: 50 }, (_, n) => file(`f${String(n)}.py`, `x${String(n)} = "${token()}"\n`));
    const [one, two] = await Promise.all([search.search(files, read), search.search([...files].reverse(), read)]);
    assert.deepEqual(one, [...two].reverse());
    assert.equal((await new SecretSearch(state).search(files, read)).length, 50);
  });
});
