/** The find widget of the log. */
import type { Query } from "../matcher.js";
import { element, iconButton, show } from "./dom.js";

export interface SearchActions {
  search(query: Query): void;
  /** To the next match, or the one before. */
  go(backwards: boolean): void;
  closed(): void;
}

export class SearchBar {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly status = element("span", { class: "find-status", role: "status" });
  private readonly matchCase: HTMLButtonElement;
  private readonly regex: HTMLButtonElement;
  private timer = 0;

  constructor(private readonly actions: SearchActions) {
    this.input = element("input", { class: "find-input", type: "text", placeholder: "Find", "aria-label": "Find in log", spellcheck: "false" });
    this.input.addEventListener("input", () => this.changedSoon());
    this.matchCase = this.option("Aa", "Match case");
    this.regex = this.option(".*", "Use regular expression");
    this.element = element(
      "div",
      { class: "find", role: "search" },
      element("div", { class: "find-box" }, this.input, this.matchCase, this.regex),
      this.status,
      iconButton("up", "Previous match (Shift+F3)", () => actions.go(true)),
      iconButton("down", "Next match (F3)", () => actions.go(false)),
      iconButton("close", "Close (Escape)", () => this.close()),
    );
    this.element.addEventListener("keydown", (event) => this.key(event));
    show(this.element, false);
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  get query(): Query {
    const pressed = (button: HTMLButtonElement): boolean => button.getAttribute("aria-pressed") === "true";
    return { query: this.input.value, matchCase: pressed(this.matchCase), regex: pressed(this.regex) };
  }

  focus(): void {
    const wasOpen = this.open;
    show(this.element, true);
    this.input.focus();
    this.input.select();
    if (!wasOpen && this.input.value !== "") this.actions.search(this.query);
  }

  close(): void {
    show(this.element, false);
    this.actions.closed();
  }

  /** `3 of 120`, `120 …` while it is searched, or what is wrong with the query. */
  setStatus(text: string, problem: boolean): void {
    this.status.textContent = text;
    this.status.title = text;
    this.element.classList.toggle("find-problem", problem);
  }

  private option(text: string, label: string): HTMLButtonElement {
    const button = element("button", { class: "find-option", type: "button", title: label, "aria-label": label, "aria-pressed": "false" }, text);
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      this.actions.search(this.query);
    });
    return button;
  }

  private changedSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.actions.search(this.query), 120);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.input) this.actions.go(event.shiftKey);
    else return;
    event.preventDefault();
  }
}
