/** Draws only the rows in sight of a list of any length, in elements that are used again. */
import { ScrollScale } from "../scrollScale.js";
import { element } from "./dom.js";

/** Rows drawn beyond the visible ones on either side. */
const margin = 12;

export interface RowSource {
  /** Fills `row` for a line; called only when the row's line or `revision` changed. */
  draw(row: HTMLElement, line: number): void;
  /** Changes when a line's content does. */
  revision(line: number): number;
  /** Called after each drawing with the lines that are in elements now. */
  drawn(first: number, end: number): void;
  /** The person moved the list by hand. */
  moved(atEnd: boolean): void;
}

interface DrawnRow {
  row: HTMLElement;
  revision: number;
}

export class VirtualList {
  readonly scale = new ScrollScale();
  readonly rows = new Map<number, DrawnRow>();
  private readonly spacer = element("div", { class: "list-spacer" });
  private readonly layer = element("div", { class: "list-layer", role: "presentation" });
  private top = 0;
  /** The scroll position that this class has set; another one comes from the person. */
  private ownScroll = 0;
  private frame = 0;
  private widest = 0;

  constructor(
    readonly viewport: HTMLElement,
    private readonly source: RowSource,
  ) {
    this.spacer.append(this.layer);
    viewport.append(this.spacer);
    viewport.addEventListener("scroll", () => this.scrolled());
    viewport.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    new ResizeObserver(() => this.resized()).observe(viewport);
  }

  get atEnd(): boolean {
    return this.top >= this.scale.lastTop - this.scale.rowHeight * 1.5;
  }

  /** The first fully or partly visible line. */
  get firstVisible(): number {
    return this.scale.visible(this.top).first;
  }

  setCount(count: number): void {
    if (count === this.scale.count) return;
    this.scale.count = count;
    this.spacer.style.height = `${String(this.scale.height)}px`;
    if (this.top > this.scale.lastTop) this.moveTo(this.scale.lastTop);
    else this.refresh();
  }

  /** Forgets widths and rows: another log, or other columns. */
  reset(): void {
    this.widest = 0;
    this.layer.style.minWidth = "";
    for (const { row } of this.rows.values()) row.remove();
    this.rows.clear();
    this.measure();
    this.refresh();
  }

  moveTo(top: number): void {
    this.top = Math.min(Math.max(0, top), this.scale.lastTop);
    this.ownScroll = this.scale.scrollOf(this.top);
    this.viewport.scrollTop = this.ownScroll;
    this.ownScroll = this.viewport.scrollTop;
    this.refresh();
  }

  moveToEnd(): void {
    this.moveTo(this.scale.lastTop);
  }

  /** Moves by hand: by keys, wheel or a drag of the selection. */
  moveBy(pixels: number): void {
    this.moveTo(this.top + pixels);
    this.source.moved(this.atEnd);
  }

  /** Brings a line into sight, in the middle where it was out of sight. */
  reveal(line: number): void {
    const { first, end } = this.scale.visible(this.top);
    if (line > first && line < end - 2) this.refresh();
    else this.moveTo((line + 0.5) * this.scale.rowHeight - this.scale.viewport / 2);
  }

  refresh(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { first: visibleFirst, end: visibleEnd } = this.scale.visible(this.top);
    const first = Math.max(0, visibleFirst - margin);
    const end = Math.min(this.scale.count, visibleEnd + margin);
    const free: HTMLElement[] = [];
    for (const [line, { row }] of this.rows) {
      if (line >= first && line < end) continue;
      this.rows.delete(line);
      free.push(row);
    }
    for (let line = first; line < end; line++) {
      const revision = this.source.revision(line);
      const drawn = this.rows.get(line);
      if (drawn?.revision === revision) {
        place(drawn.row, line - first, this.scale.rowHeight);
        continue;
      }
      const row = drawn?.row ?? free.pop() ?? this.layer.appendChild(element("div", { class: "row" }));
      this.source.draw(row, line);
      place(row, line - first, this.scale.rowHeight);
      this.rows.set(line, { row, revision });
    }
    for (const row of free) row.remove();
    const offset = this.viewport.scrollTop + first * this.scale.rowHeight - this.top;
    this.layer.style.transform = `translateY(${String(offset)}px)`;
    this.keepWidth();
    this.source.drawn(first, end);
  }

  /** The list never becomes narrower while one scrolls, so that the scroll bar does not jump. */
  private keepWidth(): void {
    let widest = this.widest;
    for (const { row } of this.rows.values()) widest = Math.max(widest, row.scrollWidth);
    if (widest <= this.widest) return;
    this.widest = widest;
    this.layer.style.minWidth = `${String(widest)}px`;
  }

  private scrolled(): void {
    const { scrollTop } = this.viewport;
    if (Math.abs(scrollTop - this.ownScroll) < 1) return;
    this.ownScroll = scrollTop;
    this.top = this.scale.topOf(scrollTop);
    this.refresh();
    this.source.moved(this.atEnd);
  }

  /** A scaled list would jump by hundreds of lines with each notch of the wheel: those steps are taken here. */
  private wheel(event: WheelEvent): void {
    if (!this.scale.isScaled || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    this.moveBy(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * this.scale.rowHeight : event.deltaY);
  }

  private resized(): void {
    const follow = this.atEnd;
    this.measure();
    if (follow) this.moveToEnd();
    else this.refresh();
  }

  private measure(): void {
    const probe = this.layer.appendChild(element("div", { class: "row" }, "X"));
    const height = Math.round(probe.getBoundingClientRect().height);
    probe.remove();
    if (height > 0) this.scale.rowHeight = height;
    this.scale.viewport = this.viewport.clientHeight;
    this.spacer.style.height = `${String(this.scale.height)}px`;
  }
}

function place(row: HTMLElement, slot: number, rowHeight: number): void {
  row.style.top = `${String(slot * rowHeight)}px`;
}
