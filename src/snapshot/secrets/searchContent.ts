/** Looks for secrets in the bytes of one file. */
import { createHash } from "node:crypto";
import { holdsOnlyCertificates } from "./certificates.js";
import { searchableText } from "./searchableText.js";
import type { ContentKind, SearchedContent, SecretFinding } from "./secretFinding.js";
import { lintText } from "./secretlintRules.js";
import { searchText, type Place } from "./searchText.js";

/** `name`: the file's name without folders. The answer holds places and digests, never a text. */
export async function searchContent(content: Uint8Array, kind: ContentKind, name: string): Promise<SearchedContent> {
  const searchable = searchableText(content, kind);
  if (searchable === null) return { findings: [], unsearched: "binary" };
  const { bytes, lines } = searchable;
  // One character for each byte: places in the text are places in the bytes.
  let decoded: string | undefined;
  const text = (): string => (decoded ??= bytes.toString("latin1"));
  const { places, suspicious, whole } = searchText(bytes, text, kind);
  if (suspicious) places.push(...(await lintText(text(), name)));
  const findings = places.length === 0 ? [] : findingsOf(text(), places, lines);
  if (findings.length === 0 && whole && searchable.whole && bytes.includes("-----BEGIN ") && holdsOnlyCertificates(text())) return { findings, certificates: true };
  return whole && searchable.whole ? { findings } : { findings, unsearched: "long" };
}

/** One finding for each line on which something begins, in order of lines. */
function findingsOf(text: string, places: readonly Place[], lines: readonly number[] | null): SecretFinding[] {
  const byLine = new Map<number, SecretFinding>();
  const covered: Place[] = [];
  for (const place of places) {
    // Inside of a longer place, such as a key of many lines, nothing more is found.
    if (covered.some(({ start, end }) => place.start >= start && place.start < end)) continue;
    covered.push(place);
    const index = lineIndex(text, place.start);
    const line = lines === null ? index + 1 : (lines[index] ?? 0);
    if (!byLine.has(line)) byLine.set(line, { rule: place.rule, line, digest: digestOfLines(text, place) });
  }
  return [...byLine.values()].sort((left, right) => left.line - right.line);
}

function lineIndex(text: string, at: number): number {
  let index = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < at; next = text.indexOf("\n", next + 1)) index++;
  return index;
}

/** Of the whole lines that a place touches; how they are indented is no part of it. */
function digestOfLines(text: string, { start, end }: Place): string {
  const first = text.lastIndexOf("\n", Math.max(0, start - 1)) + 1;
  const last = text.indexOf("\n", Math.max(start, end - 1));
  const lines = text.slice(Math.min(first, start), last === -1 ? text.length : last).split("\n").map((line) => line.trim());
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
