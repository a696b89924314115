/** One search over a whole log, continued as the log grows. Holds places, never text. */
import { boundedCall } from "./boundedCall.js";
import { lineText, type RawLine } from "./lineText.js";
import type { LogReader } from "./logReader.js";
import { matcher, type Match, type Query } from "./matcher.js";
import { plainText } from "./terminalText.js";

/** Matches that are kept; a search stops counting there. */
export const matchLimit = 500_000;
/** Milliseconds that a regular expression has for a batch of about 64 KiB; an ordinary one needs one or two. */
const batchLimit = 200;

export interface FoundMatch extends Match {
  /** 0-based number among all matches. */
  ordinal: number;
  line: number;
}

export class LogSearch {
  /** What is wrong with the query, in a sentence, or null. */
  problem: string | null;
  count = 0;
  /** Whole lines searched: those before this one. */
  scanned = 0;
  /** Matches in whole lines, where the last ones are in an unfinished line. */
  private certain: number | null = null;
  private readonly find: (text: string) => Match[];
  /** line, column, length of each match. */
  private places = new Float64Array(3 * 256);
  private readonly bounded: boolean;
  private generation: number;

  constructor(
    private readonly reader: LogReader,
    query: Query,
  ) {
    this.bounded = query.regex;
    const found = matcher(query);
    this.problem = typeof found === "function" ? null : found.problem;
    this.find = typeof found === "function" ? found : () => [];
    this.generation = reader.generation;
  }

  get limited(): boolean {
    return this.count >= matchLimit;
  }

  /**
   * Searches the lines not searched yet; gives the turn away often. `report` hears of the count so far. Matches of an unfinished
   * last line count until it has grown.
   */
  async advance(signal: AbortSignal, report: () => void): Promise<void> {
    if (this.generation !== this.reader.generation) {
      this.generation = this.reader.generation;
      this.count = 0;
      this.scanned = 0;
      this.certain = null;
    }
    let reported = Date.now();
    // What comes during a pass needs another one: nothing may tell of it later.
    for (let searched = -1; searched !== this.reader.bytes; ) {
      searched = this.reader.bytes;
      this.count = this.certain ?? this.count;
      this.certain = null;
      for await (const lines of this.reader.batches(this.scanned)) {
        if (signal.aborted || this.limited || this.problem !== null) return;
        if (!this.searchBatch(lines)) return;
        if (Date.now() - reported < 100) continue;
        reported = Date.now();
        report();
      }
    }
  }

  /** Answers false where the regular expression took too long. */
  private searchBatch(lines: readonly RawLine[]): boolean {
    const search = (): void => {
      for (const raw of lines) {
        if (!raw.whole) this.certain ??= this.count;
        for (const match of this.find(plainText(lineText(raw).text))) this.keep(raw.line, match);
        if (raw.whole) this.scanned = raw.line + 1;
      }
    };
    if (!this.bounded) search();
    else if (!boundedCall(search, batchLimit)) {
      this.problem = `This regular expression takes too long at line ${(this.scanned + 1).toLocaleString("en")}: make it simpler.`;
      return false;
    }
    return true;
  }

  /** The first match after a place, or the last before it; wraps around. */
  seek(line: number, column: number, backwards: boolean): FoundMatch | null {
    if (this.count === 0) return null;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.match(middle);
      const before = at.line < line || (at.line === line && at.column < column);
      if (before) low = middle + 1;
      else high = middle;
    }
    return this.match(backwards ? (low - 1 + this.count) % this.count : low % this.count);
  }

  private match(ordinal: number): FoundMatch {
    const [line = 0, column = 0, length = 0] = this.places.subarray(3 * ordinal, 3 * ordinal + 3);
    return { ordinal, line, column, length };
  }

  private keep(line: number, match: Match): void {
    if (this.limited) return;
    if (3 * this.count === this.places.length) {
      const larger = new Float64Array(this.places.length * 2);
      larger.set(this.places);
      this.places = larger;
    }
    this.places.set([line, match.column, match.length], 3 * this.count);
    this.count++;
  }
}
