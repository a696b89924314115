/** The rows that the webview holds of one log: a bounded window of lines, and which of them must be asked for. */
import type { LogRow } from "./messages.js";

/** Rows kept; those farthest from the visible ones go first. */
export const capacity = 4096;

export class RowCache {
  private readonly rows = new Map<number, { row: LogRow; revision: number }>();
  private readonly stale = new Set<number>();
  private revisions = 0;

  get(line: number): LogRow | undefined {
    return this.rows.get(line)?.row;
  }

  /** Changes when the line's row does; 0 while there is none. */
  revision(line: number): number {
    return this.rows.get(line)?.revision ?? 0;
  }

  put(first: number, rows: readonly LogRow[]): void {
    rows.forEach((row, more) => {
      const line = first + more;
      this.stale.delete(line);
      const known = this.rows.get(line)?.row;
      if (known !== undefined && known.text === row.text && known.cut === row.cut && known.error === row.error) return;
      this.rows.set(line, { row, revision: ++this.revisions });
    });
    if (this.rows.size > capacity) this.shed(first + rows.length / 2);
  }

  /** The line has grown: its row is shown until the new one is here, which must be asked for. */
  outdate(line: number): void {
    if (this.rows.has(line)) this.stale.add(line);
  }

  clear(): void {
    this.rows.clear();
    this.stale.clear();
  }

  /** The smallest range of lines that holds all that lack between `first` and `end`, or null. */
  missing(first: number, end: number): { first: number; count: number } | null {
    let from = -1;
    let to = -1;
    for (let line = first; line < end; line++) {
      if (this.rows.has(line) && !this.stale.has(line)) continue;
      if (from === -1) from = line;
      to = line;
    }
    return from === -1 ? null : { first: from, count: to - from + 1 };
  }

  private shed(middle: number): void {
    const lines = [...this.rows.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    for (const line of lines.slice(capacity / 2)) {
      this.rows.delete(line);
      this.stale.delete(line);
    }
  }
}
