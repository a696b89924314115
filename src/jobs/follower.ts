/** Follows jobs: turns what their engines say into events and spool, while this process holds their lease. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../backends/backend.js";
import { errorText } from "../base/errors.js";
import { isFinal } from "./job.js";
import type { JobStore } from "./jobStore.js";
import { Lease } from "./lease.js";
import { SpoolWriter } from "./spoolWriter.js";

const retryLeaseEvery = 2_000;
/** A submission whose process vanished is given this long before it counts as never made. */
const adoptAfter = 15_000;

export interface Backends {
  get(id: string): Backend;
}

export class Follower {
  private readonly active = new Map<string, Promise<void>>();
  private readonly stop = new AbortController();

  constructor(
    private readonly store: JobStore,
    private readonly backends: Backends,
    private readonly log: (message: string) => void,
  ) {}

  /** Follows a job to its end; resolves then, or when this follower is disposed. The same job is followed once. */
  follow(id: string): Promise<void> {
    const running = this.active.get(id);
    if (running !== undefined) return running;
    const following = this.run(id)
      .catch((error: unknown) => {
        this.log(`Failed to follow job ${id}: ${errorText(error)}`);
      })
      .finally(() => this.active.delete(id));
    this.active.set(id, following);
    return following;
  }

  /** Follows every job that has not ended: at start-up and after a reload. `except`: jobs that this process submits just now. */
  followAll(): void {
    for (const job of this.store.list()) if (!isFinal(job.status.state)) void this.follow(job.record.id);
  }

  /**
   * Looks once at every job that has not ended, for at most `milliseconds`: what happened while nobody followed is in the
   * records then.
   */
  async lookAtAll(milliseconds: number): Promise<void> {
    this.followAll();
    await Promise.race([Promise.allSettled(this.active.values()), sleep(milliseconds)]);
    this.dispose();
  }

  /** The jobs go on; only the following ends. */
  dispose(): void {
    this.stop.abort();
  }

  private async run(id: string): Promise<void> {
    while (!this.stop.signal.aborted) {
      const job = this.store.get(id);
      if (job === undefined || isFinal(job.status.state)) return;
      const lease = Lease.acquire(this.store.paths(id).lease);
      if (lease === undefined) {
        await pause(retryLeaseEvery, this.stop.signal);
        continue;
      }
      try {
        await this.hold(id, AbortSignal.any([this.stop.signal, lease.signal]));
      } finally {
        lease.release();
      }
    }
  }

  private async hold(id: string, signal: AbortSignal): Promise<void> {
    let delay = 1_000;
    while (!signal.aborted) {
      const job = this.store.get(id);
      if (job === undefined || isFinal(job.status.state)) return;
      try {
        if (job.status.ref === null && !(await this.adopt(id))) {
          await pause(retryLeaseEvery, signal);
          continue;
        }
        await this.watch(id, signal);
        if (isFinal(this.store.get(id)?.status.state ?? "lost")) return;
        delay = 1_000;
      } catch (error) {
        this.store.append(id, { type: "unreachable", message: errorText(error) });
        this.log(`Job ${id}: ${errorText(error)}`);
      }
      await pause(delay + Math.random() * 250, signal);
      delay = Math.min(delay * 2, 60_000);
    }
  }

  /** After a crash between submit and record: asks the engine whether it knows the job. */
  private async adopt(id: string): Promise<boolean> {
    const job = this.store.get(id);
    if (job === undefined) return true;
    const ref = await this.backends.get(job.record.target.backend).find(job.record, undefined);
    if (ref !== undefined) {
      this.store.append(id, { type: "submitted", ref });
      return true;
    }
    if (Date.now() - job.record.createdAt < adoptAfter) return false;
    this.store.append(id, {
      type: "ended",
      exit: { outcome: "failed", code: null, signal: null, message: "The job was never submitted: Slingshot was stopped before. Run it again." },
    });
    return true;
  }

  private async watch(id: string, signal: AbortSignal): Promise<void> {
    const job = this.store.get(id);
    const ref = job?.status.ref;
    if (job === undefined || ref === null || ref === undefined) return;
    const spool = new SpoolWriter(this.store.paths(id));
    const backend = this.backends.get(job.record.target.backend);
    let attempt = job.status.attempt;
    let unreachable = job.status.unreachableSince !== null;
    for await (const event of backend.watch(job.record, ref, spool.cursor(attempt), signal)) {
      if (event.type === "log") {
        spool.write(event, attempt);
        continue;
      }
      if (event.type === "attempt") attempt = event.attempt;
      // Said once: a follower that retries for hours must not fill the disk with it.
      if (event.type === "unreachable" && unreachable) continue;
      if (event.type === "reachable" && !unreachable) continue;
      unreachable = event.type === "unreachable";
      this.store.append(id, event);
      if (event.type === "ended") this.store.append(id, { type: "collected" });
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
