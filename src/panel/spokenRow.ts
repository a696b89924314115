/** What a screen reader says of a row of a snapshot's list. */
import { sizeText } from "../base/quantities.js";
import type { SectionName, SnapshotRow } from "./snapshotRows.js";

const sectionTitles = { changes: "Changed since", files: "Files", excluded: "Left out" } as const;

/** `since`: what changes are against, e.g. `the last run`. */
export function spokenRow(row: SnapshotRow, since: string): string {
  switch (row.kind) {
    case "section":
      return `${sectionTitle(row.section, since)}, ${String(row.count)}`;
    case "change":
      return [row.file.path, `${row.file.change} since ${since}`, row.file.detail].filter((part) => part !== null).join(", ");
    case "file": {
      const { path, size, unsaved, reason, by, change } = row.file;
      const from = by === null ? reason : `${reason} ${by.path}${by.line === 0 ? "" : ` line ${String(by.line)}`}`;
      return [path, unsaved ? "unsaved" : "", change === null ? "" : `${change} since ${since}`, sizeText(size), from].filter((part) => part !== "").join(", ");
    }
    case "step": {
      const { path, line, words, code } = row.step;
      return `${path}${line === 0 ? "" : ` line ${String(line)}`}, ${words}${code === null ? "" : `: ${code}`}`;
    }
    case "excluded":
      return `${row.file.path}, left out by ${row.file.rule}`;
    case "waiting":
      return "Reading";
    case "more":
      return `${row.count.toLocaleString("en")} more`;
  }
}

export function sectionTitle(section: SectionName, since: string): string {
  return section === "changes" ? `${sectionTitles.changes} ${since}` : sectionTitles[section];
}
