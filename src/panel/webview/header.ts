/** The panel's head: what runs, where, how long, how far, and what one can do about it. */
import { durationText } from "../../base/quantities.js";
import type { JobView, WebviewMessage } from "../messages.js";
import { element, iconButton, show } from "./dom.js";
import { icon, type IconName } from "./icons.js";

const stateIcons: Record<JobView["state"], IconName> = {
  preparing: "spinner",
  submitting: "spinner",
  queued: "clock",
  running: "spinner",
  succeeded: "check",
  failed: "error",
  cancelled: "slash",
  lost: "question",
};

export class Header {
  readonly element: HTMLElement;
  private readonly stateIcon = element("span", { class: "state-icon" });
  private readonly title = element("h1", { class: "title" });
  private readonly state = element("span", { class: "state", role: "status" });
  private readonly facts = element("span", { class: "facts" });
  private readonly counters = element("span", { class: "counters" });
  private readonly bar = element("div", { class: "progress", role: "progressbar", "aria-label": "Progress" });
  private readonly filled = element("div", { class: "progress-filled" });
  private readonly notices = element("div", { class: "notices" });
  private readonly cancel: HTMLButtonElement;
  private readonly dashboard: HTMLButtonElement;
  private job: JobView | null = null;
  /** Host's clock minus this one. */
  private skew = 0;

  constructor(send: (message: WebviewMessage) => void) {
    const act = (name: Extract<WebviewMessage, { type: "action" }>["action"]) => (): void => send({ type: "action", action: name });
    this.cancel = iconButton("stop", "Cancel job", act("cancel"));
    this.dashboard = iconButton("external", "Open the engine's dashboard", act("dashboard"));
    const actions = element(
      "div",
      { class: "actions", role: "toolbar", "aria-label": "Job" },
      this.dashboard,
      iconButton("history", "Run same snapshot again", act("rerunSnapshot")),
      iconButton("rerun", "Run again with present code", act("rerun")),
      this.cancel,
    );
    const line = element("div", { class: "head-line" }, this.stateIcon, this.title, this.state, this.facts, this.counters, actions);
    this.bar.append(this.filled);
    this.element = element("header", { class: "head" }, line, this.bar, this.notices);
    setInterval(() => this.tick(), 500);
  }

  setJob(job: JobView, now: number): void {
    this.job = job;
    this.skew = now - Date.now();
    this.element.dataset["state"] = job.state;
    this.stateIcon.replaceChildren(icon(stateIcons[job.state]));
    this.title.textContent = job.title;
    this.title.title = job.title;
    if (this.state.textContent !== job.stateText) this.state.textContent = job.stateText;
    show(this.cancel, !job.final);
    this.cancel.disabled = !job.cancellable;
    show(this.dashboard, job.dashboard);
    this.showProgress(job);
    this.notices.replaceChildren(...job.notices.map((notice) => noticeLine(notice)));
    show(this.notices, job.notices.length > 0);
    this.tick();
  }

  private showProgress(job: JobView): void {
    const { progress } = job;
    this.counters.textContent = [progress?.text, job.remark].filter((part) => part !== null && part !== undefined && part !== "").join(" · ");
    this.counters.title = this.counters.textContent;
    const active = !job.final;
    this.bar.classList.toggle("is-idle", !active);
    this.bar.classList.toggle("is-endless", active && (progress === null || progress.fraction <= 0));
    this.filled.style.width = active && progress !== null ? `${String(Math.round(progress.fraction * 1000) / 10)}%` : "";
    if (progress === null) this.bar.removeAttribute("aria-valuenow");
    else this.bar.setAttribute("aria-valuenow", String(Math.round(progress.fraction * 100)));
  }

  private tick(): void {
    const { job } = this;
    if (job === null || document.hidden) return;
    const end = job.endedAt ?? Date.now() + this.skew;
    const parts = [job.target];
    if (job.startedAt !== null) parts.push(durationText(end - job.startedAt));
    if (job.attempt > 1) parts.push(`attempt ${String(job.attempt)}`);
    const text = parts.join(" · ");
    if (this.facts.textContent !== text) this.facts.textContent = text;
  }
}

function noticeLine(notice: JobView["notices"][number]): HTMLElement {
  const name = notice.severity === "info" ? "info" : notice.severity;
  return element("div", { class: `notice notice-${notice.severity}` }, icon(name), element("span", {}, notice.text));
}
