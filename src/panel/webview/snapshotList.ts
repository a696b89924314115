/** The list of a snapshot: its changes, files and what was left out, as a tree with keys and a filter. */
import type { ChainStepView, SnapshotView } from "../messages.js";
import { SnapshotRows, type SnapshotRow } from "../snapshotRows.js";
import { element, toggleButton } from "./dom.js";
import { FlowList } from "./flowList.js";
import { icon } from "./icons.js";
import { drawSnapshotRow, type RowActions, type RowLook } from "./snapshotRow.js";

const rowHeight = 22;

export interface ListActions extends RowActions {
  /** Asks for the way to a file; `setChain` brings the answer. */
  askChain: (path: string) => void;
}

export class SnapshotList {
  /** The filter, which stays in sight while the list scrolls. */
  readonly bar: HTMLElement;
  readonly element: HTMLElement;
  private readonly model = new SnapshotRows();
  private readonly list: FlowList;
  private readonly input: HTMLInputElement;
  private readonly count = element("span", { class: "filter-count", role: "status" });
  private look: RowLook = { live: false, previous: "", hasPrevious: false };
  private focusedKey = "";

  constructor(
    scroller: HTMLElement,
    label: string,
    private readonly actions: ListActions,
  ) {
    this.list = new FlowList(scroller, rowHeight, { class: "tree", role: "tree", tabindex: "0", "aria-label": label }, (line) => this.draw(line));
    this.element = this.list.element;
    this.input = element("input", { class: "find-input", type: "text", placeholder: "Filter by name, reason or rule", "aria-label": `Filter: ${label}`, spellcheck: "false" });
    this.input.addEventListener("input", () => this.filter());
    const bySize = toggleButton("sort", "Largest first", false, (on) => {
      this.model.sort = on ? "size" : "reason";
      this.model.build();
      this.redraw();
    });
    this.bar = element("div", { class: "filter-bar" }, element("div", { class: "find-box" }, icon("filter"), this.input, this.count), bySize);
    this.bar.addEventListener("keydown", (event) => this.barKey(event));
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.element.addEventListener("focus", () => this.focusRow(Math.max(0, this.focused), false));
  }

  /** `keep`: another snapshot of the same entry, of which what was open stays open. */
  set(snapshot: SnapshotView | null, look: RowLook, keep: boolean): void {
    this.look = look;
    if (!keep) {
      this.input.value = this.model.filter = this.focusedKey = "";
    }
    this.model.set(snapshot, keep);
    this.redraw();
    for (const path of this.model.missingChains) this.actions.askChain(path);
  }

  setChain(path: string, steps: ChainStepView[]): void {
    this.model.setChain(path, steps);
    this.redraw();
  }

  focusFilter(): void {
    this.input.focus();
    this.input.select();
  }

  private get rows(): SnapshotRow[] {
    return this.model.rows;
  }

  private get focused(): number {
    return this.rows.findIndex((row) => row.key === this.focusedKey);
  }

  private filter(): void {
    this.model.filter = this.input.value.trim();
    this.model.build();
    this.redraw();
  }

  private redraw(): void {
    this.list.reset(this.rows.length);
    const { filter, matches } = this.model;
    this.count.textContent = filter === "" ? "" : matches === 0 ? "No results" : `${matches.toLocaleString("en")} found`;
    this.markFocused();
  }

  private draw(line: number): HTMLElement {
    const row = this.rows[line];
    if (row === undefined) return element("div");
    const drawn = drawSnapshotRow(row, this.look, this.actions);
    drawn.id = `row-${String(line)}`;
    drawn.dataset["line"] = String(line);
    drawn.classList.toggle("is-focused", row.key === this.focusedKey);
    return drawn;
  }

  private focusRow(line: number, reveal = true): void {
    const row = this.rows[line];
    if (row === undefined) return;
    const before = this.list.row(this.focused);
    before?.classList.remove("is-focused");
    this.focusedKey = row.key;
    if (reveal) this.list.reveal(line, this.bar.offsetHeight);
    this.markFocused();
  }

  private markFocused(): void {
    const at = this.focused;
    const drawn = this.list.row(at);
    drawn?.classList.add("is-focused");
    if (drawn === undefined) this.element.removeAttribute("aria-activedescendant");
    else this.element.setAttribute("aria-activedescendant", drawn.id);
  }

  private toggle(row: SnapshotRow): void {
    this.model.toggle(row);
    this.redraw();
    for (const path of this.model.missingChains) this.actions.askChain(path);
  }

  private clicked(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const line = Number(event.target.closest<HTMLElement>(".tree-row")?.dataset["line"] ?? -1);
    const row = this.rows[line];
    if (row === undefined) return;
    this.focusRow(line, false);
    if (row.expanded !== null) this.toggle(row);
    else if (row.kind !== "file") this.open(row);
  }

  /** What Enter does. */
  private open(row: SnapshotRow): void {
    switch (row.kind) {
      case "section":
        return this.toggle(row);
      case "change":
        return this.actions.comparePrevious(row.file.path);
      case "file":
        return this.actions.open(row.file.path, 0);
      case "step":
        return this.actions.open(row.step.path, row.step.line);
      case "excluded":
        return this.actions.openWorkspaceFile(row.file.path, 0);
      default:
        return;
    }
  }

  /** Enter with Ctrl or Cmd: the file beside that of the last run, else beside the workspace's. */
  private compare(row: SnapshotRow): void {
    if (row.kind === "section" && row.section === "changes") this.actions.compareAll();
    else if (row.kind === "change" || (row.kind === "file" && row.file.change === "changed")) this.actions.comparePrevious(row.file.path);
    else if (row.kind === "file" && !this.look.live) this.actions.compare(row.file.path);
  }

  private barKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" && event.target === this.input) {
      this.element.focus();
      this.focusRow(Math.max(0, this.focused));
    } else if (event.key === "Escape" && this.input.value !== "") {
      this.input.value = "";
      this.filter();
    } else return;
    event.preventDefault();
  }

  private key(event: KeyboardEvent): void {
    const at = Math.max(0, this.focused);
    const row = this.rows[at];
    if (row === undefined || event.altKey) return;
    const command = event.ctrlKey || event.metaKey;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: this.list.page, PageUp: -this.list.page, Home: -Infinity, End: Infinity };
    const step = command || !Object.hasOwn(steps, event.key) ? undefined : steps[event.key];
    if (step !== undefined) this.focusRow(Math.min(this.rows.length - 1, Math.max(0, at + step)));
    else if (event.key === "Enter" && command) this.compare(row);
    else if (event.key === "Enter") this.open(row);
    else if (event.key === " ") this.toggle(row);
    else if (event.key === "ArrowRight") this.into(row, at);
    else if (event.key === "ArrowLeft") this.out(row, at);
    else return;
    event.preventDefault();
  }

  private into(row: SnapshotRow, at: number): void {
    if (row.expanded === false) this.toggle(row);
    else if (row.expanded === true) this.focusRow(at + 1);
  }

  private out(row: SnapshotRow, at: number): void {
    if (row.expanded === true) return this.toggle(row);
    const parent = this.rows.findLastIndex((one, line) => line < at && one.level < row.level);
    if (parent >= 0) this.focusRow(parent);
  }
}
