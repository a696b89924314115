/** The rows of a snapshot's list: sections of changes, files and what was left out, as far as they are open and match the filter. */
import type { ChainStepView, Change, SnapshotView } from "./messages.js";

export type SnapshotFileRow = SnapshotView["files"][number];
export type SectionName = "changes" | "files" | "excluded";
type ChangedFile = NonNullable<SnapshotView["changes"]>["files"][number];

interface RowPlace {
  /** The same for the same thing in the next snapshot. */
  key: string;
  level: 1 | 2 | 3;
  /** Null: nothing to open. */
  expanded: boolean | null;
  /** 1-based among its siblings. */
  position: number;
  siblings: number;
}

export type SnapshotRow = RowPlace &
  (
    | { kind: "section"; section: SectionName; count: number; total: number }
    | { kind: "change"; file: ChangedFile }
    | { kind: "file"; file: SnapshotFileRow }
    | { kind: "step"; step: ChainStepView }
    | { kind: "waiting" }
    | { kind: "excluded"; file: SnapshotView["excluded"][number] }
    | { kind: "more"; count: number }
  );

export type SortOrder = "reason" | "size";

const changeWords: Record<Change, string> = { added: "added", changed: "changed", removed: "removed" };

/** What is open, and which rows the filter lets through. Sections stay as the person left them from one snapshot to the next. */
export class SnapshotRows {
  rows: SnapshotRow[] = [];
  /** Matching entries of all sections. */
  matches = 0;
  filter = "";
  sort: SortOrder = "reason";
  private readonly closedSections = new Set<SectionName>(["excluded"]);
  private readonly openFiles = new Set<string>();
  private readonly chains = new Map<string, ChainStepView[]>();

  constructor(private snapshot: SnapshotView | null = null) {}

  /** Another snapshot of the same entry; `keep`: what was open stays open. */
  set(snapshot: SnapshotView | null, keep: boolean): void {
    this.snapshot = snapshot;
    this.chains.clear();
    if (!keep) this.openFiles.clear();
    this.build();
  }

  /** Files whose chain is open and not known. */
  get missingChains(): string[] {
    return [...this.openFiles].filter((path) => !this.chains.has(path));
  }

  setChain(path: string, steps: ChainStepView[]): void {
    this.chains.set(path, steps);
    this.build();
  }

  toggle(row: SnapshotRow): void {
    if (row.expanded === null) return;
    const set: Set<string> = row.kind === "section" ? this.closedSections : this.openFiles;
    const name = row.kind === "section" ? row.section : row.kind === "file" ? row.file.path : "";
    if (!set.delete(name)) set.add(name);
    this.build();
  }

  build(): void {
    this.rows = [];
    this.matches = 0;
    const { snapshot } = this;
    if (snapshot === null) return;
    const matches = matcherOf(this.filter);
    const changed = (snapshot.changes?.files ?? []).filter((file) => matches(changeText(file)));
    const files = this.sorted(snapshot.files.filter((file) => matches(fileText(file))));
    const excluded = snapshot.excluded.filter((file) => matches(`${file.path} ${file.rule} left out`));
    const sections: [SectionName, number, number, boolean][] = [
      ["changes", changed.length, snapshot.changes?.total ?? 0, snapshot.changes !== null && (this.filter === "" || changed.length > 0)],
      ["files", files.length, snapshot.total, this.filter === "" || files.length > 0],
      ["excluded", excluded.length, snapshot.excludedTotal, excluded.length > 0],
    ];
    const shown = sections.filter(([, , , visible]) => visible);
    for (const [at, [section, count, total]] of shown.entries()) {
      // What a filter finds must be seen.
      const open = this.filter !== "" || !this.closedSections.has(section);
      this.rows.push({ key: `#${section}`, kind: "section", section, count, total, level: 1, expanded: count === 0 ? null : open, position: at + 1, siblings: shown.length });
      this.matches += count;
      if (!open) continue;
      if (section === "files") this.putFiles(files);
      else if (section === "changes") this.rows.push(...changed.map((file, row) => ({ key: `~${file.path}`, kind: "change" as const, file, ...leaf(row, count) })));
      else this.rows.push(...excluded.map((file, row) => ({ key: `-${file.path}`, kind: "excluded" as const, file, ...leaf(row, count) })));
      const unlisted = section === "files" ? total - snapshot.files.length : section === "excluded" ? total - snapshot.excluded.length : total - (snapshot.changes?.files.length ?? 0);
      if (unlisted > 0) this.rows.push({ key: `+${section}`, kind: "more", count: unlisted, level: 2, expanded: null, position: count + 1, siblings: count + 1 });
    }
  }

  private putFiles(files: readonly SnapshotFileRow[]): void {
    for (const [at, file] of files.entries()) {
      const open = this.openFiles.has(file.path);
      this.rows.push({ key: file.path, kind: "file", file, level: 2, expanded: file.by === null ? null : open, position: at + 1, siblings: files.length });
      if (!open || file.by === null) continue;
      const steps = this.chains.get(file.path);
      if (steps === undefined) this.rows.push({ key: `${file.path}\n`, kind: "waiting", level: 3, expanded: null, position: 1, siblings: 1 });
      for (const [step, one] of (steps ?? []).entries()) {
        this.rows.push({ key: `${file.path}\n${String(step)}`, kind: "step", step: one, level: 3, expanded: null, position: step + 1, siblings: steps?.length ?? 0 });
      }
    }
  }

  private sorted(files: SnapshotFileRow[]): SnapshotFileRow[] {
    return this.sort === "size" ? files.sort((left, right) => right.size - left.size) : files;
  }
}

function leaf(index: number, siblings: number): Pick<RowPlace, "level" | "expanded" | "position" | "siblings"> {
  return { level: 2, expanded: null, position: index + 1, siblings };
}

function fileText(file: SnapshotFileRow): string {
  const by = file.by === null ? "" : ` ${file.by.path}`;
  return `${file.path} ${file.reason}${by}${file.unsaved ? " unsaved" : ""}${file.change === null ? "" : ` ${changeWords[file.change]}`}`;
}

function changeText(file: ChangedFile): string {
  return `${file.path} ${changeWords[file.change]} ${file.detail ?? ""}`;
}

/** Every word of the filter occurs, in any case. */
function matcherOf(filter: string): (text: string) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return () => true;
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
