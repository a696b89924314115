/** A snapshot as people see it: what is sent, why each file is, what is not, and what differs from the last run. */
import { sizeText } from "../../base/quantities.js";
import type { ChainStepView, SnapshotView, WebviewMessage } from "../messages.js";
import { element, linkButton, show } from "./dom.js";
import { icon } from "./icons.js";
import { SnapshotList } from "./snapshotList.js";
import type { RowLook } from "./snapshotRow.js";

type Note = SnapshotView["notes"][number];

/** Notes that are drawn until the person asks for all. */
const shownNotes = 50;

export interface TabOptions {
  /** What stands on the screen now, rather than what a job was sent. */
  live: boolean;
}

export class SnapshotTab {
  readonly element = element("section", { class: "snapshot" });
  private readonly totals = element("span", {});
  private readonly facts = element("dl", { class: "facts-list" });
  private readonly notes = element("ul", { class: "notes", "aria-label": "Notes" });
  private readonly remarks = element("ul", { class: "notes", "aria-label": "Remarks" });
  private readonly remarksTitle = element("span", {});
  private readonly remarksFold = element("details", { class: "fold" }, element("summary", {}, icon("expand"), this.remarksTitle), this.remarks);
  private readonly problem = element("p", { class: "empty" }, "The snapshot of this job can't be read.");
  private readonly news = element("div", { class: "sr-only", "aria-live": "polite" });
  private readonly list: SnapshotList;
  private readonly body: HTMLElement;
  private shown: SnapshotView | null = null;

  constructor(
    private readonly send: (message: WebviewMessage) => void,
    private readonly options: TabOptions = { live: false },
  ) {
    this.list = new SnapshotList(this.element, options.live ? "What will be sent" : "What was sent", {
      open: (path, line) => this.open(path, line),
      openWorkspaceFile: (path, line) => send({ type: "openWorkspaceFile", path, line }),
      compare: (path) => send({ type: "compareSnapshotFile", path }),
      comparePrevious: (path) => send({ type: "comparePrevious", path }),
      compareAll: () => send({ type: "comparePreviousAll" }),
      askChain: (path) => send({ type: "chain", path }),
    });
    const fold = element("details", { class: "fold" }, element("summary", { class: "totals" }, icon("expand"), this.totals), this.facts);
    fold.open = options.live;
    this.body = element("div", { class: "snapshot-body" }, fold, this.notes, this.remarksFold, this.list.bar, this.list.element);
    this.element.append(this.body, this.problem, this.news);
    this.element.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "f") return;
      event.preventDefault();
      this.list.focusFilter();
    });
    this.clear();
  }

  clear(): void {
    this.shown = null;
    show(this.body, false);
    show(this.problem, false);
    this.list.set(null, this.look(null), false);
  }

  set(snapshot: SnapshotView | null): void {
    const keep = this.shown !== null;
    if (snapshot?.id === this.shown?.id && JSON.stringify(snapshot) === JSON.stringify(this.shown)) return;
    this.shown = snapshot;
    show(this.body, snapshot !== null);
    show(this.problem, snapshot === null);
    if (snapshot === null) return;
    this.setTotals(snapshot);
    this.setFacts(snapshot);
    const grave = snapshot.notes.filter((note) => note.severity !== "info");
    const slight = snapshot.notes.filter((note) => note.severity === "info");
    this.setNotes(this.notes, grave, shownNotes);
    this.setNotes(this.remarks, slight, shownNotes);
    this.remarksTitle.textContent = `${String(slight.length)} ${slight.length === 1 ? "remark" : "remarks"}`;
    show(this.remarksFold, slight.length > 0);
    this.list.set(snapshot, this.look(snapshot), keep);
    if (keep) this.news.textContent = `Updated: ${this.totals.textContent}`;
  }

  setChain(path: string, steps: ChainStepView[]): void {
    this.list.setChain(path, steps);
  }

  private look(snapshot: SnapshotView | null): RowLook {
    const { live } = this.options;
    if (snapshot?.changes === null || snapshot === null) return { live, previous: "", hasPrevious: false };
    return { live, previous: `${dayAndTime(snapshot.changes.at)} · ${snapshot.changes.state}`, hasPrevious: true };
  }

  private setTotals(snapshot: SnapshotView): void {
    const parts = [`${snapshot.total.toLocaleString("en")} ${snapshot.total === 1 ? "file" : "files"}`, sizeText(snapshot.bytes)];
    if (snapshot.unsaved > 0) parts.push(this.options.live ? `${String(snapshot.unsaved)} unsaved` : `${String(snapshot.unsaved)} not saved when it ran`);
    if (snapshot.changes !== null && snapshot.changes.total > 0) parts.push(`${snapshot.changes.total.toLocaleString("en")} changed since ${this.options.live ? "the last run" : "the run before"}`);
    if (snapshot.excludedTotal > 0) parts.push(`${snapshot.excludedTotal.toLocaleString("en")} left out`);
    this.totals.textContent = parts.join(" · ");
  }

  private setFacts(snapshot: SnapshotView): void {
    const facts: [string, string | HTMLElement][] = [
      ["Entry", snapshot.entry],
      ["Import roots", snapshot.importRoots.join(", ")],
      ["Fallback roots", snapshot.fallbackRoots.join(", ")],
      ["From the target", snapshot.external.join(", ")],
      ["Snapshot", snapshot.id],
    ];
    if (snapshot.changes !== null) facts.push([this.options.live ? "Last run" : "Run before", linkButton(dayAndTime(snapshot.changes.at), "Show that run", () => this.send({ type: "showPrevious" }))]);
    const shown = facts.filter(([, value]) => value !== "");
    this.facts.replaceChildren(...shown.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  }

  private setNotes(list: HTMLElement, notes: readonly Note[], limit: number): void {
    const items = notes.slice(0, limit).map((note) => this.note(note));
    const more = linkButton(`Show all ${notes.length.toLocaleString("en")}`, "", () => this.setNotes(list, notes, notes.length));
    list.replaceChildren(...items, ...(notes.length > limit ? [element("li", { class: "notice" }, more)] : []));
    show(list, notes.length > 0);
  }

  private note({ severity, text, path, line }: Note): HTMLElement {
    const title = this.options.live ? "Open the line" : "Open the version that ran";
    const words = element("span", {});
    const place = path === null ? "" : line === null ? path : `${path}:${String(line)}`;
    const where = path === null ? "" : linkButton(place, title, () => this.open(path, line ?? 0));
    // Most notes begin with the place that they are about.
    if (text.startsWith(place)) words.append(where, text.slice(place.length));
    else words.append(text, " ", where);
    return element("li", { class: `notice notice-${severity}` }, icon(severity), words);
  }

  private open(path: string, line: number): void {
    this.send({ type: "openSnapshotFile", path, line });
  }
}

/** `today at 14:02`, or with the day. */
function dayAndTime(at: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return date.toDateString() === new Date().toDateString() ? `today at ${time}` : `${date.toLocaleDateString([], { month: "short", day: "numeric" })} at ${time}`;
}
