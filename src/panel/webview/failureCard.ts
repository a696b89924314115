/** Why the job failed: the exception, its frames as links, and what to do. Stands above the log. */
import type { Failure, WebviewMessage } from "../messages.js";
import { element, iconButton, linkButton, show } from "./dom.js";
import { icon } from "./icons.js";

export class FailureCard {
  readonly element = element("section", { class: "failure", "aria-label": "Failure" });
  private shown = "";

  constructor(private readonly send: (message: WebviewMessage) => void) {
    show(this.element, false);
  }

  set(failure: Failure | null): void {
    const key = JSON.stringify(failure);
    if (key === this.shown) return;
    this.shown = key;
    show(this.element, failure !== null);
    if (failure === null) return this.element.replaceChildren();
    // The line that raised stands first: the card may be low, and that is the one to look at.
    const frames = element("ol", { class: "frames", "aria-label": "Calls, innermost first" }, ...failure.frames.toReversed().map((frame) => this.frame(frame)));
    const head = element(
      "div",
      { class: "failure-head" },
      icon("error"),
      element("span", { class: "failure-title" }, failure.title),
      element("span", { class: "failure-message" }, failure.message),
      iconButton("close", "Hide", () => show(this.element, false)),
    );
    const remedy = failure.remedy === null ? null : this.remedy(failure.remedy);
    this.element.replaceChildren(head, ...[remedy, frames].filter((part) => part !== null));
    show(frames, failure.frames.length > 0);
  }

  private remedy({ text, mend }: NonNullable<Failure["remedy"]>): HTMLElement {
    const words = element("span", {}, text);
    if (mend !== null) words.append(" ", linkButton(mend, "", () => this.send({ type: "mend" })));
    return element("p", { class: "remedy" }, icon("info"), words);
  }

  private frame(frame: Failure["frames"][number]): HTMLElement {
    const place = `${shortName(frame.file)}:${String(frame.line)}`;
    const where = frame.linked
      ? linkButton(place, "Open the line that ran", () => this.send({ type: "open", file: frame.file, line: frame.line }))
      : element("span", { class: "frame-foreign", title: frame.file }, place);
    return element("li", {}, where, element("span", { class: "frame-function" }, frame.function), element("code", {}, frame.code));
  }
}

/** The last three parts of a path: enough to know it by. */
function shortName(file: string): string {
  const parts = file.split("/");
  return parts.length > 4 ? `…/${parts.slice(-3).join("/")}` : file;
}
