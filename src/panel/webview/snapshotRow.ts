/** Draws one row of a snapshot's list. */
import { sizeText } from "../../base/quantities.js";
import { sectionTitle, spokenRow } from "../spokenRow.js";
import type { SnapshotFileRow, SnapshotRow } from "../snapshotRows.js";
import { element, iconButton } from "./dom.js";
import { icon, type IconName } from "./icons.js";

export interface RowActions {
  /** A file of the snapshot; `line` 0: none in particular. */
  open: (path: string, line: number) => void;
  openWorkspaceFile: (path: string, line: number) => void;
  compare: (path: string) => void;
  comparePrevious: (path: string) => void;
  compareAll: () => void;
}

export interface RowLook {
  /** What stands on the screen now, rather than what a job was sent. */
  live: boolean;
  /** When and how the last run went. */
  previous: string;
  hasPrevious: boolean;
}

export function drawSnapshotRow(row: SnapshotRow, look: RowLook, actions: RowActions): HTMLElement {
  const drawn = element("div", {
    class: `tree-row tree-${row.kind}`,
    role: "treeitem",
    "aria-level": String(row.level),
    "aria-posinset": String(row.position),
    "aria-setsize": String(row.siblings),
    "aria-label": spokenRow(row, sinceOf(look)),
  });
  if (row.expanded !== null) drawn.setAttribute("aria-expanded", String(row.expanded));
  drawn.append(...contentOf(row, look, actions));
  return drawn;
}

function contentOf(row: SnapshotRow, look: RowLook, actions: RowActions): (Node | string)[] {
  switch (row.kind) {
    case "section":
      return sectionContent(row, look, actions);
    case "change":
      return [twistie(null), name(row.file.path, null), element("span", { class: "tree-why" }, row.file.detail ?? row.file.change), element("span", { class: "tree-size" }), badge(row.file.change, look)];
    case "file":
      return fileContent(row.file, row.expanded, look, actions);
    case "step": {
      const { path, line, words, code } = row.step;
      const place = line === 0 ? path : `${path}:${String(line)}`;
      const text = code === null ? element("span", { class: "step-words" }, words) : element("code", { class: "step-code" }, code);
      text.title = words;
      return [link(place, () => actions.open(path, line)), text];
    }
    case "excluded": {
      const { path, rule, place } = row.file;
      const why = element("span", { class: "tree-why" });
      why.append(place === null ? rule : link(rule, () => actions.openWorkspaceFile(place.path, place.line)));
      return [twistie(null), name(path, null), why];
    }
    case "waiting":
      return [element("span", { class: "muted" }, "…")];
    case "more":
      return [twistie(null), element("span", { class: "muted" }, `… and ${row.count.toLocaleString("en")} more`)];
  }
}

function sectionContent(row: Extract<SnapshotRow, { kind: "section" }>, look: RowLook, actions: RowActions): Node[] {
  const count = row.count === row.total ? row.count.toLocaleString("en") : `${row.count.toLocaleString("en")} of ${row.total.toLocaleString("en")}`;
  const parts: Node[] = [twistie(row.expanded), element("span", { class: "tree-title" }, sectionTitle(row.section, sinceOf(look))), element("span", { class: "tab-count" }, count)];
  if (row.section === "changes") {
    parts.push(element("span", { class: "tree-since" }, row.total === 0 ? `the same files as ${look.previous}` : look.previous));
    if (row.count > 0) parts.push(rowActions(action("compare", `Compare all with ${sinceOf(look)}`, () => actions.compareAll())));
  }
  return parts;
}

function fileContent(file: SnapshotFileRow, expanded: boolean | null, look: RowLook, actions: RowActions): Node[] {
  const { by } = file;
  const why = element("span", { class: "tree-why" }, file.reason);
  if (by !== null) why.append(" ", link(by.line === 0 ? by.path : `${by.path}:${String(by.line)}`, () => actions.open(by.path, by.line)));
  why.title = why.textContent;
  const title = look.live ? "Open" : "Open the version that ran";
  const unsaved = look.live ? "Not saved: the text on the screen is sent" : "Not saved when it ran: the text on the screen was sent";
  const mark = file.unsaved ? element("span", { class: "unsaved", title: unsaved }, icon("unsaved"), "unsaved") : null;
  const buttons: HTMLElement[] = [];
  if (!look.live) buttons.push(action("compare", `Compare ${file.path} with the workspace`, () => actions.compare(file.path)));
  if (look.hasPrevious && file.change === "changed") buttons.push(action("history", `Compare ${file.path} with ${sinceOf(look)}`, () => actions.comparePrevious(file.path)));
  return [
    twistie(expanded),
    name(file.path, { title, act: () => actions.open(file.path, 0) }, mark),
    why,
    element("span", { class: "tree-size" }, sizeText(file.size)),
    file.change === null ? element("span", { class: "tree-badge" }) : badge(file.change, look),
    ...(buttons.length === 0 ? [] : [rowActions(...buttons)]),
  ];
}

function name(path: string, opens: { title: string; act: () => void } | null, mark: HTMLElement | null = null): HTMLElement {
  const slash = path.lastIndexOf("/") + 1;
  const base = path.slice(slash);
  const label = opens === null ? element("span", { class: "tree-base" }, base) : link(base, opens.act);
  label.classList.add("tree-base");
  if (opens !== null) label.title = opens.title;
  const folder = slash === 0 ? null : element("span", { class: "tree-folder" }, path.slice(0, slash - 1));
  return element("span", { class: "tree-name", title: path }, label, mark, folder);
}

function badge(change: "added" | "changed" | "removed", look: RowLook): HTMLElement {
  const letter = { added: "A", changed: "M", removed: "D" }[change];
  return element("span", { class: `tree-badge badge-${change}`, title: `${change} since ${sinceOf(look)}` }, letter);
}

function sinceOf({ live }: RowLook): string {
  return live ? "the last run" : "the run before";
}

function twistie(expanded: boolean | null): HTMLElement {
  return element("span", { class: "twistie" }, expanded === null ? null : icon("expand"));
}

function rowActions(...buttons: HTMLElement[]): HTMLElement {
  return element("span", { class: "row-tools" }, ...buttons);
}

/** For the pointer: the keyboard does the same on the row. */
function action(image: IconName, label: string, act: () => void): HTMLElement {
  const button = iconButton(image, label, act);
  button.tabIndex = -1;
  return apart(button);
}

/** Not a button: it is cut off with the text that it stands in. */
function link(text: string, act: () => void): HTMLElement {
  const made = element("span", { class: "link", role: "link" }, text);
  made.addEventListener("click", act);
  return apart(made);
}

/** A click on it is none on the row. */
function apart(part: HTMLElement): HTMLElement {
  part.addEventListener("click", (event) => event.stopPropagation());
  return part;
}
