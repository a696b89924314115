/** Waits for something to change in a folder: by the system's notification where there is one, by the clock in any case. */
import { watch, type FSWatcher } from "node:fs";

export class ChangeSignal {
  private readonly watcher: FSWatcher | undefined;
  private changed = false;
  private wake: (() => void) | undefined;

  constructor(folder: string) {
    try {
      this.watcher = watch(folder, { persistent: false }, () => {
        this.changed = true;
        this.wake?.();
      });
      this.watcher.on("error", () => undefined);
    } catch {
      // No notification here (limit of watches, network disk): the clock alone decides.
      this.watcher = undefined;
    }
  }

  /** Resolves at the next change since the last call, after `milliseconds`, or when the signal aborts. Never rejects. */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (!this.changed && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          this.wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        signal?.addEventListener("abort", done);
        this.wake = done;
      });
    }
    this.changed = false;
  }

  close(): void {
    this.watcher?.close();
    this.wake?.();
  }
}
