/** The Log tab: a list of lines, its tools, search, selection and keys. */
import { sizeText } from "../../base/quantities.js";
import type { HostMessage, JobView, WebviewMessage } from "../messages.js";
import { element, show, toggleButton } from "./dom.js";
import { LogData } from "./logData.js";
import { LogFind } from "./logFind.js";
import { drawRow } from "./logRow.js";
import { LogSelection } from "./logSelection.js";
import { VirtualList } from "./virtualList.js";

type LogMessage = Extract<HostMessage, { type: "extent" | "rows" | "found" | "match" }>;

export class LogView {
  readonly element: HTMLElement;
  /** Tools that stand beside the tabs. */
  readonly tools: HTMLElement;
  private readonly data: LogData;
  private readonly list: VirtualList;
  private readonly find: LogFind;
  private readonly selection: LogSelection;
  private readonly size = element("span", { class: "log-size" });
  private readonly empty = element("div", { class: "log-empty" });
  private readonly news = element("div", { class: "sr-only", "aria-live": "polite" });
  private readonly followButton: HTMLButtonElement;
  private readonly engineButton: HTMLButtonElement;
  private readonly resume: HTMLButtonElement;
  private readonly attempts = element("select", { class: "select", "aria-label": "Attempt", title: "The log of which attempt" });
  private job: JobView | null = null;
  private follow = true;
  private times = false;
  private announcedLines = 0;

  constructor(private readonly send: (message: WebviewMessage) => void) {
    const viewport = element("div", { class: "log-viewport", tabindex: "0", role: "log", "aria-live": "off" });
    this.data = new LogData(send);
    this.list = new VirtualList(viewport, {
      draw: (row, line) => this.draw(row, line),
      revision: (line) => this.data.cache.revision(line),
      drawn: (first, end) => this.drawn(first, end),
      moved: (atEnd) => this.setFollow(atEnd && this.running),
    });
    this.find = new LogFind(this.list, send, () => this.setFollow(false));
    this.selection = new LogSelection(this.list, () => undefined);
    this.followButton = toggleButton("follow", "Follow the end of the log", true, (on) => this.setFollow(on));
    this.engineButton = toggleButton("engine", "Show the engine's own log", false, (on) => this.use(on ? "engine" : "program", this.data.attempt));
    this.resume = element("button", { class: "resume", type: "button" }, "Follow the log");
    this.resume.addEventListener("click", () => this.setFollow(true));
    this.attempts.addEventListener("change", () => this.use("program", Number(this.attempts.value)));
    this.tools = element(
      "div",
      { class: "tools", role: "toolbar", "aria-label": "Log" },
      this.size,
      this.attempts,
      this.engineButton,
      toggleButton("clock", "Show when each line arrived", false, (on) => this.setTimes(on)),
      this.followButton,
    );
    this.element = element("section", { class: "log" }, viewport, this.empty, this.find.bar.element, this.resume, this.news);
    this.element.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("copy", (event) => this.copied(event));
    setInterval(() => this.announce(), 5000);
  }

  /** Shows a job's log; the same job again keeps its place. */
  setJob(job: JobView | null): void {
    const other = job?.id !== this.job?.id || job?.attempt !== this.job?.attempt;
    const ended = this.running && job?.final === true;
    this.job = job;
    show(this.engineButton, job?.engineLog === true);
    this.list.viewport.setAttribute("aria-label", job === null ? "Log" : `Log of ${job.title}`);
    if (other) {
      this.showAttempts(job?.attempt ?? 1);
      this.use("program", job?.attempt ?? 1);
    } else if (ended) this.tellView();
    this.showSize();
  }

  receive(message: LogMessage): void {
    switch (message.type) {
      case "extent":
        this.send({ type: "seen" });
        if (this.data.apply(message)) this.grown();
        break;
      case "rows":
        this.data.applyRows(message);
        this.list.refresh();
        break;
      case "found":
        this.find.found(message);
        break;
      case "match":
        this.find.match(message);
        break;
    }
  }

  openFind(): void {
    this.find.open();
  }

  focus(): void {
    this.list.viewport.focus();
  }

  private get running(): boolean {
    return this.job !== null && !this.job.final;
  }

  /** Earlier attempts have logs of their own. */
  private showAttempts(count: number): void {
    const names = Array.from({ length: count }, (_, at) => element("option", { value: String(at + 1) }, `Attempt ${String(at + 1)}`));
    this.attempts.replaceChildren(...names);
    this.attempts.value = String(count);
    show(this.attempts, count > 1);
  }

  private use(source: "program" | "engine", attempt: number): void {
    this.engineButton.setAttribute("aria-pressed", String(source === "engine"));
    this.data.use(source, attempt);
    this.selection.clear();
    this.list.setCount(0);
    this.list.reset();
    this.announcedLines = 0;
    this.setFollow(true);
    this.find.restart();
    this.showSize();
  }

  private grown(): void {
    this.list.setCount(this.data.lines);
    if (this.follow) this.list.moveToEnd();
    else this.list.refresh();
    this.showSize();
  }

  private setFollow(follow: boolean): void {
    const changed = follow !== this.follow;
    this.follow = follow;
    this.followButton.setAttribute("aria-pressed", String(follow));
    show(this.resume, !follow && this.running);
    if (follow) this.list.moveToEnd();
    if (changed || follow) this.tellView();
  }

  private tellView(): void {
    const { source, attempt } = this.data;
    const tail = this.follow ? Math.min(512, Math.ceil(this.list.scale.viewport / this.list.scale.rowHeight) + 16) : 0;
    this.send({ type: "view", source, attempt, tail });
  }

  private setTimes(on: boolean): void {
    this.times = on;
    this.list.reset();
  }

  private draw(row: HTMLElement, line: number): void {
    drawRow(row, this.data.row(line), { times: this.times, linkMarkers: this.job?.linkMarkers ?? [] }, {
      openFile: (file, at) => this.send({ type: "open", file, line: at }),
      openLink: (address) => this.send({ type: "link", address }),
      openLog: () => this.send({ type: "action", action: "openLog" }),
    });
  }

  private drawn(first: number, end: number): void {
    this.data.want(first, end);
    this.find.paint();
    this.selection.paint();
  }

  private showSize(): void {
    const { lines, bytes, indexed } = this.data;
    const count = `${lines.toLocaleString("en")} ${lines === 1 ? "line" : "lines"}`;
    this.size.textContent = lines === 0 ? "" : `${count} · ${sizeText(bytes)}${indexed ? "" : " …"}`;
    show(this.empty, lines === 0);
    this.empty.textContent = this.running ? "No output yet." : this.job === null ? "" : "The program printed nothing.";
  }

  private announce(): void {
    const more = this.data.lines - this.announcedLines;
    if (more > 0 && this.announcedLines > 0) this.news.textContent = `${more.toLocaleString("en")} new lines`;
    this.announcedLines = this.data.lines;
  }

  private key(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "f") this.find.open();
    else if (event.key === "F3") this.find.go(event.shiftKey);
    else if (event.target instanceof HTMLInputElement) return;
    else if (command && event.key.toLowerCase() === "a") this.selection.selectAll();
    else if (command && event.key.toLowerCase() === "c") this.copySelection();
    else if (event.key === "Escape" && this.selection.range !== null) this.selection.clear();
    else if (!this.move(event.key)) return;
    event.preventDefault();
  }

  private move(key: string): boolean {
    const { rowHeight, viewport, lastTop } = this.list.scale;
    const steps: Record<string, number> = {
      ArrowUp: -rowHeight,
      ArrowDown: rowHeight,
      PageUp: rowHeight - viewport,
      PageDown: viewport - rowHeight,
      Home: -lastTop,
      End: lastTop,
    };
    const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
    if (step === undefined) return false;
    this.list.moveBy(step);
    return true;
  }

  private copied(event: ClipboardEvent): void {
    if (this.element.hidden || event.target instanceof HTMLInputElement || !this.copySelection()) return;
    event.preventDefault();
  }

  private copySelection(): boolean {
    const { range } = this.selection;
    if (range === null) return false;
    this.send({ type: "copy", source: this.data.source, attempt: this.data.attempt, ...range });
    return true;
  }
}
