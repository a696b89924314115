/** A table result (`application/vnd.slingshot.table+json`) as text cells, bounded. */
import type { Table } from "./messages.js";
import { list, object, text } from "./schema.js";

const anyValue = (value: unknown): value is unknown => value !== undefined;
const shape = object({
  columns: list(object({ name: anyValue, type: anyValue }), 100_000),
  rows: list(list(anyValue, 100_000), 1_000_000),
});
const source = object({ source: text(200) });

export const rowLimit = 1000;
export const columnLimit = 200;
const cellLimit = 4000;

/** Null where `data` is no table. */
export function tableOf(data: unknown): Table | null {
  if (!shape(data)) return null;
  const columns = data.columns.slice(0, columnLimit);
  const rows = data.rows.slice(0, rowLimit);
  const truncated = "truncated" in data && data.truncated === true;
  const notes: string[] = [];
  if (truncated || data.rows.length > rows.length) notes.push(`The first ${rows.length.toLocaleString("en")} rows.`);
  if (data.columns.length > columns.length) notes.push(`The first ${String(columns.length)} of ${String(data.columns.length)} columns.`);
  if (source(data) && data.source !== "") notes.push(`From ${data.source}.`);
  return {
    columns: columns.map(({ name, type }) => ({ name: cellText(name) ?? "", type: (cellText(type) ?? "").slice(0, 400) })).map(bounded),
    rows: rows.map((row) => columns.map((_, at) => cellText(row[at]))),
    note: notes.length === 0 ? null : notes.join(" "),
  };
}

function bounded(column: { name: string; type: string }): { name: string; type: string } {
  return { ...column, name: column.name.slice(0, 2000) };
}

function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return shown.length <= cellLimit ? shown : `${shown.slice(0, cellLimit)}…`;
}
