/** `slingshot jobs | logs | cancel | targets`. */
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import type { Availability } from "../backends/backend.js";
import { errorText, exitCodes } from "../base/errors.js";
import { Follower } from "../jobs/follower.js";
import { isFinal } from "../jobs/job.js";
import { cancelJob, unknownJob } from "../jobs/jobActions.js";
import type { JobSummary } from "../jobs/jobStore.js";
import { chooseTarget, readProject } from "../project/projectFile.js";
import { resolveTarget } from "../project/references.js";
import type { Target } from "../project/target.js";
import { readUserTargets } from "../project/userTargets.js";
import { JobPrinter } from "./jobPrinter.js";
import { findWorkspace, folder, usage } from "./options.js";
import { print, say } from "./output.js";
import { report } from "./runCommand.js";
import { cliServices, type CliServices } from "./services.js";

export async function jobsCommand(words: string[]): Promise<number> {
  const { values } = read(words, { json: { type: "boolean" } }, 0);
  const services = here();
  await new Follower(services.jobs, services.backends, () => undefined).lookAtAll(300);
  const jobs = services.jobs.list();
  if (values["json"] === true) {
    print(JSON.stringify(jobs.map(({ record, status }) => ({ ...record, ...status })), null, 1));
  } else {
    for (const job of jobs) print(row(job));
    if (jobs.length === 0) say(false, "no jobs yet");
  }
  for (const [id, problem] of services.jobs.problems) say(false, `job folder ${id} can't be read: ${problem}`);
  return 0;
}

export async function logsCommand(words: string[]): Promise<number> {
  const { values, positionals } = read(words, { follow: { type: "boolean", short: "f" }, json: { type: "boolean" } }, 1);
  const services = here();
  const job = known(services, positionals[0]);
  const stop = new AbortController();
  const follow = values["follow"] === true;
  if (!follow) stop.abort();
  const follower = new Follower(services.jobs, services.backends, () => undefined);
  const following = isFinal(job.status.state) ? undefined : follower.follow(job.record.id);
  if (!follow) await Promise.race([following, new Promise((resolve) => setTimeout(resolve, 300).unref())]);
  process.once("SIGINT", () => { stop.abort(); });
  const status = await new JobPrinter(services.jobs, job.record.id, values["json"] === true).follow(stop.signal);
  follower.dispose();
  return follow && status !== undefined && isFinal(status.state) ? report(status, job.record.id, true) : 0;
}

export async function cancelCommand(words: string[]): Promise<number> {
  const { positionals } = read(words, {}, 1);
  const services = here();
  const job = known(services, positionals[0]);
  const follower = new Follower(services.jobs, services.backends, () => undefined);
  const following = follower.follow(job.record.id);
  const outcome = await cancelJob(services.jobs, services.backends, job.record.id);
  if (!outcome.confirmed) {
    follower.dispose();
    say(false, outcome.message ?? "The engine has not confirmed the cancellation yet.");
    return 1;
  }
  // The end is in the record before we go: another command sees it at once.
  await Promise.race([following, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
  follower.dispose();
  return 0;
}

export async function targetsCommand(words: string[]): Promise<number> {
  const { values, positionals } = read(words, { check: { type: "boolean" }, approve: { type: "boolean" }, json: { type: "boolean" }, workspace: { type: "string" } }, 0, 1);
  // As `run` spells it: an approval counts for that very path.
  const workspace = typeof values["workspace"] === "string" ? folder(resolve(values["workspace"])) : findWorkspace(process.cwd());
  const services = cliServices({ quiet: false, workspace });
  const project = readProject(workspace, services.backends.vocabularies, readUserTargets());
  const targets = positionals[0] === undefined ? project.targets : [chooseTarget(project, positionals[0])];
  let code = 0;
  const rows: Record<string, unknown>[] = [];
  for (const target of targets) {
    const pending = services.approvals.pending(workspace, target, services.backends.vocabularies);
    if (pending !== undefined && values["approve"] === true) {
      services.approvals.approve(workspace, pending);
      say(false, `approved for ${target.name}: ${pending.lines.join("; ")}`);
    }
    const row: Record<string, unknown> = { name: target.name, backend: target.backend, source: target.source, default: target.name === project.defaultTarget };
    if (values["check"] === true) {
      if (pending !== undefined && values["approve"] !== true) {
        row["ready"] = false;
        row["problems"] = ["Its programs and hosts are not approved on this machine: `slingshot targets --approve`."];
      } else {
        Object.assign(row, await check(services, workspace, target));
      }
      if (row["ready"] !== true) code = exitCodes.unavailable;
    }
    rows.push(row);
  }
  if (values["json"] === true) print(JSON.stringify(rows, null, 1));
  else for (const row of rows) print(targetText(row));
  return code;
}

/** A target that lacks a variable or a secret is not ready; the others are still checked. */
async function check(services: CliServices, workspace: string, target: Target): Promise<Availability> {
  try {
    const resolved = await resolveTarget(target, { workspace, env: process.env, secret: (name) => services.secret(name) });
    return await (await services.backends.get(target.backend)).check(resolved, AbortSignal.timeout(10_000));
  } catch (error) {
    return { ready: false, problems: [errorText(error)], details: [] };
  }
}

function targetText(row: Record<string, unknown>): string {
  const lines = [`${row["default"] === true ? "*" : " "} ${String(row["name"]).padEnd(16)} ${String(row["backend"]).padEnd(8)} ${String(row["source"])}`];
  if (row["ready"] !== undefined) lines.push(row["ready"] === true ? "    ready" : "    not ready");
  for (const key of ["problems", "details"]) for (const text of Array.isArray(row[key]) ? row[key] : []) lines.push(`    ${String(text)}`);
  return lines.join("\n");
}

function row({ record, status }: JobSummary): string {
  const from = status.startedAt ?? status.submittedAt ?? record.createdAt;
  const seconds = Math.max(0, ((status.endedAt ?? Date.now()) - from) / 1000);
  const when = new Date(record.createdAt).toLocaleString();
  return `${record.id}  ${status.state.padEnd(10)} ${record.target.name.padEnd(12)} ${seconds.toFixed(1).padStart(8)} s  ${when}  ${record.title}`;
}

function here(): CliServices {
  return cliServices({ quiet: false, workspace: findWorkspace(process.cwd()) });
}

function known(services: CliServices, id: string | undefined): JobSummary {
  const job = services.jobs.find(id ?? "");
  if (job === undefined) throw unknownJob(id ?? "");
  return job;
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

function read(words: string[], options: Options, least: number, most = least): { values: Record<string, unknown>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true, strict: true });
    if (positionals.length < least) throw usage("Name the job; `slingshot jobs` lists them.");
    if (positionals.length > most) throw usage(`Too many words: ${positionals.join(" ")}.`);
    return { values, positionals };
  } catch (error) {
    throw error instanceof TypeError ? usage(error.message) : error;
  }
}
