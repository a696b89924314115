/** Columns of a drawn row as DOM ranges, and back. Columns are UTF-16 units. */

/** The range from one column to another of a row's text element; columns beyond its end mean its end. */
export function columnRange(text: HTMLElement, from: number, to: number): Range {
  const range = document.createRange();
  const start = nodeAt(text, from);
  const end = nodeAt(text, to);
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

/** The column nearest to a horizontal position (of the client area) in a row's text element. */
export function columnAt(text: HTMLElement, x: number): number {
  const length = text.textContent.length;
  const origin = text.getBoundingClientRect().left;
  if (x <= origin || length === 0) return 0;
  const rightOf = (column: number): number => columnRange(text, 0, column).getBoundingClientRect().right;
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rightOf(middle) + rightOf(middle + 1) > 2 * x) high = middle;
    else low = middle + 1;
  }
  return low;
}

function nodeAt(text: HTMLElement, column: number): { node: Node; offset: number } {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let rest = column;
  let last: Node = text;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (rest <= length) return { node, offset: rest };
    rest -= length;
    last = node;
  }
  return { node: last, offset: last === text ? 0 : (last.textContent?.length ?? 0) };
}

/** Paints ranges with the style `::highlight(name)`. */
export function highlight(name: string, ranges: Range[]): void {
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}
