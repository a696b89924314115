/** One agent session for each host, shared by all its jobs; made again when it is needed, with growing pauses while it can't be. */
import { SlingshotError } from "../../../base/errors.js";
import { abortable } from "../../../base/abortable.js";
import { AgentSession } from "./agentSession.js";
import type { HostPlace } from "./hostPlace.js";
import { HostUnreachable } from "./hostRefusal.js";

/** Milliseconds. */
const idleLimit = 600_000;
const firstPause = 1_000;
const longestPause = 60_000;
/** Between attempts that a host refused for good: many of them may lock an account. */
const lastingPause = 300_000;
/** For this long nobody asks again after one, not even a person. */
const refusalHolds = 5_000;

interface Host {
  session: AgentSession | undefined;
  opening: Promise<AgentSession> | undefined;
  failures: number;
  /** Time of performance.now() before which only a person's own wish connects again. */
  notBefore: number;
  /** Until then nobody connects, after a refusal that only a person can mend. */
  refusedUntil: number;
  lastError: SlingshotError | undefined;
}

export class HostSessions {
  private readonly hosts = new Map<string, Host>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly runnerDir: string) {}

  /**
   * The session with a host, connected now where there is none. `patient` callers, who try again and again, get the last
   * error at once until the pause after it is over.
   */
  async get(place: HostPlace, signal: AbortSignal, patient = false): Promise<AgentSession> {
    const host = this.host(place);
    if (host.session?.failure === undefined && host.session !== undefined) return host.session;
    if (host.session !== undefined) this.noteLoss(host, host.session);
    if (host.opening === undefined && host.lastError !== undefined) {
      const now = performance.now();
      // One launch asks more than once; a refusal for good is heard once for all of it.
      if ((patient && now < host.notBefore) || now < host.refusedUntil) throw host.lastError;
    }
    host.opening ??= this.open(place, host);
    return abortable(host.opening, signal);
  }

  /** Milliseconds until a patient caller may try again, a little different each time so that not all come at once. */
  pause(place: HostPlace): number {
    return Math.max(250, this.host(place).notBefore - performance.now()) * (1 + Math.random() / 4);
  }

  /** A connection that broke at once and brought nothing counts as one that was not made. */
  private noteLoss(host: Host, session: AgentSession): void {
    host.session = undefined;
    host.lastError = session.failure;
    const fruitful = session.fruitful || performance.now() - session.openedAt > longestPause;
    host.failures = fruitful ? 0 : host.failures + 1;
    host.notBefore = performance.now() + (fruitful ? 0 : pauseAfter(host.failures));
  }

  private host(place: HostPlace): Host {
    const key = JSON.stringify(Object.entries(place).sort());
    let host = this.hosts.get(key);
    if (host === undefined) this.hosts.set(key, (host = { session: undefined, opening: undefined, failures: 0, notBefore: 0, refusedUntil: 0, lastError: undefined }));
    return host;
  }

  private async open(place: HostPlace, host: Host): Promise<AgentSession> {
    try {
      const session = await AgentSession.open(place, this.runnerDir);
      host.session = session;
      this.timer ??= setInterval(() => { this.closeIdle(); }, 60_000).unref();
      return session;
    } catch (error) {
      const lasting = error instanceof HostUnreachable && error.lasting;
      host.failures++;
      host.lastError = error instanceof SlingshotError ? error : undefined;
      host.notBefore = performance.now() + (lasting ? lastingPause : pauseAfter(host.failures));
      if (lasting) host.refusedUntil = performance.now() + refusalHolds;
      throw error;
    } finally {
      host.opening = undefined;
    }
  }

  private closeIdle(): void {
    for (const host of this.hosts.values()) {
      const { session } = host;
      if (session === undefined || session.busy || performance.now() - session.lastUsedAt < idleLimit) continue;
      host.session = undefined;
      session.close();
    }
  }
}

function pauseAfter(failures: number): number {
  return Math.min(firstPause * 2 ** (failures - 1), longestPause);
}
