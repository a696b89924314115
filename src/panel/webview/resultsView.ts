/** The Results tab: what the job returned and showed. */
import { sizeText } from "../../base/quantities.js";
import { ansiSpans } from "../ansiSpans.js";
import type { HostMessage, ResultItem, WebviewMessage } from "../messages.js";
import { element, iconButton } from "./dom.js";
import { icon } from "./icons.js";
import { jsonTree } from "./jsonTree.js";
import { tableView } from "./tableView.js";

type ResultMessage = Extract<HostMessage, { type: "results" | "resultText" | "resultTable" | "resultImage" | "resultProblem" }>;

export class ResultsView {
  readonly element = element("section", { class: "results" });
  private items: ResultItem[] = [];
  private readonly bodies = new Map<string, HTMLElement>();
  private addresses: string[] = [];

  constructor(private readonly send: (message: WebviewMessage) => void) {}

  clear(): void {
    for (const address of this.addresses) URL.revokeObjectURL(address);
    this.addresses = [];
    this.items = [];
    this.bodies.clear();
    this.element.replaceChildren();
  }

  receive(message: ResultMessage): void {
    switch (message.type) {
      case "results":
        return this.list(message.items);
      case "resultText":
        return this.fill(message.name, this.text(message.name, message.text, message.cut));
      case "resultTable":
        return this.fill(message.name, tableView(message.table));
      case "resultImage":
        return this.fill(message.name, this.image(message));
      case "resultProblem":
        return this.fill(message.name, element("p", { class: "note" }, message.problem));
    }
  }

  private list(items: ResultItem[]): void {
    if (JSON.stringify(items) === JSON.stringify(this.items)) return;
    this.clear();
    this.items = items;
    if (items.length === 0) {
      const hint = "No results yet. What the job's function returns, and figures that it shows, appear here.";
      return this.element.replaceChildren(element("p", { class: "empty" }, hint));
    }
    for (const item of items) {
      const body = element("div", { class: `result-body result-${item.kind}` });
      this.bodies.set(item.name, body);
      const head = element(
        "div",
        { class: "result-head" },
        element("h2", {}, item.title),
        element("span", { class: "muted" }, `${item.kind} · ${sizeText(item.size)}`),
        iconButton("external", "Open in the editor", () => this.send({ type: "openResult", name: item.name })),
      );
      this.element.append(element("article", { class: "result", "aria-label": item.title }, head, body));
      this.send({ type: "result", name: item.name });
    }
  }

  private fill(name: string, content: HTMLElement): void {
    this.bodies.get(name)?.replaceChildren(content);
  }

  private text(name: string, text: string, cut: boolean): HTMLElement {
    const item = this.items.find((known) => known.name === name);
    const shown = item?.kind === "json" && !cut ? jsonTree(text) : element("pre", { class: "result-text", tabindex: "0" }, plain(text));
    if (!cut) return shown;
    return element("div", {}, shown, element("p", { class: "note" }, icon("info"), "Only the beginning is shown. Open it in the editor for all of it."));
  }

  private image(message: Extract<ResultMessage, { type: "resultImage" }>): HTMLElement {
    const address = URL.createObjectURL(new Blob([message.bytes], { type: message.mime }));
    this.addresses.push(address);
    const title = this.items.find((item) => item.name === message.name)?.title ?? message.name;
    return element("img", { src: address, alt: title });
  }
}

/** Text of a result as shown: escape sequences are inert. */
function plain(text: string): string {
  return text
    .split("\n")
    .map((line) => ansiSpans(line).map((span) => span.text).join(""))
    .join("\n");
}
