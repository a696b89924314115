/**
 * Freezes what stands on the screen: in one synchronous turn the text of every dirty document, then the bytes that a plain
 * save would write (encoding and byte-order mark; line ends are in the text; no formatter). Nothing is saved.
 */
import { posix } from "node:path";
import { SlingshotError } from "../base/errors.js";
import type { Overlay } from "../snapshot/request.js";

/** What the freeze reads of a document; `vscode.TextDocument` has it. */
export interface FreezableDocument {
  readonly uri: { readonly scheme: string; readonly path: string; readonly fsPath: string };
  readonly isDirty: boolean;
  readonly isUntitled: boolean;
  readonly languageId: string;
  readonly version: number;
  readonly encoding: string;
  getText(): string;
}

/** One document as it stood; `path` is absolute, or below `.slingshot/untitled/` for a document that has no file. */
export interface FrozenText {
  path: string;
  version: number;
  encoding: string;
  text: string;
}

/** Encodings beyond Unicode's own; the editor's encoder, which is also the one that saves. */
export interface Codec {
  encode(text: string, encoding: string): PromiseLike<Uint8Array>;
  decode(bytes: Uint8Array, encoding: string): PromiseLike<string>;
}

/**
 * Takes the texts; synchronous on purpose, so that no keystroke falls between two documents.
 * @param withoutDocument names of dirty tabs whose text the editor does not give (over 50 MB): these stop the launch
 * @throws SlingshotError `document-not-readable`
 */
export function freezeTexts(documents: readonly FreezableDocument[], withoutDocument: readonly string[]): FrozenText[] {
  if (withoutDocument.length > 0) {
    throw new SlingshotError(
      "refused",
      "document-not-readable",
      `The unsaved text of ${withoutDocument.join(", ")} can't be read: the editor gives no document of this size to extensions.`,
      "Save or close it, then launch again.",
    );
  }
  const frozen: FrozenText[] = [];
  for (const document of documents) {
    const path = overlayPath(document);
    if (path === undefined || !(document.isDirty || document.isUntitled)) continue;
    frozen.push({ path, version: document.version, encoding: document.encoding, text: document.getText() });
  }
  return frozen;
}

/** Where the document's bytes stand in the workspace view, or undefined where it is none of a job's files. */
export function overlayPath(document: Pick<FreezableDocument, "uri" | "isUntitled" | "languageId">): string | undefined {
  if (document.uri.scheme === "file") return document.uri.fsPath;
  if (!document.isUntitled || document.uri.scheme !== "untitled") return undefined;
  // `untitled:/folder/new.py` is a file that a save creates at that path.
  if (document.uri.path.startsWith("/")) return document.uri.fsPath;
  if (document.languageId !== "python") return undefined;
  const name = posix.basename(document.uri.path).replace(/\.py$/, "").replace(/[^\p{L}\p{N}._-]/gu, "_");
  return `.slingshot/untitled/${name}.py`;
}

/** @throws SlingshotError `encoding` where the document's encoding can't express its text */
export async function encodeFrozen(texts: readonly FrozenText[], codec: Codec): Promise<Overlay[]> {
  return Promise.all(
    texts.map(async (frozen) => ({ path: frozen.path, version: frozen.version, bytes: await encodeText(frozen, codec) })),
  );
}

const unicode: Readonly<Record<string, (text: string) => Uint8Array>> = {
  utf8: (text) => Buffer.from(text, "utf8"),
  utf8bom: (text) => Buffer.from(`\uFEFF${text}`, "utf8"),
  // VS Code writes a byte-order mark with both UTF-16 encodings, always.
  utf16le: (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  utf16be: (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
};

async function encodeText(frozen: FrozenText, codec: Codec): Promise<Uint8Array> {
  const { text, encoding } = frozen;
  const encode = unicode[encoding];
  if (encode !== undefined) {
    if (/\p{Surrogate}/u.test(text)) throw inexpressible(frozen);
    return encode(text);
  }
  const bytes = await codec.encode(text, encoding);
  if ((await codec.decode(bytes, encoding)) !== text) throw inexpressible(frozen);
  return bytes;
}

function inexpressible(frozen: FrozenText): SlingshotError {
  return new SlingshotError(
    "refused",
    "encoding",
    `${frozen.path} holds characters that its encoding, ${frozen.encoding}, can't express, so a save would change the text.`,
    'Choose "Save with Encoding" and UTF-8 in the status bar, or change the characters.',
    { file: frozen.path },
  );
}
