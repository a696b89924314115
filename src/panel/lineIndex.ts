/**
 * A sparse index of the lines of a growing log: one mark per 64 KiB of whole lines, so its size is a five-thousandth of
 * the log's at most. A line is what ends with `\n`; the bytes after the last one are the unfinished line.
 */
import { ColourState } from "./colourState.js";

/** Bytes between marks. A line longer than this always has a mark right after it. */
export const stride = 65536;

export interface Mark {
  /** 0-based. */
  line: number;
  /** Byte offset of the line's first byte. */
  offset: number;
  /** Colours in force there, for `new ColourState(…)`. */
  colours: string;
}

export class LineIndex {
  /** Bytes seen. */
  bytes = 0;
  /** Whole lines seen. */
  wholeLines = 0;
  /** Offset of the first byte after the last whole line. */
  lastLineStart = 0;
  private marks = 1;
  private lines = new Float64Array(64);
  private offsets = new Float64Array(64);
  private readonly colours = new Map<number, string>();
  private readonly colourState = new ColourState();

  /** Lines to show: whole ones, and the unfinished one. */
  get lineCount(): number {
    return this.wholeLines + (this.bytes > this.lastLineStart ? 1 : 0);
  }

  /** Takes the next bytes of the log. */
  append(chunk: Buffer): void {
    const base = this.bytes;
    const coloured = this.colourState.touchedBy(chunk);
    let fed = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
      this.wholeLines++;
      this.lastLineStart = base + at + 1;
      if (this.lastLineStart - (this.offsets[this.marks - 1] ?? 0) < stride) continue;
      if (coloured) this.colourState.feed(chunk.subarray(fed, at + 1));
      fed = at + 1;
      this.mark(this.wholeLines, this.lastLineStart);
    }
    if (coloured) this.colourState.feed(chunk.subarray(fed));
    this.bytes += chunk.length;
  }

  /** The last mark at or before a line. */
  before(line: number): Mark {
    let low = 0;
    let high = this.marks - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lines[middle] ?? 0) <= line) low = middle;
      else high = middle - 1;
    }
    return { line: this.lines[low] ?? 0, offset: this.offsets[low] ?? 0, colours: this.colours.get(low) ?? "" };
  }

  /** Offset just after a line that is longer than the stride (its line end not counted), or of the log's end. */
  endOfLongLine(line: number): number {
    const next = this.before(line + 1);
    return next.line === line + 1 ? next.offset - 1 : this.bytes;
  }

  private mark(line: number, offset: number): void {
    if (this.marks === this.lines.length) {
      this.lines = grown(this.lines);
      this.offsets = grown(this.offsets);
    }
    this.lines[this.marks] = line;
    this.offsets[this.marks] = offset;
    const { state } = this.colourState;
    if (state !== "") this.colours.set(this.marks, state);
    this.marks++;
  }
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
