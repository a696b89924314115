/** The Snapshot tab: exactly what was sent, and why. */
import { sizeText } from "../../base/quantities.js";
import type { SnapshotView, WebviewMessage } from "../messages.js";
import { element, iconButton, linkButton } from "./dom.js";
import { icon } from "./icons.js";

type File = SnapshotView["files"][number];

export class SnapshotTab {
  readonly element = element("section", { class: "snapshot" });

  constructor(private readonly send: (message: WebviewMessage) => void) {}

  clear(): void {
    this.element.replaceChildren();
  }

  set(snapshot: SnapshotView | null): void {
    if (snapshot === null) {
      return this.element.replaceChildren(element("p", { class: "empty" }, "The snapshot of this job can't be read."));
    }
    const parts = [this.facts(snapshot), this.notes(snapshot), this.files(snapshot), excluded(snapshot)];
    this.element.replaceChildren(...parts.filter((part) => part !== null));
  }

  private facts(snapshot: SnapshotView): HTMLElement {
    const facts: [string, string][] = [
      ["Snapshot", snapshot.id],
      ["Entry", snapshot.entry],
      ["Import roots", snapshot.importRoots.join(", ")],
      ["Fallback roots", snapshot.fallbackRoots.join(", ")],
      ["From the engine", snapshot.external.join(", ")],
    ];
    const shown = facts.filter(([, value]) => value !== "");
    return element("dl", { class: "facts-list" }, ...shown.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  }

  private notes(snapshot: SnapshotView): HTMLElement | null {
    if (snapshot.notes.length === 0) return null;
    const items = snapshot.notes.map(({ severity, text, path, line }) => {
      const where = path === null ? null : linkButton(line === null ? path : `${path}:${String(line)}`, "Open the version that ran", () => this.open(path, line ?? 0));
      return element("li", { class: `notice notice-${severity}` }, icon(severity), element("span", {}, text), where);
    });
    return element("ul", { class: "notes", "aria-label": "Notes" }, ...items);
  }

  private files(snapshot: SnapshotView): HTMLElement {
    const unsaved = snapshot.unsaved === 0 ? "" : ` · ${String(snapshot.unsaved)} not saved when it ran`;
    const count = `${snapshot.total.toLocaleString("en")} ${snapshot.total === 1 ? "file" : "files"} · ${sizeText(snapshot.bytes)}${unsaved}`;
    const rows = snapshot.files.map((file) => this.file(file));
    const head = element("tr", {}, ...["File", "Size", "Why it is here", ""].map((name) => element("th", { scope: "col" }, name)));
    const table = element("table", { class: "file-table" }, element("thead", {}, head), element("tbody", {}, ...rows));
    const more = snapshot.total > snapshot.files.length ? element("p", { class: "note" }, `… ${String(snapshot.total - snapshot.files.length)} more files`) : null;
    return element("div", {}, element("h2", {}, count), table, more);
  }

  private file(file: File): HTMLElement {
    const name = linkButton(file.path, "Open the version that ran", () => this.open(file.path, 0));
    const mark = file.unsaved ? element("span", { class: "unsaved", title: "Not saved when it ran: the text on the screen was sent" }, icon("unsaved"), "unsaved") : null;
    const { by } = file;
    const origin = by === null ? null : linkButton(by.line === 0 ? by.path : `${by.path}:${String(by.line)}`, "Open the line", () => this.open(by.path, by.line));
    return element(
      "tr",
      {},
      element("td", { class: "file-name" }, name, mark),
      element("td", { class: "numeric muted" }, sizeText(file.size)),
      element("td", { class: "reason" }, file.reason, origin === null ? "" : " ", origin),
      element("td", { class: "row-actions" }, iconButton("compare", `Compare ${file.path} with the workspace`, () => this.send({ type: "compareSnapshotFile", path: file.path }))),
    );
  }

  private open(path: string, line: number): void {
    this.send({ type: "openSnapshotFile", path, line });
  }
}

function excluded(snapshot: SnapshotView): HTMLElement | null {
  if (snapshot.excluded.length === 0) return null;
  const items = snapshot.excluded.map(({ path, rule }) => element("li", {}, element("span", {}, path), element("span", { class: "muted" }, rule)));
  const summary = element("summary", {}, `${String(snapshot.excluded.length)} left out`);
  return element("details", { class: "excluded" }, summary, element("ul", { class: "file-list" }, ...items));
}
