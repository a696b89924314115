/** Search in the log: the host searches the spool, the webview marks the matches in sight. */
import { matcher, type Match } from "../matcher.js";
import type { HostMessage, Place, WebviewMessage } from "../messages.js";
import { textOf } from "./logRow.js";
import { SearchBar } from "./searchBar.js";
import { columnRange, highlight } from "./textRanges.js";
import type { VirtualList } from "./virtualList.js";

type Found = Extract<HostMessage, { type: "found" }>;
type FoundMatch = Extract<HostMessage, { type: "match" }>;

export class LogFind {
  readonly bar: SearchBar;
  private token = 0;
  private count = 0;
  private done = false;
  private limited = false;
  private problem: string | null = null;
  private current: FoundMatch | null = null;
  /** Go to the first match as soon as there is one. */
  private eager = false;
  /**
   * Lines before this one may be marked. A regular expression is tried here only where the host, which can stop it, has
   * searched already: one that never ends must not hang the panel.
   */
  private searched = 0;
  private matchesOf: (text: string) => Match[] = () => [];

  constructor(
    private readonly list: VirtualList,
    private readonly send: (message: WebviewMessage) => void,
    private readonly revealed: () => void,
  ) {
    this.bar = new SearchBar({
      search: () => this.start(),
      go: (backwards) => this.go(backwards),
      closed: () => this.stop(),
    });
  }

  open(): void {
    this.bar.focus();
  }

  /** Searches anew, e.g. because another log is shown. */
  restart(): void {
    if (this.bar.open) this.start();
  }

  go(backwards: boolean): void {
    if (!this.bar.open) return this.open();
    const { current } = this;
    const from: Place =
      current === null
        ? { line: this.list.firstVisible, column: 0 }
        : { line: current.line, column: current.column + (backwards ? 0 : 1) };
    this.send({ type: "seek", token: this.token, from, backwards });
  }

  found(message: Found): void {
    if (message.token !== this.token) return;
    this.count = message.count;
    this.done = message.done;
    this.limited = message.limited;
    this.problem = message.problem;
    if (this.bar.query.regex && this.searched !== message.searched) {
      this.searched = message.searched;
      this.list.refresh();
    }
    this.showStatus();
    if (this.eager && this.count > 0) {
      this.eager = false;
      this.go(false);
    }
  }

  match(message: FoundMatch): void {
    if (message.token !== this.token) return;
    this.current = message;
    this.showStatus();
    this.revealed();
    this.list.reveal(message.line);
  }

  /** Marks the matches in the drawn rows. */
  paint(): void {
    const others: Range[] = [];
    const now: Range[] = [];
    if (this.bar.open) {
      for (const [line, { row }] of this.list.rows) {
        const text = textOf(row);
        if (text === null || line >= this.searched) continue;
        for (const { column, length } of this.matchesOf(text.textContent)) {
          const isCurrent = this.current?.line === line && this.current.column === column;
          (isCurrent ? now : others).push(columnRange(text, column, column + length));
        }
      }
      const currentRow = this.current === null ? undefined : this.list.rows.get(this.current.line);
      const text = currentRow === undefined ? null : textOf(currentRow.row);
      if (text !== null) this.scrollSideways(now[0]);
    }
    highlight("log-match", others);
    highlight("log-current", now);
  }

  private start(): void {
    const { query } = this.bar;
    const found = matcher(query);
    this.matchesOf = typeof found === "function" ? found : () => [];
    this.token++;
    this.count = 0;
    this.current = null;
    this.done = false;
    this.problem = null;
    this.eager = query.query !== "";
    this.searched = query.regex ? 0 : Number.POSITIVE_INFINITY;
    if (query.query === "") this.send({ type: "endSearch" });
    else this.send({ type: "search", token: this.token, ...query });
    this.showStatus();
    this.list.refresh();
  }

  private stop(): void {
    this.token++;
    this.current = null;
    this.send({ type: "endSearch" });
    this.list.refresh();
    this.list.viewport.focus();
  }

  private showStatus(): void {
    const more = this.limited ? "+" : this.done ? "" : " …";
    const count = this.count.toLocaleString("en");
    if (this.problem !== null) this.bar.setStatus(this.problem, true);
    else if (this.bar.query.query === "") this.bar.setStatus("", false);
    else if (this.count === 0) this.bar.setStatus(this.done ? "No results" : "Searching …", this.done);
    else if (this.current === null) this.bar.setStatus(`${count}${more} found`, false);
    else this.bar.setStatus(`${(this.current.ordinal + 1).toLocaleString("en")} of ${count}${more}`, false);
  }

  private shownFor: FoundMatch | null = null;

  /** Once for each match: a match far to the right is scrolled into sight. */
  private scrollSideways(range: Range | undefined): void {
    if (range === undefined || this.shownFor === this.current) return;
    this.shownFor = this.current;
    const { left, right } = range.getBoundingClientRect();
    const bounds = this.list.viewport.getBoundingClientRect();
    if (left < bounds.left || right > bounds.right - 20) {
      this.list.viewport.scrollLeft += left - bounds.left - bounds.width / 3;
    }
  }
}
