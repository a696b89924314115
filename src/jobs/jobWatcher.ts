/** Tells of changes in the jobs folder, by whichever process: notifications for new jobs, a slow look at those that still run. */
import { watch, type FSWatcher } from "node:fs";

export interface Disposable {
  dispose(): void;
}

const lookEvery = 500;
/** Where the system tells nothing of new jobs, every so many looks go through all. */
const listEvery = 4;

export class JobWatcher {
  private readonly listeners = new Set<(ids: string[]) => void>();
  private readonly pending = new Set<string>();
  private readonly sizes = new Map<string, number>();
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private scheduled = false;
  private looks = 0;

  /**
   * `unfinished` lists the jobs worth a look; `eventBytes` tells how much of one's events is known, -1 for a job that is
   * gone; nothing more comes of a `settled` job.
   */
  constructor(
    private readonly folder: string,
    private readonly unfinished: () => string[],
    private readonly eventBytes: (id: string) => number,
    private readonly settled: (id: string) => boolean,
  ) {}

  listen(listener: (ids: string[]) => void): Disposable {
    this.listeners.add(listener);
    this.start();
    return {
      dispose: () => {
        this.listeners.delete(listener);
        if (this.listeners.size === 0) this.stop();
      },
    };
  }

  /** Coalesced: listeners hear once per turn. */
  changed(ids: readonly string[]): void {
    for (const id of ids) this.pending.add(id);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const told = [...this.pending];
      this.pending.clear();
      for (const listener of [...this.listeners]) listener(told);
    });
  }

  private start(): void {
    if (this.timer !== undefined) return;
    this.timer = setInterval(() => {
      this.look();
    }, lookEvery);
    this.timer.unref();
    try {
      this.watcher = watch(this.folder, { persistent: false }, (_event, name) => {
        if (name !== null && !name.startsWith(".")) {
          this.sizes.set(name, this.eventBytes(name));
          this.changed([name]);
        }
      });
      this.watcher.on("error", () => {
        this.watcher?.close();
        this.watcher = undefined;
      });
    } catch {
      this.watcher = undefined;
    }
  }

  private look(): void {
    // The first look goes through all as well: listening, which an activation does, must not read the whole history.
    const all = this.looks === 0 || (this.watcher === undefined && this.looks % listEvery === 0);
    this.looks++;
    if (all) for (const id of this.unfinished()) if (!this.sizes.has(id)) this.sizes.set(id, -1);
    const ids: string[] = [];
    for (const [id, known] of this.sizes) {
      const now = this.eventBytes(id);
      if (now !== known) ids.push(id);
      if (now === -1 || (now === known && this.settled(id))) this.sizes.delete(id);
      else this.sizes.set(id, now);
    }
    if (ids.length > 0) this.changed(ids);
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.watcher?.close();
    this.watcher = undefined;
    this.sizes.clear();
    this.looks = 0;
  }
}
