/** A driver's own web server: its address for people, and progress from its counters. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { BackendEvent } from "../backend.js";
import { askJson } from "./http.js";
import { progressOf, type JobData } from "./status.js";

const pollEvery = 1000;

interface Application {
  id: string;
}

interface Environment {
  sparkProperties: [string, string][];
}

/**
 * Dashboard and progress of the application that carries the job's id, until the signal. `bases` are the addresses where
 * it may be: Spark takes the next port when one is in use, so an answer counts only with the job's id in it. The first
 * question makes the driver load its REST interface, seconds of work for a young JVM: it comes `settle` milliseconds after
 * the web server, so that it does not compete with the program's first action.
 */
export async function* watchDriverUi(bases: readonly string[], job: string, settle: number, signal: AbortSignal): AsyncIterable<BackendEvent> {
  if (settle > 0) {
    while (!signal.aborted && !(await anyListens(bases))) await sleep(pollEvery, undefined, { signal }).catch(() => undefined);
    await sleep(settle, undefined, { signal }).catch(() => undefined);
  }
  let found: { base: string; id: string } | undefined;
  let shown = "";
  while (!signal.aborted) {
    try {
      if (found === undefined) {
        found = await findApplication(bases, job, signal);
        if (found !== undefined) yield { type: "dashboard", url: found.base };
      }
      if (found !== undefined) {
        const jobs = await askJson<JobData[]>(`${found.base}/api/v1/applications/${found.id}/jobs?status=running`, { signal });
        const progress = progressOf(jobs ?? []);
        if (progress !== undefined && JSON.stringify(progress) !== shown) {
          shown = JSON.stringify(progress);
          yield { type: "progress", progress };
        }
      }
    } catch {
      // The driver has no web server yet, or none any more: the job's own state comes from elsewhere.
    }
    await sleep(pollEvery, undefined, { signal }).catch(() => undefined);
  }
}

export async function findApplication(bases: readonly string[], job: string, signal?: AbortSignal): Promise<{ base: string; id: string } | undefined> {
  const options = { timeout: 3000, ...(signal === undefined ? {} : { signal }) };
  for (const base of bases) {
    const applications = await askJson<Application[]>(`${base}/api/v1/applications`, options).catch(() => undefined);
    for (const { id } of applications ?? []) {
      const environment = await askJson<Environment>(`${base}/api/v1/applications/${id}/environment`, options).catch(() => undefined);
      if (environment?.sparkProperties.some(([key, value]) => key === "spark.slingshot.job" && value === job) === true) return { base, id };
    }
  }
  return undefined;
}

async function anyListens(bases: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(bases.map((base) => listens(new URL(base))));
  return answers.includes(true);
}

function listens({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 3000 });
    const finish = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", finish(true));
    socket.once("error", finish(false));
    socket.once("timeout", finish(false));
  });
}
