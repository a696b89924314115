/**
 * Runs our own rules over one text in one pass. Every rule has anchors; three characters of each stand in a table, and only where
 * three bytes of the text hit it a pattern is tried. So the number of rules hardly counts.
 */
import { assignments } from "./assignments.js";
import { credentialFiles } from "./credentialFiles.js";
import { knownTokens } from "./knownTokens.js";
import { librarySign, librarySigns } from "./librarySigns.js";
import type { ContentKind } from "./secretFinding.js";
import type { TextRule } from "./textRule.js";

/** A match: where in the text it begins and ends. */
export interface Place {
  rule: string;
  start: number;
  end: number;
}

export interface SearchedText {
  /** Those that say most come first: where several are on one line, the first one counts. */
  places: Place[];
  /** Whether a rule of the library could match. */
  suspicious: boolean;
  /** False where a rule had been tried so often that it was given up: no text that anybody writes. */
  whole: boolean;
}

/** In order of how much they say. */
const rules: readonly TextRule[] = [...librarySigns, ...credentialFiles, ...knownTokens, ...assignments];
/** How often a rule is tried in one text where it says nothing itself. */
const usualTries = 30_000;
/** Places in one file beyond this tell nothing new. */
const enough = 50;

/** Five bits of each of three characters: letters alike in both cases, other characters as some letter. */
const hits = new Uint8Array(1 << 15);
const ranksAt = new Map<number, number[]>();
for (const [rank, rule] of rules.entries()) {
  for (const anchor of rule.anchors) {
    const hash = [...anchor.slice(0, 3)].reduce((sum, character, index) => sum | ((character.charCodeAt(0) & 31) << (5 * index)), 0);
    const there = ranksAt.get(hash) ?? [];
    if (!there.includes(rank)) ranksAt.set(hash, [...there, rank]);
    hits[hash] = 1;
  }
}

/** `bytes` are those of `text`, one for each of its characters. */
export function searchText(bytes: Uint8Array, text: () => string, kind: ContentKind): SearchedText {
  const found: { place: Place; rank: number }[] = [];
  const tries = new Uint32Array(rules.length);
  let suspicious = false;
  let whole = true;
  let hash = 0;
  for (let index = 0; index < bytes.length && found.length < enough; index++) {
    hash = (hash >>> 5) | (((bytes[index] ?? 0) & 31) << 10);
    if (hits[hash] === 0 || index < 2) continue;
    const at = index - 2;
    for (const rank of ranksAt.get(hash) ?? []) {
      const rule = rules[rank];
      if (rule === undefined || (suspicious && rule.id === librarySign) || (rule.kinds !== undefined && !rule.kinds.includes(kind))) continue;
      const tried = (tries[rank] ?? 0) + 1;
      tries[rank] = tried;
      if (tried > (rule.tries ?? usualTries)) {
        whole = false;
        continue;
      }
      rule.pattern.lastIndex = at;
      const match = rule.pattern.exec(text());
      if (match === null) continue;
      if (rule.id === librarySign) suspicious = true;
      else if (rule.accepts?.(match.groups?.["value"] ?? match[0]) !== false) found.push({ place: { rule: rule.id, start: at, end: at + match[0].length }, rank });
    }
  }
  return { places: found.sort((left, right) => left.rank - right.rank || left.place.start - right.place.start).map(({ place }) => place), suspicious, whole };
}
