/** Draws the rows in sight of a list that scrolls along with what stands above it. All rows are of one height. */
import { element } from "./dom.js";

/** Rows drawn beyond the visible ones on either side. */
const margin = 10;

export class FlowList {
  readonly element: HTMLElement;
  private readonly drawn = new Map<number, HTMLElement>();
  private count = 0;
  private frame = 0;

  /**
   * @param scroller the element that scrolls; the list is somewhere in it
   * @param rowHeight CSS pixels; the style sheet gives rows the same
   */
  constructor(
    private readonly scroller: HTMLElement,
    readonly rowHeight: number,
    attributes: Readonly<Record<string, string>>,
    private readonly draw: (line: number) => HTMLElement,
  ) {
    this.element = element("div", attributes);
    scroller.addEventListener("scroll", () => this.refresh(), { passive: true });
    new ResizeObserver(() => this.refresh()).observe(scroller);
  }

  /** Draws everything in sight anew. */
  reset(count: number): void {
    this.count = count;
    this.element.style.height = `${String(count * this.rowHeight)}px`;
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.paint();
  }

  /** The element of a row, where it is drawn. */
  row(line: number): HTMLElement | undefined {
    return this.drawn.get(line);
  }

  /** Scrolls as little as possible until the row is in sight, below `covered` pixels of the scroller. */
  reveal(line: number, covered: number): void {
    const top = this.offset + line * this.rowHeight;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop + covered) this.scroller.scrollTop = top - covered;
    else if (top + this.rowHeight > scrollTop + clientHeight) this.scroller.scrollTop = top + this.rowHeight - clientHeight;
    this.paint();
  }

  /** Rows that fit into the scroller. */
  get page(): number {
    return Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 2);
  }

  /** Where the list begins in the scrolled content. */
  private get offset(): number {
    return this.element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top + this.scroller.scrollTop;
  }

  private refresh(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  private paint(): void {
    const top = this.scroller.scrollTop - this.offset;
    const first = Math.max(0, Math.floor(top / this.rowHeight) - margin);
    const end = Math.min(this.count, Math.ceil((top + this.scroller.clientHeight) / this.rowHeight) + margin);
    for (const [line, row] of this.drawn) {
      if (line >= first && line < end) continue;
      row.remove();
      this.drawn.delete(line);
    }
    for (let line = first; line < end; line++) {
      if (this.drawn.has(line)) continue;
      const row = this.draw(line);
      row.style.top = `${String(line * this.rowHeight)}px`;
      this.drawn.set(line, row);
      this.element.append(row);
    }
  }
}
