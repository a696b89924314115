/** Follows jobs: turns what their engines say into events and spool, while this process holds their lease. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend, BackendEvent } from "../backends/backend.js";
import { errorText } from "../base/errors.js";
import { isFinal } from "./job.js";
import { cancelJob } from "./jobActions.js";
import type { JobStore } from "./jobStore.js";
import { Lease } from "./lease.js";
import { ProgressThrottle } from "./progressThrottle.js";
import { SpoolWriter } from "./spoolWriter.js";

const retryLeaseEvery = 2_000;
/** A submission whose process vanished is given this long before it counts as never made. */
const adoptAfter = 15_000;
/** A cancellation that the engine has not confirmed is asked for again this often. */
const cancelAgainEvery = 30_000;
/** A lost job is looked at again for this long after its loss, each time for so many milliseconds at most. */
const lostFor = 7 * 24 * 60 * 60 * 1000;
const lookAtLost = 10_000;

export interface Backends {
  /** Loads the backend; rejects where there is none of that name. */
  get(id: string): Promise<Backend>;
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

  /** Follows every job that has not ended: at start-up and after a reload. */
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

  /** Asks the engines of lost jobs, one after the other, whether they know better by now; a job that is found is followed again. */
  async lookAgain(): Promise<void> {
    for (const { record, status } of this.store.list()) {
      if (this.stop.signal.aborted) return;
      if (status.state !== "lost" || status.ref === null || Math.abs(Date.now() - (status.endedAt ?? 0)) > lostFor) continue;
      const lease = this.acquire(record.id);
      if (lease === undefined) continue;
      try {
        const signal = AbortSignal.any([this.stop.signal, lease.signal, AbortSignal.timeout(lookAtLost)]);
        const found = await this.evidence(record.id, signal);
        if (found !== undefined) {
          this.store.append(record.id, found.type === "queued" ? { type: "submitted", ref: status.ref } : found);
          this.store.append(record.id, { type: "message", severity: "info", text: `The job was taken for lost; ${record.target.name} knows it again.` });
        }
      } catch (error) {
        this.log(`Lost job ${record.id}: ${errorText(error)}`);
      } finally {
        lease.release();
      }
      if (!isFinal(this.store.get(record.id)?.status.state ?? "lost")) void this.follow(record.id);
    }
  }

  /** What an engine says of a job that was taken for lost: how it ended, or that it goes on. Undefined where it knows nothing new. */
  private async evidence(id: string, signal: AbortSignal): Promise<Extract<BackendEvent, { type: "queued" | "running" | "ended" }> | undefined> {
    const job = this.store.get(id);
    if (job === undefined || job.status.ref === null) return undefined;
    let alive: Extract<BackendEvent, { type: "queued" | "running" }> | undefined;
    const backend = await this.backends.get(job.record.target.backend);
    for await (const event of backend.watch(job.record, job.status.ref, new SpoolWriter(this.store.paths(id)).cursor(job.status.attempt), signal)) {
      // An engine that first tells what it last saw may say in the next word that the job is lost all the same.
      if (event.type === "ended") return event.exit.outcome === "lost" ? undefined : event;
      if (event.type === "queued" || event.type === "running") alive = event;
      if (event.type === "unreachable") return undefined;
      // More than that comes from no lost job; following reads it again.
      if (alive !== undefined && (event.type === "log" || event.type === "progress")) return alive;
    }
    return alive;
  }

  /** The jobs go on; only the following ends. */
  dispose(): void {
    this.stop.abort();
  }

  private async run(id: string): Promise<void> {
    while (!this.stop.signal.aborted) {
      const job = this.store.get(id);
      if (job === undefined || isFinal(job.status.state)) return;
      const lease = this.acquire(id);
      if (lease === undefined) {
        await pause(retryLeaseEvery, this.stop.signal);
        continue;
      }
      const ended = new AbortController();
      const signal = AbortSignal.any([this.stop.signal, lease.signal, ended.signal]);
      void this.insistOnCancel(id, signal);
      try {
        await this.hold(id, signal);
      } finally {
        ended.abort();
        lease.release();
      }
    }
  }

  /** Undefined while another process follows, and while the lease can't be written (a full disk, too many files). */
  private acquire(id: string): Lease | undefined {
    try {
      return Lease.acquire(this.store.paths(id).lease);
    } catch (error) {
      this.log(`Job ${id}: ${errorText(error)}`);
      return undefined;
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
        this.log(`Job ${id}: ${errorText(error)}`);
        this.sayUnreachable(id, errorText(error));
      }
      await pause(delay + Math.random() * 250, signal);
      delay = Math.min(delay * 2, 60_000);
    }
  }

  /** Said once: a follower that retries for hours must not fill the disk with it. On a full disk it can't be said at all. */
  private sayUnreachable(id: string, message: string): void {
    try {
      if (this.store.get(id)?.status.unreachableSince === null) this.store.append(id, { type: "unreachable", message });
    } catch (error) {
      this.log(`Job ${id}: ${errorText(error)}`);
    }
  }

  /** An engine that could not be reached when the job was to be cancelled is asked again until the job has ended. */
  private async insistOnCancel(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      await pause(cancelAgainEvery, signal);
      const job = signal.aborted ? undefined : this.store.get(id);
      if (job === undefined) return;
      const { ref, state, cancelRequestedAt } = job.status;
      if (cancelRequestedAt === null || ref === null || isFinal(state)) continue;
      try {
        await (await this.backends.get(job.record.target.backend)).cancel(job.record, ref);
      } catch (error) {
        this.log(`Job ${id} could not be cancelled: ${errorText(error)}`);
      }
    }
  }

  /** After a crash between submit and record: asks the engine whether it knows the job. */
  private async adopt(id: string): Promise<boolean> {
    const job = this.store.get(id);
    if (job === undefined) return true;
    const ref = await (await this.backends.get(job.record.target.backend)).find(job.record, undefined);
    if (ref !== undefined) {
      const { cancelRequestedAt } = this.store.append(id, { type: "submitted", ref });
      // Asked for while the job had no reference: it was promised for now.
      if (cancelRequestedAt !== null) await cancelJob(this.store, this.backends, id);
      return true;
    }
    // A clock that was set back must not keep the job waiting.
    if (Math.abs(Date.now() - job.record.createdAt) < adoptAfter) return false;
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
    const backend = await this.backends.get(job.record.target.backend);
    let attempt = job.status.attempt;
    let unreachable = job.status.unreachableSince !== null;
    const throttle = new ProgressThrottle(job.status.startedAt ?? job.record.createdAt);
    for await (const event of backend.watch(job.record, ref, spool.cursor(attempt), signal)) {
      if (event.type === "log") {
        spool.write(event, attempt);
        if (!unreachable) continue;
        unreachable = false;
        this.store.append(id, { type: "reachable" });
        continue;
      }
      if (event.type === "attempt") attempt = event.attempt;
      if (event.type === "unreachable" && unreachable) continue;
      if (event.type === "reachable" && !unreachable) continue;
      if (event.type === "progress" && !throttle.admits(event.progress) && !unreachable) continue;
      unreachable = event.type === "unreachable";
      const progress = event.type === "ended" ? throttle.takeHeld() : undefined;
      if (progress !== undefined) this.store.append(id, { type: "progress", progress });
      this.store.append(id, event);
      if (event.type === "ended") this.store.append(id, { type: "collected" });
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
