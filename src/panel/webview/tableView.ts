/** A table of a result: header in place, rows drawn as they come into sight, cells as text. */
import type { Table } from "../messages.js";
import { element } from "./dom.js";

const rowHeight = 22;
const margin = 20;

/** Rows are drawn in a window of the whole; the empty rows around it keep the scroll bar true. */
export function tableView(table: Table): HTMLElement {
  const numeric = table.columns.map(({ type }, column) => isNumeric(type, table.rows, column));
  const head = element(
    "tr",
    {},
    element("th", { class: "row-number", scope: "col", "aria-label": "Row" }),
    ...table.columns.map((column, at) =>
      element(
        "th",
        { scope: "col", class: numeric[at] === true ? "numeric" : "", title: `${column.name}: ${column.type}` },
        element("span", { class: "column-name" }, column.name),
        element("span", { class: "column-type" }, column.type),
      ),
    ),
  );
  const body = element("tbody");
  const grid = element("table", { class: "grid", "aria-rowcount": String(table.rows.length + 1) }, element("thead", {}, head), body);
  const scroller = element("div", { class: "grid-scroller", tabindex: "0", role: "region", "aria-label": "Table" }, grid);
  let drawnFirst = -1;
  const draw = (): void => {
    const visible = Math.ceil((scroller.clientHeight || 400) / rowHeight);
    const first = Math.max(0, Math.min(Math.floor(scroller.scrollTop / rowHeight), table.rows.length - visible) - margin);
    if (drawnFirst !== -1 && Math.abs(first - drawnFirst) < margin / 2) return;
    drawnFirst = first;
    const end = Math.min(table.rows.length, first + visible + 2 * margin);
    const rows = table.rows.slice(first, end).map((cells, more) => rowOf(cells, first + more, numeric));
    body.replaceChildren(spacer(first), ...rows, spacer(table.rows.length - end));
  };
  scroller.addEventListener("scroll", draw);
  new ResizeObserver(() => {
    drawnFirst = -1;
    draw();
  }).observe(scroller);
  draw();
  const note = table.note === null ? null : element("p", { class: "note" }, table.note);
  return element("div", { class: "table-view" }, scroller, note);
}

function rowOf(cells: readonly (string | null)[], at: number, numeric: readonly boolean[]): HTMLElement {
  const row = element("tr", { "aria-rowindex": String(at + 2) }, element("th", { class: "row-number", scope: "row" }, String(at + 1)));
  cells.forEach((cell, column) => {
    const classes = `${numeric[column] === true ? "numeric" : ""} ${cell === null ? "null" : ""}`.trim();
    const shown = element("td", { class: classes }, cell ?? "null");
    if (cell !== null && cell.length > 40) shown.title = cell.slice(0, 2000);
    row.append(shown);
  });
  return row;
}

function spacer(rows: number): HTMLElement {
  const row = element("tr", { class: "grid-spacer", "aria-hidden": "true" });
  row.style.height = `${String(rows * rowHeight)}px`;
  return row;
}

function isNumeric(type: string, rows: Table["rows"], column: number): boolean {
  if (/^(u?int|float|double|decimal|bigint|long|short|tinyint|smallint|number)/i.test(type)) return true;
  const sample = rows.slice(0, 20).map((row) => row[column] ?? null).filter((cell) => cell !== null);
  return type === "" && sample.length > 0 && sample.every((cell) => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell));
}
