/** Draws one line of the log. */
import { ansiSpans, type Span } from "../ansiSpans.js";
import type { LogRow } from "../messages.js";
import { sizeText } from "../../base/quantities.js";
import { fileLinks } from "../tracebackLinks.js";
import { element, linkButton } from "./dom.js";

export interface RowActions {
  openFile: (file: string, line: number) => void;
  openLink: (address: string) => void;
  openLog: () => void;
}

export interface RowOptions {
  times: boolean;
  linkMarkers: readonly string[];
}

/** Fills `target`; a row that is not here yet is empty. */
export function drawRow(target: HTMLElement, row: LogRow | undefined, options: RowOptions, actions: RowActions): void {
  target.className = row?.error === true ? "row error-stream" : "row";
  const text = element("span", { class: "row-text" });
  const parts: HTMLElement[] = [text];
  if (row !== undefined) {
    if (options.times) parts.unshift(element("span", { class: "row-time" }, row.at === 0 ? "" : clock(row.at)));
    drawSpans(text, ansiSpans(row.text), options, actions);
    if (row.cut > 0) {
      const more = linkButton(`… ${sizeText(row.cut)} more in this line: open log as text`, "Open log as text", actions.openLog);
      more.classList.add("row-cut");
      parts.push(more);
    }
  }
  target.replaceChildren(...parts);
}

/** The element that holds the characters of a row, in the columns that search and selection count. */
export function textOf(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>(".row-text");
}

function drawSpans(target: HTMLElement, spans: Span[], options: RowOptions, actions: RowActions): void {
  const links = fileLinks(spans.map((span) => span.text).join(""), options.linkMarkers);
  let column = 0;
  for (const span of spans) {
    let rest = span.text;
    while (rest !== "") {
      const link = links.find(({ column: from, length }) => column < from + length && from < column + rest.length);
      const start = link === undefined ? rest.length : Math.max(0, link.column - column);
      if (start > 0) target.append(piece(span, rest.slice(0, start), actions));
      if (link !== undefined) {
        const end = Math.min(rest.length, link.column + link.length - column);
        target.append(fileLink(span, rest.slice(start, end), link.file, link.line, actions));
        column += end;
        rest = rest.slice(end);
        continue;
      }
      column += rest.length;
      rest = "";
    }
  }
}

function piece(span: Span, text: string, actions: RowActions): Node {
  const { link } = span;
  if (link === null && span.classes === "" && span.foreground === null && span.background === null) {
    return document.createTextNode(text);
  }
  const made = element("span", { class: span.classes }, text);
  paint(made, span);
  if (link !== null) {
    made.classList.add("log-link");
    made.title = link;
    made.addEventListener("click", () => actions.openLink(link));
  }
  return made;
}

function fileLink(span: Span, text: string, file: string, line: number, actions: RowActions): Node {
  const made = element("span", { class: `${span.classes} log-link`, title: "Open the line that ran", role: "link" }, text);
  paint(made, span);
  made.addEventListener("click", () => actions.openFile(file, line));
  return made;
}

function paint(target: HTMLElement, span: Span): void {
  if (span.foreground !== null) target.style.color = span.foreground;
  if (span.background !== null) target.style.backgroundColor = span.background;
}

function clock(at: number): string {
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}
