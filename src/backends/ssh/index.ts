/** `ssh`: the bundle runs as a process of another machine that has Python and an ssh server. */
import { join } from "node:path";
import { createHash } from "node:crypto";
import { makePrivateFolder, readJson, writeJson } from "../../base/files.js";
import { JobPaths } from "../../jobs/jobPaths.js";
import type { Target } from "../../project/target.js";
import type { InterpreterInfo } from "../../snapshot/request.js";
import type { Backend, BackendContext } from "../backend.js";
import { cancelOnHost, isOnHost, plannedPlace, removeFromHost, submitToHost } from "../shared/ssh/hostJob.js";
import { hostPlace, hostSettings } from "../shared/ssh/hostPlace.js";
import { HostSessions } from "../shared/ssh/hostSessions.js";
import { watchHost } from "../shared/ssh/watchHost.js";
import { checkHost } from "./check.js";

export function sshBackend(context: BackendContext): Backend {
  const sessions = new HostSessions(context.runnerDir);
  const pathsOf = (id: string): JobPaths => new JobPaths(context.stateDir, id);
  return {
    id: "ssh",
    settings: hostSettings,
    check: (target, signal) => checkHost(target, sessions, signal),
    interpreter: (target, signal) => interpreterThere(target, sessions, context, signal),
    submit: (job, bundle, progress, signal) => submitToHost(job, bundle, hostPlace(job.target), sessions, context.runnerDir, progress, signal),
    find: async (job) => {
      const place = plannedPlace(pathsOf(job.id));
      return place !== undefined && (await isOnHost(job, place, sessions)) ? { ...place } : undefined;
    },
    watch: (job, ref, cursor, signal) => watchHost(job, ref, cursor, pathsOf(job.id), sessions, signal),
    cancel: (job, ref) => cancelOnHost(job, ref, sessions),
    remove: (job, ref) => removeFromHost(job, ref, sessions, (message) => { context.log(message); }),
  };
}

/**
 * What the host's Python says of itself, kept until it says otherwise, so that no launch waits for it; installed packages
 * (editable ones of the workspace, above all) are those of this machine.
 */
async function interpreterThere(target: Target, sessions: HostSessions, context: BackendContext, signal: AbortSignal): Promise<InterpreterInfo> {
  const place = hostPlace(target);
  const folder = join(context.stateDir, "caches", "hosts");
  const file = join(folder, `${createHash("sha256").update(JSON.stringify(place)).digest("hex")}.json`);
  const ask = async (): Promise<Omit<InterpreterInfo, "sitePaths">> => {
    const session = await sessions.get(place, signal);
    const { header } = await session.request({ do: "interpreter" }, undefined, signal);
    const { version, cacheTag, extensionSuffixes, stdlib } = header as Pick<InterpreterInfo, "version" | "cacheTag" | "extensionSuffixes" | "stdlib">;
    const facts = { executable: null, version, cacheTag, extensionSuffixes, stdlib };
    makePrivateFolder(folder);
    writeJson(file, facts);
    return facts;
  };
  const kept = readKept(file);
  const asked = ask();
  asked.catch(() => undefined);
  const { python: _there, ...settings } = target.settings;
  const here = await context.interpreter({ ...target, settings }).catch(() => undefined);
  return { ...(kept ?? (await asked)), sitePaths: here?.sitePaths ?? [] };
}

function readKept(file: string): Omit<InterpreterInfo, "sitePaths"> | undefined {
  try {
    return readJson(file);
  } catch {
    return undefined;
  }
}
