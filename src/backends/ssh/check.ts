/** Whether a host can run jobs: connected, Python, disk, clock. */
import { errorText, SlingshotError } from "../../base/errors.js";
import { sizeText } from "../../base/quantities.js";
import { within } from "../../base/within.js";
import type { Target } from "../../project/target.js";
import type { Availability } from "../backend.js";
import { hostPlace } from "../shared/ssh/hostPlace.js";
import type { HostSessions } from "../shared/ssh/hostSessions.js";

/** Milliseconds. */
const limit = 9_000;
/** Bytes below which a disk counts as full. */
const little = 50_000_000;
/** Seconds by which a clock may differ unmentioned. */
const skew = 60;

export async function checkHost(target: Target, sessions: HostSessions, signal: AbortSignal): Promise<Availability> {
  try {
    const place = hostPlace(target);
    const answer = await within(probe(target, sessions, signal), limit);
    return answer ?? { ready: false, problems: [`${place.host} did not answer within ${String(limit / 1000)} s. Check the network or VPN, and whether the host is up.`], details: [] };
  } catch (error) {
    return { ready: false, problems: [errorText(error)], details: [] };
  }
}

async function probe(target: Target, sessions: HostSessions, signal: AbortSignal): Promise<Availability> {
  const session = await sessions.get(hostPlace(target), signal);
  const { header } = await session.request({ do: "ping" }, undefined, signal);
  const { python, executable, root, free, node } = session.info;
  const details = [`Python ${python} at ${executable} on ${node}`, `Content and jobs in ${root}, ${sizeText(free)} free`];
  const ahead = Math.round(Number(header["time"]) - Date.now() / 1000);
  if (Math.abs(ahead) > skew) details.push(`The clock of ${node} is ${String(Math.abs(ahead))} s ${ahead > 0 ? "ahead" : "behind"}: times in its files differ by that`);
  details.push(...remarks(target.settings));
  if (free < little) {
    const full = new SlingshotError("unavailable", "disk-full", `The disk of ${root} on ${node} has only ${sizeText(free)} left.`, "Free some space there, or set `stateDir` of the target to a folder on another disk.");
    return { ready: false, problems: [errorText(full)], details };
  }
  return { ready: true, details };
}

/** Settings that a plain host can't honour. */
function remarks(settings: Record<string, unknown>): string[] {
  const idle = ["cpus", "gpus", "memory", "time", "nodes"].filter((key) => settings[key] !== undefined);
  const requirements = settings["requirements"];
  const packages = typeof requirements === "string" ? [requirements] : Array.isArray(requirements) ? requirements.map(String) : [];
  return [
    ...idle.map((key) => `\`${key}\` has no effect: nobody shares out a plain host`),
    ...(packages.length === 0 ? [] : [`Packages are not installed by Slingshot there; on the host run: python3 -m pip install ${packages.join(" ")}`]),
  ];
}
