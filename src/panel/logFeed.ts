/**
 * Streams one log to the panel: its size as it grows, and its last rows while the panel follows. The next message waits
 * until the last one is acknowledged, so a slow panel makes fewer messages, never a longer queue.
 */
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import type { ChangeSignal } from "../base/changeSignal.js";
import type { LogReader } from "./logReader.js";
import type { HostMessage, Source } from "./messages.js";

type Extent = Extract<HostMessage, { type: "extent" }>;

export interface FeedOptions {
  source: Source;
  attempt: number;
  reader: LogReader;
  changes: Pick<ChangeSignal, "wait">;
  /** Whether more may come: the job has not ended. */
  live(): boolean;
  post(message: HostMessage): void;
  failed(error: unknown): void;
  /** Called when lines were added. */
  grown(): void;
}

/** Milliseconds between two messages at least, and between two looks where the file system tells nothing. */
const pace = 30;
const lookEvery = 1000;

export class LogFeed {
  private readonly stop = new AbortController();
  private running = false;
  private again = false;
  private tail = 0;
  private unseen = false;
  private dirty = true;
  private caughtUp = false;
  private telling = false;
  /** The last message, without its rows. */
  private told: Extent | null = null;

  constructor(private readonly options: FeedOptions) {}

  /** Reads on; call it when the job has changed. */
  poke(): void {
    this.again = true;
    if (!this.running && !this.stop.signal.aborted) void this.run();
  }

  /** Sends the last `tail` rows along from now on, and at once. */
  follow(tail: number): void {
    const more = tail > this.tail;
    this.tail = tail;
    if (more) this.dirty = true;
    this.unseen = false;
    if (more) void this.tell();
  }

  /** The panel has taken in the last message. */
  seen(): void {
    this.unseen = false;
    void this.tell();
  }

  dispose(): void {
    this.stop.abort();
  }

  /** Whether there is something to tell, and the panel has taken in the last message. */
  private due(): boolean {
    return this.dirty && !this.unseen && !this.stopped();
  }

  private poked(): boolean {
    return this.again;
  }

  private stopped(): boolean {
    return this.stop.signal.aborted;
  }

  private async run(): Promise<void> {
    const { options } = this;
    const { reader, changes } = options;
    const { signal } = this.stop;
    this.running = true;
    try {
      while (!this.stopped()) {
        this.again = false;
        const mayGrow = options.live();
        const before = reader.bytes;
        const { generation } = reader;
        this.caughtUp = !(await reader.advance());
        if (reader.bytes !== before || reader.generation !== generation || this.caughtUp) this.changed(reader.bytes !== before);
        if (!this.caughtUp) await turn();
        else if (mayGrow) await changes.wait(lookEvery, signal);
        else if (!this.poked()) break;
      }
    } catch (error) {
      if (!this.stopped()) this.options.failed(error);
    } finally {
      this.running = false;
    }
  }

  private changed(grown: boolean): void {
    if (grown) this.options.grown();
    const { bytes, generation } = this.options.reader;
    const { told } = this;
    if (told?.bytes === bytes && told.generation === generation && told.indexed === this.caughtUp) return;
    this.dirty = true;
    void this.tell();
  }

  private async tell(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    const { signal } = this.stop;
    try {
      while (this.due()) {
        this.unseen = true;
        this.dirty = false;
        const extent = await this.extent();
        if (this.stopped()) return;
        this.options.post(extent);
        await delay(pace, undefined, { signal, ref: false });
      }
    } catch (error) {
      if (!this.stopped()) this.options.failed(error);
    } finally {
      this.telling = false;
    }
  }

  private async extent(): Promise<Extent> {
    const { reader, source, attempt } = this.options;
    const { lineCount: lines, bytes, generation } = reader;
    const first = Math.max(0, lines - this.tail);
    this.told = { type: "extent", source, attempt, generation, lines, bytes, indexed: this.caughtUp, first, rows: [] };
    return { ...this.told, rows: this.tail === 0 ? [] : await reader.rows(first, lines - first) };
  }
}
