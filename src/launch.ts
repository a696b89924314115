/** THE FLOW: from one request to one job, top to bottom. */
import { join } from "node:path";
import { ulid } from "ulid";
import { abortable } from "./base/abortable.js";
import { errorText, explain, SlingshotError } from "./base/errors.js";
import type { Registry } from "./backends/registry.js";
import type { ContentStore } from "./bundle/contentStore.js";
import { packBundle } from "./bundle/pack.js";
import type { ArgumentValue, JobRecord } from "./jobs/job.js";
import { cancelJob } from "./jobs/jobActions.js";
import { readGitState } from "./jobs/gitState.js";
import type { JobStore } from "./jobs/jobStore.js";
import { Lease } from "./jobs/lease.js";
import type { ApprovalRequest, Approvals } from "./project/approval.js";
import { findProgram } from "./base/findProgram.js";
import { resolveTarget } from "./project/references.js";
import type { Project, Target } from "./project/target.js";
import type { Manifest } from "./snapshot/manifest.js";
import { screenSecrets, type SecretScreen } from "./snapshot/secrets/screenSecrets.js";
import type { InterpreterInfo, Snapshot, SnapshotRequest } from "./snapshot/request.js";

/** One click, one command line, one task: what to run, with which arguments, where. */
export interface LaunchRequest {
  project: Project;
  /** As configured, references unresolved. */
  target: Target;
  /** The frozen editor and the entry; interpreter and bundle settings are filled in here. */
  snapshot: Omit<SnapshotRequest, "interpreter" | "bundle">;
  argv: string[];
  arguments: Record<string, ArgumentValue>;
  /** Environment of this launch, on top of the target's. */
  env: Record<string, string>;
}

export interface LaunchServices {
  jobs: JobStore;
  contents: ContentStore;
  backends: Registry;
  approvals: Approvals;
  interpreter(target: Target): Promise<InterpreterInfo & { executable: string }>;
  takeSnapshot(request: SnapshotRequest, signal: AbortSignal): Promise<Snapshot>;
  secret(name: string): Promise<string | undefined>;
  /** Looks for secrets in what would be sent, and asks about them. */
  secrets: SecretScreen;
  /** Asks the user; false where nobody can be asked or the answer is no. */
  approve(request: ApprovalRequest): Promise<boolean>;
  /** Shows what is odd before anything is sent; false cancels the launch. Absent: nobody is asked. */
  review?(manifest: Manifest, target: Target): Promise<boolean>;
  progress(text: string): void;
  /** Takes over what still goes on when the launch is done and may take a second or two. It never rejects. */
  aside?(work: Promise<void>): void;
}

/** Milliseconds after which the content of a snapshot that has not become a job is asked for again. */
const askedAgain = 60 * 60 * 1000;

/** Freezes have been made by the caller; from here on the editor may change. Returns the submitted job's record. */
export async function launch(request: LaunchRequest, services: LaunchServices, signal: AbortSignal): Promise<JobRecord> {
  const started = Date.now();
  const { target, manifest: taken } = await takeAndAdmit(request, services, signal);
  const manifest = await screenSecrets(taken, services.secrets, { target: target.name }, signal);
  if (services.review !== undefined && !(await services.review(manifest, target))) throw cancelled();
  stillStored(manifest, started, services);
  return submit(manifest, request, target, services, signal);
}

/** What the snapshot step is asked for. */
export function snapshotRequest(request: LaunchRequest, interpreter: InterpreterInfo | null): SnapshotRequest {
  return { ...request.snapshot, interpreter, bundle: request.project.bundle };
}

/** Runs a snapshot that was taken before: same bytes, same id. */
export async function relaunch(manifest: Manifest, request: LaunchRequest, services: LaunchServices, signal: AbortSignal): Promise<JobRecord> {
  const started = Date.now();
  requireContent(manifest, services);
  const target = await admit(request, services);
  const screened = await screenSecrets(manifest, services.secrets, { target: target.name, whole: true }, signal);
  stillStored(manifest, started, services);
  return submit(screened, request, target, services, signal);
}

/**
 * The snapshot and the target. A file that is saved while a question is open must not be read as it is then, so where something may be
 * asked the snapshot comes first. What the project file names (programs, hosts) is not touched before it was approved: the
 * snapshot is then taken without knowledge of the interpreter, and once more afterwards, which must find the same bytes.
 */
async function takeAndAdmit(request: LaunchRequest, services: LaunchServices, signal: AbortSignal): Promise<{ target: Target; manifest: Manifest }> {
  const pending = services.approvals.pending(request.project.workspace, request.target, services.backends.vocabularies) !== undefined;
  if (!pending && !asksForSecret(request.target.settings)) {
    const target = await admit(request, services);
    return { target, manifest: await take(request, await interpreterOf(target, services, signal), services, signal) };
  }
  const known = pending ? null : await interpreterBeforeSecrets(request, services, signal);
  const first = await take(request, known, services, signal);
  const target = await admit(request, services);
  const interpreter = await interpreterOf(target, services, signal);
  if (known !== null) return { target, manifest: first };
  const manifest = await take(request, interpreter, services, signal);
  const before = new Map(first.files.map((file) => [file.path, file.sha256]));
  const changed = manifest.files.find((file) => before.has(file.path) && before.get(file.path) !== file.sha256);
  if (changed === undefined) return { target, manifest };
  throw new SlingshotError("refused", "changed", `${changed.path} changed while you were asked.`, "Launch again: you are not asked again.", { file: join(manifest.workspace, changed.path) });
}

/** The interpreter, where no secret is needed to know it: on this machine, by a name without secrets. */
async function interpreterBeforeSecrets({ project, target }: LaunchRequest, services: LaunchServices, signal: AbortSignal): Promise<InterpreterInfo | null> {
  const { python } = target.settings;
  const backend = await services.backends.get(target.backend);
  if (backend.interpreter !== undefined || asksForSecret(python)) return null;
  const named = await resolveTarget({ ...target, settings: python === undefined ? {} : { python } }, { workspace: project.workspace, env: process.env, secret: () => Promise.resolve(undefined) });
  return abortable(services.interpreter(named), signal);
}

/** Whether a setting, or one of several, needs a secret. */
export function asksForSecret(setting: unknown): boolean {
  return JSON.stringify(setting ?? null).includes("${secret:");
}

async function interpreterOf(target: Target, services: LaunchServices, signal: AbortSignal): Promise<InterpreterInfo> {
  const backend = await services.backends.get(target.backend);
  return abortable(backend.interpreter?.(target, signal) ?? services.interpreter(target), signal);
}

async function take(request: LaunchRequest, interpreter: InterpreterInfo | null, services: LaunchServices, signal: AbortSignal): Promise<Manifest> {
  services.progress("Taking the snapshot");
  const { manifest } = await abortable(services.takeSnapshot(snapshotRequest(request, interpreter), signal), signal);
  return manifest;
}

/** Cleaning spares what a launch asked for within the day; the people whom a launch asks may take longer. */
function stillStored(manifest: Manifest, started: number, services: LaunchServices): void {
  if (Date.now() - started > askedAgain) requireContent(manifest, services);
}

/** Every question also keeps the content from being cleaned away until the job's record names it. */
function requireContent(manifest: Manifest, { contents }: LaunchServices): void {
  const [missing] = manifest.files.filter((file) => !contents.has(file.sha256));
  if (missing !== undefined) throw new SlingshotError("refused", "content-gone", `The content of ${missing.path} is no longer stored.`, "Run the present code instead.");
}

/** Approval of what the project file names, then references: the target with real values. */
async function admit(request: LaunchRequest, services: LaunchServices): Promise<Target> {
  const { project, target } = request;
  const pending = services.approvals.pending(project.workspace, target, services.backends.vocabularies);
  if (pending !== undefined) {
    if (!(await services.approve(pending))) {
      throw new SlingshotError(
        "usage", "not-approved",
        `The project file's target "${target.name}" names programs or hosts that you have not approved on this machine: ${pending.changed.join("; ")}.`,
        "Approve it in the editor, or with `slingshot targets --approve`.",
        { file: project.file },
      );
    }
    services.approvals.approve(project.workspace, pending);
  }
  return resolveTarget(target, { workspace: project.workspace, env: process.env, secret: (name) => services.secret(name) });
}

async function submit(
  manifest: Manifest, request: LaunchRequest, target: Target, services: LaunchServices, signal: AbortSignal,
): Promise<JobRecord> {
  const { jobs } = services;
  const backend = await services.backends.get(target.backend);
  refuseCancelled(signal);
  const started = performance.now();
  const bundle = packBundle(manifest, services.contents);
  manifest.timings.packMs = performance.now() - started;
  const env = { ...stringMap(target.settings["env"]), ...request.env };
  const record: JobRecord = {
    version: 1,
    id: ulid(),
    createdAt: Date.now(),
    workspace: manifest.workspace,
    entry: manifest.entry,
    title: titleOf(manifest),
    target: { name: target.name, backend: target.backend, settings: request.target.settings },
    argv: request.argv,
    arguments: request.arguments,
    envNames: Object.keys(env).sort(),
    snapshot: manifest.id,
    tree: bundle.tree,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, file) => sum + file.size, 0),
    merged: backend.merges?.(target) ?? false,
  };
  const paths = jobs.create(record, manifest);
  // While this process submits, no other takes the job for abandoned.
  const lease = Lease.acquire(paths.lease);
  const noted = noteSource(jobs, record);
  services.aside?.(noted);
  try {
    jobs.append(record.id, { type: "submitting" });
    services.progress(`Submitting to ${target.name}`);
    const submission = { record, target, paths, argv: request.argv, arguments: request.arguments, env };
    const ref = await backend.submit(submission, bundle, (text) => { services.progress(text); }, signal).catch((error: unknown) => {
      const outcome = signal.aborted ? "cancelled" : "failed";
      jobs.append(record.id, { type: "ended", exit: { outcome, code: null, signal: null, message: errorText(explain(error)) } });
      throw signal.aborted ? cancelled() : error;
    });
    // The engine has the job: from here on only the engine says how it ends.
    const status = jobs.append(record.id, { type: "submitted", ref });
    if (status.cancelRequestedAt !== null || signal.aborted) await cancelJob(jobs, services.backends, record.id);
    return record;
  } finally {
    lease?.release();
  }
}

/** Where the code came from is a remark: a job that is gone by then, or a full disk, must not disturb it. */
async function noteSource(jobs: JobStore, record: JobRecord): Promise<void> {
  try {
    const git = await readGitState(record.workspace, findProgram("git", record.workspace));
    if (git !== null && jobs.get(record.id) !== undefined) jobs.append(record.id, { type: "source", git });
  } catch {
    // The job goes on without the remark.
  }
}

function titleOf({ entry }: Manifest): string {
  if (entry.module !== null) return `-m ${entry.module}`;
  const name = entry.file?.split("/").pop() ?? "job";
  return entry.function === null ? name : `${name}::${entry.function}`;
}

function stringMap(value: unknown): Record<string, string> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)])) : {};
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

function cancelled(): SlingshotError {
  return new SlingshotError("cancelled", "cancelled", "The launch was cancelled.", "");
}
