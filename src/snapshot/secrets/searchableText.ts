/** A file's bytes as rules read them, with the line of the file that each of their lines stands on. */
import { visit } from "jsonc-parser";
import type { ContentKind } from "./secretFinding.js";

/** Bytes of a file that are looked into. */
export const searchedBytes = 5_000_000;
const binaryProbe = 8192;

export interface SearchableText {
  /** In UTF-8 or a character set like it: rules look for ASCII. */
  bytes: Buffer;
  /** 1-based line of the file for a 0-based line of `bytes`; null: they are the same. */
  lines: readonly number[] | null;
  /** Whether this is all of the file. */
  whole: boolean;
}

/** Null for bytes that are no text: a NUL among the first ones, and no byte-order mark of UTF-16. */
export function searchableText(content: Uint8Array, kind: ContentKind): SearchableText | null {
  const part = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, searchedBytes));
  const whole = part.length === content.length;
  const utf16 = part[0] === 0xff && part[1] === 0xfe ? "utf-16le" : part[0] === 0xfe && part[1] === 0xff ? "utf-16be" : undefined;
  if (utf16 === undefined && part.subarray(0, binaryProbe).includes(0)) return null;
  const bytes = utf16 === undefined ? part : Buffer.from(new TextDecoder(utf16).decode(part));
  return { ...(kind === "notebook" ? notebookText(bytes) : { bytes, lines: null }), whole };
}

/** Images and other media of cell outputs: encoded bytes, in which tokens would be found by chance. */
const media = /^(image|audio|video|font)\/(?!svg)|^application\/(pdf|octet-stream|vnd\.jupyter\.widget-view)/;
/** Keys under which the lines of a text stand, beside MIME types. */
const textKeys = new Set(["source", "text", "traceback"]);

/** Every text of a notebook's JSON as it was before it was quoted: sources, outputs, tracebacks, metadata. */
function notebookText(bytes: Buffer): Omit<SearchableText, "whole"> {
  const json = bytes.toString("utf8");
  const texts: string[] = [];
  const lines: number[] = [];
  let key = "";
  let line = 1;
  let counted = 0;
  const add = (text: string, at: number): void => {
    for (; counted < at; counted++) if (json.charCodeAt(counted) === 10) line++;
    const ended = text.endsWith("\n") ? text : `${text}\n`;
    texts.push(ended);
    for (let from = 0; from < ended.length; from = ended.indexOf("\n", from) + 1) lines.push(line);
  };
  visit(json, {
    onObjectProperty: (property) => { key = property; },
    onLiteralValue: (value, at) => {
      if (typeof value !== "string" || media.test(key)) return;
      add(textKeys.has(key) || key.includes("/") ? value : `"${key}": "${value.replaceAll('"', "'")}"`, at);
    },
  });
  // What is no JSON is read as it stands.
  return texts.length === 0 ? { bytes, lines: null } : { bytes: Buffer.from(texts.join("")), lines };
}
