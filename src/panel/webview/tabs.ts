/** The panel's tabs, with the arrow keys as in VS Code's own. */
import type { Tab } from "../messages.js";
import { element, show } from "./dom.js";

interface TabPart {
  tab: HTMLButtonElement;
  count: HTMLElement;
  body: HTMLElement;
}

export class Tabs {
  readonly element = element("div", { class: "tabs", role: "tablist", "aria-label": "Job" });
  selected: Tab = "log";
  private readonly parts = new Map<Tab, TabPart>();

  constructor(private readonly changed: (tab: Tab) => void) {
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  add(name: Tab, label: string, body: HTMLElement): void {
    const count = element("span", { class: "tab-count" });
    const tab = element("button", { class: "tab", type: "button", role: "tab", id: `tab-${name}` }, label, count);
    tab.addEventListener("click", () => this.select(name));
    body.setAttribute("role", "tabpanel");
    body.setAttribute("aria-labelledby", `tab-${name}`);
    this.parts.set(name, { tab, count, body });
    this.element.append(tab);
    this.mark();
  }

  select(name: Tab): void {
    this.selected = name;
    this.mark();
    this.changed(name);
  }

  setCount(name: Tab, count: number): void {
    const part = this.parts.get(name);
    if (part === undefined) return;
    part.count.textContent = count === 0 ? "" : count.toLocaleString("en");
    show(part.count, count > 0);
  }

  private mark(): void {
    for (const [name, { tab, body }] of this.parts) {
      const on = name === this.selected;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      show(body, on);
    }
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const names = [...this.parts.keys()];
    const next = names[(names.indexOf(this.selected) + step + names.length) % names.length];
    if (next === undefined) return;
    event.preventDefault();
    this.select(next);
    this.parts.get(next)?.tab.focus();
  }
}
