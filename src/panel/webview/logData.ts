/** The log as the webview knows it: its size, and a window of its rows, asked for as they come into sight. */
import type { HostMessage, LogRow, Source, WebviewMessage } from "../messages.js";
import { RowCache } from "../rowCache.js";

type Extent = Extract<HostMessage, { type: "extent" }>;
type Rows = Extract<HostMessage, { type: "rows" }>;

/** Requests under way at once. */
const parallel = 2;
/** Lines asked for beyond those drawn. */
const ahead = 60;

export class LogData {
  source: Source = "program";
  attempt = 1;
  lines = 0;
  bytes = 0;
  /** True once the host has indexed all that is there. */
  indexed = false;
  readonly cache = new RowCache();
  private generation = 0;
  private requests = 0;
  private readonly waiting = new Map<number, { first: number; count: number }>();

  constructor(private readonly send: (message: WebviewMessage) => void) {}

  /** Turns to another log; all that is known of the old one is forgotten. */
  use(source: Source, attempt: number): void {
    this.source = source;
    this.attempt = attempt;
    this.forget();
  }

  /** Answers false where the message is of another log. */
  apply(extent: Extent): boolean {
    if (extent.source !== this.source || extent.attempt !== this.attempt) return false;
    if (extent.generation !== this.generation) {
      this.forget();
      this.generation = extent.generation;
    }
    if (this.bytes !== extent.bytes && this.lines > 0) this.cache.outdate(this.lines - 1);
    this.lines = extent.lines;
    this.bytes = extent.bytes;
    this.indexed = extent.indexed;
    this.cache.put(extent.first, extent.rows);
    return true;
  }

  applyRows(message: Rows): void {
    if (!this.waiting.delete(message.request)) return;
    if (message.generation === this.generation) this.cache.put(message.first, message.rows);
  }

  row(line: number): LogRow | undefined {
    return this.cache.get(line);
  }

  /** Asks for the rows between two lines that are not here. */
  want(first: number, end: number): void {
    const missing = this.cache.missing(Math.max(0, first), Math.min(end, this.lines));
    if (missing === null || this.waiting.size >= parallel) return;
    const from = Math.max(0, missing.first - ahead);
    const lacking = this.cache.missing(from, Math.min(this.lines, missing.first + missing.count + ahead)) ?? missing;
    const count = Math.min(lacking.count, 512);
    for (const known of this.waiting.values()) {
      if (known.first <= missing.first && known.first + known.count >= missing.first + missing.count) return;
    }
    const request = ++this.requests;
    this.waiting.set(request, { first: lacking.first, count });
    this.send({ type: "rows", request, source: this.source, attempt: this.attempt, first: lacking.first, count });
  }

  private forget(): void {
    this.cache.clear();
    this.waiting.clear();
    this.lines = 0;
    this.bytes = 0;
    this.indexed = false;
    this.generation = 0;
  }
}
