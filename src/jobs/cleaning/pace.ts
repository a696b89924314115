/** Cleaning gives way: a short rest after some work on the disk, and an end when it is told to stop. */
import { setTimeout as sleep } from "node:timers/promises";

const stepsBetween = 32;
/** Milliseconds. */
const rest = 3;

export class Pace {
  private steps = 0;

  constructor(
    private readonly signal: AbortSignal,
    private readonly hurried: boolean,
  ) {}

  /** One call for each file that is looked at. Throws once the signal aborts. */
  async step(): Promise<void> {
    this.signal.throwIfAborted();
    if (++this.steps % stepsBetween === 0) await sleep(this.hurried ? 0 : rest);
  }
}
