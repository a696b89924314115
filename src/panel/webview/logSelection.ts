/** Selects text over any number of lines with the mouse, though only those in sight are in the document. */
import type { Place } from "../messages.js";
import { textOf } from "./logRow.js";
import { columnAt, columnRange, highlight } from "./textRanges.js";
import type { VirtualList } from "./virtualList.js";

const endOfLine = 1_000_000_000;

export class LogSelection {
  private anchor: Place | null = null;
  private focus: Place | null = null;
  private dragging = false;
  private pointerY = 0;

  constructor(
    private readonly list: VirtualList,
    private readonly changed: () => void,
  ) {
    const { viewport } = list;
    viewport.addEventListener("pointerdown", (event) => this.begin(event));
    viewport.addEventListener("pointermove", (event) => this.drag(event));
    viewport.addEventListener("pointerup", () => (this.dragging = false));
    viewport.addEventListener("pointercancel", () => (this.dragging = false));
    viewport.addEventListener("dblclick", (event) => this.selectWord(event));
  }

  /** Start and end in order, or null where nothing is selected. */
  get range(): { from: Place; to: Place } | null {
    const { anchor, focus } = this;
    if (anchor === null || focus === null || compare(anchor, focus) === 0) return null;
    return compare(anchor, focus) < 0 ? { from: anchor, to: focus } : { from: focus, to: anchor };
  }

  selectAll(): void {
    this.set({ line: 0, column: 0 }, { line: Math.max(0, this.list.scale.count - 1), column: endOfLine });
  }

  clear(): void {
    this.set(null, null);
  }

  /** Paints the selected part of the drawn rows. */
  paint(): void {
    const { range } = this;
    const ranges: Range[] = [];
    if (range !== null) {
      for (const [line, { row }] of this.list.rows) {
        const text = textOf(row);
        if (text === null || line < range.from.line || line > range.to.line) continue;
        const from = line === range.from.line ? range.from.column : 0;
        const to = line === range.to.line ? range.to.column : endOfLine;
        ranges.push(columnRange(text, from, to));
      }
    }
    highlight("log-selection", ranges);
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0 || event.detail === 2) return;
    const { viewport } = this.list;
    const bounds = viewport.getBoundingClientRect();
    const onScrollBar = event.clientX - bounds.left > viewport.clientWidth || event.clientY - bounds.top > viewport.clientHeight;
    if (onScrollBar || (event.target instanceof Element && event.target.closest("button, .log-link") !== null)) return;
    const place = this.placeAt(event);
    if (place === null) return this.clear();
    if (event.detail === 3) return this.set({ line: place.line, column: 0 }, { line: place.line, column: endOfLine });
    this.set(event.shiftKey ? (this.anchor ?? place) : place, place);
    this.dragging = true;
    viewport.setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent): void {
    if (!this.dragging) return;
    this.pointerY = event.clientY;
    this.scrollAtEdge();
    const place = this.placeAt(event);
    if (place !== null) this.set(this.anchor, place);
  }

  private scrollAtEdge(): void {
    const { top, bottom } = this.list.viewport.getBoundingClientRect();
    const beyond = this.pointerY < top ? this.pointerY - top : this.pointerY > bottom ? this.pointerY - bottom : 0;
    if (beyond !== 0) this.list.moveBy(beyond);
  }

  private selectWord(event: MouseEvent): void {
    const place = this.placeAt(event);
    const row = place === null ? undefined : this.list.rows.get(place.line)?.row;
    const text = row === undefined ? "" : (textOf(row)?.textContent ?? "");
    if (place === null || text === "") return;
    const isWord = (at: number): boolean => /[\p{L}\p{N}_]/u.test(text.charAt(at));
    let from = place.column;
    let to = place.column;
    while (from > 0 && isWord(from - 1)) from--;
    while (to < text.length && isWord(to)) to++;
    this.set({ line: place.line, column: from }, { line: place.line, column: to });
  }

  private placeAt(event: MouseEvent): Place | null {
    let nearest: { line: number; text: HTMLElement; distance: number } | null = null;
    for (const [line, { row }] of this.list.rows) {
      const text = textOf(row);
      const { top, bottom } = row.getBoundingClientRect();
      const distance = event.clientY < top ? top - event.clientY : Math.max(0, event.clientY - bottom);
      if (text !== null && (nearest === null || distance < nearest.distance)) nearest = { line, text, distance };
    }
    if (nearest === null) return null;
    return { line: nearest.line, column: columnAt(nearest.text, event.clientX) };
  }

  private set(anchor: Place | null, focus: Place | null): void {
    this.anchor = anchor;
    this.focus = focus;
    this.paint();
    this.changed();
  }
}

function compare(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
