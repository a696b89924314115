/** Follows a job of a host: states and log until its end; a lost connection is made again for as long as it takes. */
import { setTimeout as sleep } from "node:timers/promises";
import type { JobRecord } from "../../../jobs/job.js";
import type { JobPaths } from "../../../jobs/jobPaths.js";
import type { BackendEvent, Cursor, ExitStatus, JobRef, LogStream } from "../../backend.js";
import { errorText } from "../../../base/errors.js";
import type { SupervisorExit } from "../runnerSpec.js";
import type { Frame } from "./frames.js";
import { fetchRecord } from "./fetchRecord.js";
import { placeOf } from "./hostPlace.js";
import { HostUnreachable } from "./hostRefusal.js";
import type { HostSessions } from "./hostSessions.js";

/** Seconds that the agent waits for something to tell. */
const patience = 20;
/** Bytes of log in one answer: smaller while connections break before one is through. */
const most = 1 << 20;
const least = 1 << 12;

const streams: readonly LogStream[] = ["stdout", "stdout", "stderr", "merged"];

export async function* watchHost(job: JobRecord, ref: JobRef, cursor: Cursor, paths: JobPaths, sessions: HostSessions, signal: AbortSignal): AsyncIterable<BackendEvent> {
  const place = placeOf(ref);
  const view = { offset: cursor["log"] ?? 0, known: "", wanted: most, told: "" };
  const stopped = (): boolean => signal.aborted;
  let broken = 0;
  while (!stopped()) {
    try {
      const session = await sessions.get(place, signal, true);
      const frame = await session.request({ do: "watch", id: job.id, log: view.offset, known: view.known, wait: patience, most: view.wanted }, undefined, signal);
      if (broken > 1) yield { type: "reachable" };
      broken = 0;
      if (frame.body.length > 0) session.fruitful = true;
      yield* logOf(frame, view);
      const exit = exitOf(frame.header, place.host, view.offset);
      if (exit !== undefined && frame.header["whole"] === true) {
        if (frame.header["state"] === "ended") await fetchRecord(session, job.id, paths, signal);
        yield { type: "ended", exit };
        return;
      }
      const state = String(frame.header["state"]);
      view.known = state;
      if ((state === "running" || state === "elsewhere") && view.told !== "running") yield { type: "running" };
      if (state === "running" || state === "elsewhere") view.told = "running";
    } catch (error) {
      if (stopped()) return;
      if (!(error instanceof HostUnreachable)) throw error;
      view.wanted = Math.max(least, view.wanted / 8);
      // The first loss is mended at once, most of the time, and nobody need hear of it.
      if (++broken === 2) yield { type: "unreachable", message: errorText(error) };
      await sleep(sessions.pause(place), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

function* logOf({ header, body }: Frame, view: { offset: number; wanted: number }): Generator<BackendEvent> {
  let at = 0;
  for (const [stream, length] of header["pieces"] as [number, number][]) {
    yield { type: "log", stream: streams[stream] ?? "merged", offset: view.offset, bytes: body.subarray(at, at + length) };
    at += length;
    view.offset += length;
  }
  if (at >= view.wanted) view.wanted = Math.min(most, view.wanted * 2);
}

/** Pure: how a job ended that has, from the agent's words; undefined while it has not. */
export function exitOf(header: Record<string, unknown>, host: string, logBytes: number): ExitStatus | undefined {
  const lost = (message: string): ExitStatus => ({ outcome: "lost", code: null, signal: null, message });
  switch (header["state"]) {
    case "ended": {
      const { outcome, code, signal, message, logBytes: whole } = header["exit"] as SupervisorExit;
      const cut = whole > logBytes ? `${String(whole - logBytes)} bytes at the end of its log are missing: somebody cut or removed it on ${host}.` : null;
      const words = [message, cut].filter((text) => text !== null).join(" ");
      return { outcome, code, signal, ...(words === "" ? {} : { message: words }) };
    }
    case "dead": {
      if (header["cancelled"] === true) return { outcome: "cancelled", code: null, signal: null };
      if (header["rebooted"] === true) return lost(`${host} was restarted while the job ran. Run the job again.`);
      const words = typeof header["words"] === "string" ? header["words"] : "";
      return lost(words === "" ? `The job's supervisor on ${host} ended without a report: it was killed. Where a host ends what a login leaves behind, \`loginctl enable-linger\` there keeps jobs. Run the job again.` : `The job's supervisor on ${host} ended without a report: ${words}`);
    }
    case "gone":
      return lost(`The job is not on ${host}: it never arrived there, or somebody removed its folder. Run the job again.`);
    default:
      return undefined;
  }
}
