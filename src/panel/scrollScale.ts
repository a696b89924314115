/**
 * Where a list of any length stands in a scroll area of bounded height: browsers stop at about 16 million pixels.
 * "Top" is the distance from the list's first pixel; "scroll" is what the scroll bar says. Both in pixels.
 */

/** Height that every browser can do. */
export const tallest = 12_000_000;

export class ScrollScale {
  count = 0;
  /** Whole pixels. */
  rowHeight = 18;
  /** Height of the visible part. */
  viewport = 0;

  /** Height of the scroll area's content. */
  get height(): number {
    return Math.min(this.listHeight, tallest);
  }
  /** The greatest top: with it, the last line is at the bottom. */
  get lastTop(): number {
    return Math.max(0, this.listHeight - this.viewport);
  }
  get isScaled(): boolean {
    return this.listHeight > tallest;
  }

  topOf(scroll: number): number {
    if (!this.isScaled) return Math.min(scroll, this.lastTop);
    return Math.min(1, Math.max(0, scroll / (tallest - this.viewport))) * this.lastTop;
  }

  scrollOf(top: number): number {
    if (!this.isScaled) return top;
    return (top / this.lastTop) * (tallest - this.viewport);
  }

  /** First line in sight at a top, and the line after the last one. */
  visible(top: number): { first: number; end: number } {
    const first = Math.max(0, Math.floor(top / this.rowHeight));
    return { first, end: Math.min(this.count, Math.ceil((top + this.viewport) / this.rowHeight)) };
  }

  private get listHeight(): number {
    return this.count * this.rowHeight;
  }
}
