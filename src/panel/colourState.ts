/** The colours in force at a place in a log, so that a page from the middle looks as it does after all lines before it. */
import { normalisedColour } from "./terminalText.js";

const escapeByte = 0x1b;
const resets = [Buffer.from("\u001b[0m"), Buffer.from("\u001b[m")];
/** Bytes of a sequence at most. */
const longest = 64;

/** What a code sets (`bold`, `foreground`, …) and to which code; null: back to normal. */
type Change = [attribute: string, code: string | null];

export class ColourState {
  private readonly set = new Map<string, string>();
  /** The start of a sequence whose end has not come yet. */
  private partial: Buffer | null = null;

  /** `state`: parameters of the sequence that brings a terminal there. */
  constructor(state = "") {
    if (state !== "") this.apply(state);
  }

  /** True where bytes may change the state: those without an escape character need not be fed. */
  touchedBy(bytes: Uint8Array): boolean {
    return this.partial !== null || bytes.includes(escapeByte);
  }

  /** Takes the bytes that follow; a sequence may be split between two calls. */
  feed(next: Buffer): void {
    let bytes = this.partial === null ? next : Buffer.concat([this.partial, next]);
    this.partial = null;
    for (const reset of resets) {
      const at = bytes.lastIndexOf(reset);
      if (at === -1) continue;
      this.set.clear();
      bytes = bytes.subarray(at + reset.length);
    }
    for (let at = bytes.indexOf(escapeByte); at !== -1; at = bytes.indexOf(escapeByte, at + 1)) {
      const end = endOfColour(bytes, at);
      if (end === bytes.length && end - at < longest) this.partial = Buffer.from(bytes.subarray(at));
      else if (bytes[end] === 0x6d) this.apply(bytes.toString("latin1", at + 2, end));
    }
  }

  /** Plain data for `new ColourState(…)`. */
  get state(): string {
    return this.set.size === 0 ? "" : [...this.set.values()].join(";");
  }

  /** The sequence that brings a terminal into this state. */
  get prefix(): string {
    return this.set.size === 0 ? "" : `\u001b[${this.state}m`;
  }

  private apply(parameters: string): void {
    for (const [attribute, code] of changesOf(parameters)) {
      if (attribute === "all") this.set.clear();
      else if (code === null) this.set.delete(attribute);
      else this.set.set(attribute, code);
    }
  }
}

const known = new Map<string, Change[]>();

function changesOf(parameters: string): Change[] {
  let changes = known.get(parameters);
  if (changes === undefined) {
    changes = parsedChanges(normalisedColour(parameters));
    if (known.size > 1000) known.clear();
    known.set(parameters, changes);
  }
  return changes;
}

function parsedChanges(normalised: string): Change[] {
  const codes = normalised === "" ? [] : normalised.split(";").map(Number);
  const changes: Change[] = [];
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    const wide = code === 38 || code === 48 ? (codes[at + 1] === 2 ? 5 : 3) : 1;
    changes.push(...changeOf(code, codes.slice(at, at + wide).join(";")));
    at += wide - 1;
  }
  return changes;
}

/** ECMA-48, 8.3.117, with the bright colours of aixterm. */
function changeOf(code: number, text: string): Change[] {
  if (code === 0) return [["all", null]];
  if (code === 22) return [["1", null], ["2", null]];
  if (code >= 1 && code <= 9) return [[String(code), text]];
  if (code >= 23 && code <= 29) return [[String(code - 20), null]];
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return [["foreground", text]];
  if ((code >= 40 && code <= 48) || (code >= 100 && code <= 107)) return [["background", text]];
  if (code === 39 || code === 49) return [[code === 39 ? "foreground" : "background", null]];
  if (code === 53 || code === 55) return [["overline", code === 53 ? text : null]];
  return [];
}

/** Where the colour sequence that begins at `start` ends: at its `m`, at a byte that is not of one, or at the end. */
function endOfColour(bytes: Buffer, start: number): number {
  let at = start + 1;
  if (at < bytes.length && bytes[at] !== 0x5b) return at;
  for (at++; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x3b) return at;
  }
  return bytes.length;
}
