/** The Outputs tab: files that the job wrote. */
import { sizeText } from "../../base/quantities.js";
import type { OutputItem, WebviewMessage } from "../messages.js";
import { element, iconButton, linkButton } from "./dom.js";
import { icon } from "./icons.js";

export class OutputsView {
  readonly element = element("section", { class: "files" });

  constructor(private readonly send: (message: WebviewMessage) => void) {}

  clear(): void {
    this.element.replaceChildren();
  }

  set(items: OutputItem[], total: number): void {
    if (items.length === 0) {
      const hint = "No outputs. Files that the job creates or changes in its working directory appear here when it has ended.";
      return this.element.replaceChildren(element("p", { class: "empty" }, hint));
    }
    const list = element("ul", { class: "file-list" }, ...items.map((item) => this.item(item)));
    const more = total > items.length ? element("p", { class: "note" }, `… ${(total - items.length).toLocaleString("en")} more files`) : "";
    this.element.replaceChildren(list, more);
  }

  private item({ path, size, place }: OutputItem): HTMLElement {
    const here = place !== "elsewhere";
    const name = here
      ? linkButton(path, "Open", () => this.send({ type: "openOutput", path }))
      : element("span", { class: "muted", title: "Too large to be fetched with the others: it is still where the job ran" }, path);
    const save = here ? iconButton("save", `Save ${path} as…`, () => this.send({ type: "saveOutput", path })) : null;
    const remark = { fetched: "", working: " · in the job's working directory", elsewhere: " · not fetched" }[place];
    return element("li", {}, icon("file"), name, element("span", { class: "muted" }, sizeText(size) + remark), save);
  }
}
