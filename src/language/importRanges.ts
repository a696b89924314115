/** Where in a document's text an import names its module, or an item of a from-list. */
import type { Position, Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { ImportFact } from "../snapshot/importFacts.js";

/** `import` and the list after it, from the end of the module's name on: in brackets, or to the end of the logical line. */
const list = /^\s*import\b[ \t]*(?:\([^)]*\)?|(?:\\\r?\n|[^\r\n;#\\])*)/;
/** Lines below a call in which its literal is looked for. */
const callLines = 5;

/** The place of the name that `fact` is about; undefined where the text spells it otherwise. */
export function rangeOf(document: TextDocument, fact: ImportFact): Range | undefined {
  const line = fact.line - 1;
  if (fact.literal !== null) return literal(document, line, fact.literal);
  if (fact.item === null) return { start: { line, character: fact.column }, end: { line, character: fact.endColumn } };
  const region = listAfter(document, fact);
  if (region === undefined) return undefined;
  const name = new RegExp(`(?<![\\p{L}\\p{N}_.])${escaped(fact.item)}(?![\\p{L}\\p{N}_])`, "u").exec(withoutAliases(region.text));
  return name === null ? undefined : between(document, region.offset + name.index, fact.item.length);
}

/** The fact about the name at `position`; for a name of a from-list that has none of its own, the fact about its module. */
export function factAt(document: TextDocument, position: Position, facts: readonly ImportFact[]): { fact: ImportFact; range: Range } | undefined {
  let module: { fact: ImportFact; range: Range } | undefined;
  const offset = document.offsetAt(position);
  for (const fact of facts) {
    if (fact.line - 1 > position.line) continue;
    const range = rangeOf(document, fact);
    if (range === undefined) continue;
    if (isWithin(range, position)) return { fact, range };
    if (fact.item !== null || fact.literal !== null) continue;
    const region = listAfter(document, fact);
    if (region === undefined || offset < region.offset || offset > region.offset + region.text.length) continue;
    const word = wordAt(region.text, offset - region.offset);
    if (word !== undefined && word.text !== "import" && word.text !== "as") module = { fact, range: between(document, region.offset + word.start, word.text.length) };
  }
  return module;
}

function listAfter(document: TextDocument, { line, endColumn }: ImportFact): { offset: number; text: string } | undefined {
  const offset = document.offsetAt({ line: line - 1, character: endColumn });
  const text = list.exec(document.getText().slice(offset, offset + 20_000))?.[0];
  return text === undefined ? undefined : { offset, text };
}

/** Comments and the names behind `as` blanked out, so that only what is imported is found. */
function withoutAliases(text: string): string {
  return text.replace(/#[^\r\n]*|\bas\s+[\p{L}\p{N}_]+/gu, (part) => " ".repeat(part.length));
}

function literal(document: TextDocument, line: number, text: string): Range | undefined {
  const start = document.offsetAt({ line, character: 0 });
  const lines = document.getText({ start: { line, character: 0 }, end: { line: line + callLines, character: 0 } });
  for (const quote of ['"', "'"]) {
    const at = lines.indexOf(quote + text + quote);
    if (at >= 0) return between(document, start + at + 1, text.length);
  }
  return undefined;
}

function wordAt(text: string, at: number): { text: string; start: number } | undefined {
  for (const word of text.matchAll(/[\p{L}\p{N}_]+/gu)) if (word.index <= at && at <= word.index + word[0].length) return { text: word[0], start: word.index };
  return undefined;
}

function between(document: TextDocument, offset: number, length: number): Range {
  return { start: document.positionAt(offset), end: document.positionAt(offset + length) };
}

function isWithin({ start, end }: Range, { line, character }: Position): boolean {
  return (line > start.line || (line === start.line && character >= start.character)) && (line < end.line || (line === end.line && character <= end.character));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
