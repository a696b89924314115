import assert from "node:assert/strict";
import { encodeFrozen, freezeTexts, overlayPath, type Codec, type FreezableDocument } from "../../../src/editor/freeze.js";
import { SlingshotError } from "../../../src/base/errors.js";

const document = (over: Partial<FreezableDocument> & { text?: string }): FreezableDocument => ({
  uri: { scheme: "file", path: "/w/a.py", fsPath: "/w/a.py" },
  isDirty: true,
  isUntitled: false,
  languageId: "python",
  version: 7,
  encoding: "utf8",
  getText: () => over.text ?? "x = 1\n",
  ...over,
});

/** Latin-1 as a table of its own: what is beyond 255 becomes a question mark, as encoders of editors do. */
const latin: Codec = {
  encode: (text) => Promise.resolve(Buffer.from([...text].map((char) => ((char.codePointAt(0) ?? 0) < 256 ? char : "?")).join(""), "latin1")),
  decode: (bytes) => Promise.resolve(Buffer.from(bytes).toString("latin1")),
};

async function bytes(encoding: string, text: string): Promise<string> {
  const [overlay] = await encodeFrozen(freezeTexts([document({ encoding, text })], []), latin);
  assert.equal(overlay?.version, 7);
  return Buffer.from(overlay.bytes).toString("hex");
}

describe("freeze", () => {
  it("takes dirty documents and leaves clean ones and other schemes", () => {
    const frozen = freezeTexts(
      [
        document({}),
        document({ isDirty: false, uri: { scheme: "file", path: "/w/b.py", fsPath: "/w/b.py" } }),
        document({ uri: { scheme: "git", path: "/w/c.py", fsPath: "/w/c.py" } }),
        document({ languageId: "ignore", uri: { scheme: "file", path: "/w/.gitignore", fsPath: "/w/.gitignore" } }),
      ],
      [],
    );
    assert.deepEqual(frozen.map((one) => one.path), ["/w/a.py", "/w/.gitignore"]);
  });

  it("names untitled Python buffers, keeps those with a path, leaves other untitled text", () => {
    const untitled = (path: string, languageId: string): string | undefined =>
      overlayPath({ uri: { scheme: "untitled", path, fsPath: path }, isUntitled: true, languageId });
    assert.equal(untitled("Untitled-1", "python"), ".slingshot/untitled/Untitled-1.py");
    assert.equal(untitled("my job.py", "python"), ".slingshot/untitled/my_job.py");
    assert.equal(untitled("/w/new.py", "python"), "/w/new.py");
    assert.equal(untitled("Untitled-2", "plaintext"), undefined);
  });

  it("writes the bytes of a plain save", async () => {
    assert.equal(await bytes("utf8", "é\r\n"), "c3a90d0a");
    assert.equal(await bytes("utf8bom", "é"), "efbbbfc3a9");
    assert.equal(await bytes("utf16le", "é"), "fffee900");
    assert.equal(await bytes("utf16be", "é😀"), "feff00e9d83dde00");
    assert.equal(await bytes("iso88591", "é"), "e9");
  });

  it("refuses by name what the encoding can't express", async () => {
    for (const [encoding, text] of [["iso88591", "€"], ["utf8", "a\uD800b"], ["utf16le", "\uDC00"]] as const) {
      await assert.rejects(bytes(encoding, text), (error) => error instanceof SlingshotError && error.code === "encoding" && error.message.includes("/w/a.py"));
    }
  });

  it("refuses by name a dirty tab without a document", () => {
    assert.throws(() => freezeTexts([], ["huge.log"]), (error) => error instanceof SlingshotError && error.message.includes("huge.log"));
  });
});
