/** Jobs of a host through its agent: sent, watched, cancelled, fetched, removed. */
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { abortable } from "../../../base/abortable.js";
import { makePrivateFolder, readJson, writeJson } from "../../../base/files.js";
import { within } from "../../../base/within.js";
import { sizeText } from "../../../base/quantities.js";
import type { Bundle } from "../../../bundle/bundle.js";
import type { JobRecord } from "../../../jobs/job.js";
import type { JobPaths } from "../../../jobs/jobPaths.js";
import type { CancelOutcome, JobRef, Submission } from "../../backend.js";
import { errorText } from "../../../base/errors.js";
import { AgentFault, type AgentSession } from "./agentSession.js";
import type { Frame } from "./frames.js";
import { digestList, hostContent, sendContent, type HostContent } from "./hostContent.js";
import { placeOf, type HostPlace } from "./hostPlace.js";
import { HostUnreachable } from "./hostRefusal.js";
import type { HostSessions } from "./hostSessions.js";

/** Seconds between SIGTERM and SIGKILL. */
const grace = 10;
/** Bytes of outputs that are fetched at the end. */
const outputsLimit = 256 * 1024 * 1024;
const attempts = 5;
/** Of more files than this the list is sent only where the host has not got their tree. */
const listAtOnce = 2000;

/**
 * Sends what the host lacks and starts the job there. A broken connection is made again: what has arrived stays, and a
 * job that was started already is adopted. Where its answer was lost and the host stays away, the reference is returned
 * all the same: whether the job is there is seen when it is watched.
 */
export async function submitToHost(
  job: Submission, bundle: Bundle, place: HostPlace, sessions: HostSessions, runnerDir: string, progress: (text: string) => void, signal: AbortSignal,
): Promise<JobRef> {
  const { settings } = job.target;
  const placeFile = placePath(job.paths);
  makePrivateFolder(dirname(placeFile));
  writeJson(placeFile, place);
  const content = hostContent(bundle, runnerDir);
  const header = {
    do: "submit", id: job.record.id, tree: bundle.tree, manifest: content.manifest, runner: content.runner, always: content.always.length,
    files: content.files.length, env: job.env,
    spec: {
      argv: job.argv, arguments: job.arguments, grace, outputsLimit, preview: { rows: 1000, columns: 200, seconds: 30 },
      workdir: typeof settings["workdir"] === "string" ? settings["workdir"] : null,
    },
  };
  const ref: JobRef = { ...place };
  const attempt = { sent: false };
  for (let tries = 1; ; tries++) {
    try {
      const session = await sessions.get(place, signal);
      await submitOnce(session, header, content, attempt, progress, place.host, signal);
      return ref;
    } catch (error) {
      const again = error instanceof HostUnreachable ? !error.lasting : error instanceof AgentFault && (error.code === "damaged" || error.code === "offset");
      if (!signal.aborted && again && tries < attempts) {
        progress(`Connecting to ${place.host} again`);
        await sleep(250 * 2 ** (tries - 1), undefined, { signal }).catch(() => undefined);
        continue;
      }
      if (attempt.sent && (signal.aborted || error instanceof HostUnreachable)) return ref;
      throw error;
    }
  }
}

async function submitOnce(
  session: AgentSession, header: Record<string, unknown>, content: HostContent, attempt: { sent: boolean }, progress: (text: string) => void, name: string, signal: AbortSignal,
): Promise<void> {
  const all = [...content.always, ...content.files];
  let listed = content.files.length <= listAtOnce ? all : content.always;
  for (;;) {
    attempt.sent = true;
    const { header: answer } = await session.request(header, digestList(listed), signal);
    if (answer["started"] === true || answer["adopted"] === true) return;
    attempt.sent = false;
    if (answer["list"] === true) {
      listed = all;
      continue;
    }
    const missing = (answer["missing"] as [number, number][]).flatMap(([number, present]) => {
      const entry = listed[number];
      return entry === undefined ? [] : [{ ...entry, present: present < entry.size ? present : 0 }];
    });
    const total = missing.reduce((sum, entry) => sum + entry.size - entry.present, 0);
    let sent = 0;
    const tell = (): void => { progress(`Sending ${String(missing.length)} files to ${name}: ${sizeText(sent)} of ${sizeText(total)}`); };
    tell();
    await abortable(sendContent(session, missing, (bytes) => { sent += bytes; tell(); }, signal), signal);
  }
}

/** Where a job was to go, kept before it is sent; undefined where it never came to that. */
export function plannedPlace(paths: JobPaths): HostPlace | undefined {
  return readJson<HostPlace>(placePath(paths));
}

function placePath(paths: JobPaths): string {
  return join(dirname(paths.run("spec.json")), "host.json");
}

/** Whether the host has the job. Throws where that can't be told now. */
export async function isOnHost(job: JobRecord, place: HostPlace, sessions: HostSessions): Promise<boolean> {
  const { header } = await ask(place, sessions, { do: "find", id: job.id }, 30, true);
  return header["found"] === true;
}

/** Confirmed once the job's supervisor is gone. Never throws. */
export async function cancelOnHost(job: JobRecord, ref: JobRef, sessions: HostSessions): Promise<CancelOutcome> {
  try {
    const { header } = await ask(placeOf(ref), sessions, { do: "cancel", id: job.id, grace }, grace + 20);
    const message = header["message"];
    return { confirmed: header["confirmed"] === true, ...(typeof message === "string" ? { message } : {}) };
  } catch (error) {
    return { confirmed: false, message: errorText(error) };
  }
}

/** Removes the job's folder on the host. A host that is away keeps it until it cleans up by age. */
export async function removeFromHost(job: JobRecord, ref: JobRef, sessions: HostSessions, log: (message: string) => void): Promise<void> {
  const place = placeOf(ref);
  try {
    await ask(place, sessions, { do: "remove", id: job.id }, 15, true);
  } catch (error) {
    if (error instanceof AgentFault) throw error;
    log(`Job ${job.id} was not removed from ${place.host}, which removes it by itself when it is old: ${errorText(error)}`);
  }
}

/** One question, answered within so many seconds or `HostUnreachable`. */
async function ask(place: HostPlace, sessions: HostSessions, header: Record<string, unknown>, seconds: number, patient = false): Promise<Frame> {
  const work = sessions.get(place, new AbortController().signal, patient).then((session) => session.request(header));
  const answer = await within(work, seconds * 1000);
  if (answer !== undefined) return answer;
  throw new HostUnreachable("no-answer", `${place.host} did not answer within ${String(seconds)} s.`, "Check the network or VPN, and whether the host is up.", false);
}
