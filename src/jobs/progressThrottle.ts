/** Thins out an engine's counters: each one kept is a line in the job's events for good, and a job may run for weeks. */
import type { Progress } from "./job.js";

/** Milliseconds between two kept ones: a second at first, then a five-hundredth of the time that the job runs. */
const least = 1_000;
const share = 500;

export class ProgressThrottle {
  private last = { at: Number.NEGATIVE_INFINITY, text: "" };
  private held: Progress | undefined;

  /** @param since when the job began, milliseconds since the epoch */
  constructor(private readonly since: number) {}

  /** Whether `progress` is to be kept now; else it is held back. */
  admits(progress: Progress, now = Date.now()): boolean {
    const text = JSON.stringify(progress);
    if (text === this.last.text) {
      this.held = undefined;
      return false;
    }
    this.held = progress;
    const since = now - this.last.at;
    if (since >= 0 && since < Math.max(least, (now - this.since) / share)) return false;
    this.last = { at: now, text };
    this.held = undefined;
    return true;
  }

  /** The last one held back: it counts once nothing follows any more. */
  takeHeld(): Progress | undefined {
    const { held } = this;
    this.held = undefined;
    return held;
  }
}
