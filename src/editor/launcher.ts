/** From a click to jobs: freezes the editor at once, then takes each entry through the flow. */
import * as vscode from "vscode";
import { errorText, SlingshotError } from "../base/errors.js";
import type { Follower } from "../jobs/follower.js";
import type { JobRecord } from "../jobs/job.js";
import type * as Flow from "../launch.js";
import type { LaunchRequest, LaunchServices } from "../launch.js";
import { isCancellation } from "../platform/messages.js";
import { withProgress } from "../platform/progress.js";
import { requireTrust } from "../platform/trust.js";
import { chooseTarget } from "../project/projectFile.js";
import type { Project, Target } from "../project/target.js";
import type { Manifest } from "../snapshot/manifest.js";
import type { Overlay } from "../snapshot/request.js";
import { entryOf } from "./entryOf.js";
import { encodeFrozen, overlayPath, type FrozenText } from "./freeze.js";
import type { Folders } from "./folders.js";
import type { Interpreter } from "./interpreters.js";
import type { Entry, EntryArguments, LaunchMemory } from "./launchMemory.js";
import { editorCodec, freezeEditor } from "./openDocuments.js";
import type { Projects } from "./projects.js";
import type { TargetChoice } from "./targetChoice.js";

/** Services of the flow that are the same for every launch. */
export type SharedServices = Omit<LaunchServices, "interpreter" | "progress">;

export interface LauncherParts {
  services: SharedServices;
  interpreter(target: Target, folder: string): Promise<Interpreter>;
  folders: Folders;
  projects: Projects;
  targets: TargetChoice;
  memory: LaunchMemory;
  follower: Follower;
  show(record: JobRecord): void;
  /** Values for variables that were given to a job; throws where the user gives up. */
  environment(names: readonly string[]): Promise<Record<string, string>>;
}

export interface LaunchOptions {
  /** Absent: those last given to the entry. */
  given?: EntryArguments;
  /** Name; absent: the chosen target. */
  target?: string;
  /** Names of the variables that the job had which is run again: those that the target does not set are asked for. */
  envNames?: readonly string[];
  /** The screen as it stood at the click, where something was awaited since; absent: as it stands now. */
  frozen?: FrozenText[];
  /** Id of the snapshot whose notes the user has seen: it is not asked about again. */
  reviewed?: string;
}

/** Two clicks on the same entry within this many milliseconds are one. */
const doubleClick = 400;
const askAbove = 5;

export class Launcher {
  private readonly started = new Map<string, number>();

  constructor(private readonly parts: LauncherParts) {}

  /**
   * One job for each entry, all from one freeze, which happens before anything is awaited.
   * @throws SlingshotError of the first entry that could not be launched; the others are still tried
   */
  async launch(entries: readonly Entry[], options: LaunchOptions = {}): Promise<JobRecord[]> {
    requireTrust();
    const frozen = options.frozen ?? freezeEditor();
    const fresh = entries.filter((entry) => this.isFresh(JSON.stringify(entry)));
    if (fresh.length > askAbove && !(await confirmMany(fresh.length))) return [];
    const overlays = await encodeFrozen(frozen, editorCodec);
    const records: JobRecord[] = [];
    const failures: unknown[] = [];
    for (const entry of fresh) {
      try {
        records.push(await this.launchOne(entry, options, frozen, overlays));
      } catch (error) {
        failures.push(error);
      }
    }
    // A launch that the user gave up is no failure to tell of.
    const told = failures.filter((error) => !isCancellation(error));
    const [first] = told;
    if (told.length > 1) {
      throw new SlingshotError("refused", "several-failed", `${String(told.length)} of ${String(fresh.length)} jobs could not be started. The first: ${errorText(first)}`, "", { cause: new Error(told.map(errorText).join("\n")) });
    }
    if (failures.length > 0) throw first ?? failures[0];
    return records;
  }

  /**
   * What a launch of `entry` would send now: the freeze, in this very turn, and the request are those of a launch.
   * Nothing is started, asked or sent. On the target of that name, where there still is one; else on the chosen one.
   */
  async preview(entry: Entry, signal: AbortSignal, frozen: readonly FrozenText[] = freezeEditor(), target?: string): Promise<{ manifest: Manifest; target: string }> {
    requireTrust();
    const { preview } = await import("../preview.js");
    const overlays = await encodeFrozen(frozen, editorCodec);
    const { folders, projects } = this.parts;
    const named = target !== undefined && projects.read(folders.of(vscode.Uri.parse(entry.uri)), frozen).targets.some(({ name }) => name === target);
    const request = this.requestFor(entry, named ? { target } : {}, frozen, overlays);
    const { workspace } = request.project;
    const { services } = this.parts;
    const manifest = await preview(request, { ...services, interpreter: (target) => this.parts.interpreter(target, workspace) }, signal);
    return { manifest, target: request.target.name };
  }

  /** The snapshot that another run of the job would send now. */
  async previewAgain(record: JobRecord, signal: AbortSignal): Promise<Manifest> {
    return (await this.preview(entryOf(record), signal, freezeEditor(), record.target.name)).manifest;
  }

  /**
   * Runs a job's snapshot again: same bytes, same arguments, the target of that name as it is configured now.
   * Undefined for the second click of two.
   */
  async launchSnapshot(id: string): Promise<JobRecord | undefined> {
    requireTrust();
    if (!this.isFresh(id)) return undefined;
    const { jobs } = this.parts.services;
    const record = jobs.get(id)?.record;
    if (record === undefined) throw new SlingshotError("usage", "unknown-job", "This job is no longer there.", "Choose another one.");
    const manifest = jobs.manifest(id);
    const project = this.parts.projects.read(record.workspace);
    const target = project.targets.find((one) => one.name === record.target.name) ?? { ...record.target, source: "project" };
    const request: LaunchRequest = {
      project,
      target,
      snapshot: { workspace: record.workspace, cwd: record.workspace, entry: {}, overlays: [] },
      argv: record.argv,
      arguments: record.arguments,
      env: await this.environment(record.envNames, target),
    };
    return this.run(project, target, ({ relaunch }, services, signal) => relaunch(manifest, request, services, signal));
  }

  private async launchOne(entry: Entry, options: LaunchOptions, frozen: readonly FrozenText[], overlays: Overlay[]): Promise<JobRecord> {
    const request = this.requestFor(entry, options, frozen, overlays);
    const { project, target, argv, arguments: given } = request;
    request.env = await this.environment(options.envNames ?? [], target);
    const record = await this.run(project, target, ({ launch }, services, signal) => launch(request, unlessReviewed(services, options.reviewed), signal));
    await this.parts.memory.rememberLast({ entry, target: target.name, argv, arguments: given });
    return record;
  }

  /** The request of a launch, without values for variables that have to be asked for. */
  private requestFor(entry: Entry, options: LaunchOptions, frozen: readonly FrozenText[], overlays: Overlay[]): LaunchRequest {
    const { folders, projects, targets, memory } = this.parts;
    const uri = vscode.Uri.parse(entry.uri);
    const workspace = folders.of(uri);
    const project = projects.read(workspace, frozen);
    const target = options.target === undefined ? targets.current(project) : chooseTarget(project, options.target);
    const given = options.given ?? memory.arguments(entry);
    return {
      project,
      target,
      snapshot: {
        workspace,
        folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath).filter((folder) => folder !== workspace),
        entry: {
          ...(entry.module === undefined ? { file: entryPath(uri) } : { module: entry.module }),
          ...(entry.function === null ? {} : { function: entry.function }),
        },
        cwd: workspace,
        overlays,
      },
      argv: given.argv,
      arguments: given.arguments,
      env: {},
    };
  }

  private async run(project: Project, target: Target, start: (flow: typeof Flow, services: LaunchServices, signal: AbortSignal) => Promise<JobRecord>): Promise<JobRecord> {
    // Loaded at the first launch, after the freeze.
    const flow = await import("../launch.js");
    const record = await withProgress(`Launching on ${target.name}`, (progress, signal) =>
      start(flow, { ...this.parts.services, progress, interpreter: (resolved) => this.parts.interpreter(resolved, project.workspace) }, signal),
    );
    void this.parts.follower.follow(record.id);
    this.parts.show(record);
    return record;
  }

  private async environment(names: readonly string[], target: Target): Promise<Record<string, string>> {
    const { env } = target.settings;
    const set = typeof env === "object" && env !== null ? env : {};
    const missing = names.filter((name) => !Object.hasOwn(set, name));
    return missing.length === 0 ? {} : this.parts.environment(missing);
  }

  private isFresh(key: string): boolean {
    const now = Date.now();
    for (const [other, at] of this.started) if (now - at >= doubleClick) this.started.delete(other);
    if (this.started.has(key)) return false;
    this.started.set(key, now);
    return true;
  }
}

/** The services for a launch whose snapshot, where it is the one of that id, the user has looked at. */
function unlessReviewed(services: LaunchServices, id: string | undefined): LaunchServices {
  if (id === undefined) return services;
  return { ...services, review: async (manifest, target) => manifest.id === id || services.review === undefined || services.review(manifest, target) };
}

/** The path that the snapshot knows the entry's document by. */
function entryPath(uri: vscode.Uri): string {
  const path = overlayPath({ uri, isUntitled: uri.scheme === "untitled", languageId: "python" });
  if (path !== undefined) return path;
  throw new SlingshotError("refused", "not-a-file", `${uri.toString()} is no file of this machine.`, "Save it to a folder, then launch it from there.");
}

async function confirmMany(count: number): Promise<boolean> {
  const start = `Start ${String(count)} Jobs`;
  return (await vscode.window.showWarningMessage(`Start ${String(count)} jobs, one for each selected file?`, { modal: true }, start)) === start;
}
