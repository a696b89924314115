/**
 * A program supervised on this machine: `<python> supervise.py <spec.json>` in a session of its own, so that it outlives
 * the window, the extension host and the terminal that started it. The supervisor writes the job's spool and, last of
 * all, `run/exit.json`; everyone else only reads.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { uptime } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ChangeSignal } from "../../base/changeSignal.js";
import { explain, isErrno, SlingshotError } from "../../base/errors.js";
import { makePrivateFolder, readJson, writeAtomically, writeJson } from "../../base/files.js";
import { isRunning, sendSignal, startTicks } from "../../base/processes.js";
import type { Bundle } from "../../bundle/bundle.js";
import type { JobPaths } from "../../jobs/jobPaths.js";
import type { BackendContext, BackendEvent, CancelOutcome, ExitStatus, JobRef, Submission } from "../backend.js";
import type { RunnerSpec, SparkSpec, SupervisorExit, SupervisorState } from "./runnerSpec.js";

/** Where a supervised job lives: its supervisor's process on this machine. */
export interface SupervisedRef extends JobRef {
  pid: number;
  /** See base/processes.ts; null where unknown. */
  ticks: number | null;
}

export interface SupervisedOptions {
  /** Absolute path of the interpreter that runs supervisor and program. */
  python: string;
  spark: SparkSpec | null;
  /** A folder to run in instead of a fresh one. */
  workdir: string | null;
  grace?: number;
  /** Names to take out of the inherited environment. */
  withoutEnv?: readonly string[];
}

/** Never handed to the user's program: they belong to the editor's process, not to the job. */
const ownVariables = ["ELECTRON_RUN_AS_NODE", "NODE_OPTIONS", "NODE_CHANNEL_FD", "SLINGSHOT_STATE_DIR"];
/** Values of `${secret:NAME}` on the command line: a job gets those that its target names, and no others. */
const secretPrefix = "SLINGSHOT_SECRET_";

export async function startSupervised(
  job: Submission,
  bundle: Bundle,
  context: BackendContext,
  options: SupervisedOptions,
): Promise<SupervisedRef> {
  const { paths } = job;
  const spec: RunnerSpec = {
    version: 1,
    job: paths.id,
    manifest: paths.manifest,
    tree: join(context.stateDir, "trees", bundle.tree),
    store: bundle.store.folder,
    bytecode: join(context.stateDir, "bytecode"),
    argv: job.argv,
    arguments: job.arguments,
    env: paths.run("env.json"),
    workdir: options.workdir ?? paths.work,
    prepareWorkdir: options.workdir === null,
    folder: paths.folder,
    grace: options.grace ?? 10,
    outputsLimit: 1 << 30,
    preview: { rows: 1000, columns: 200, seconds: 30 },
    spark: options.spark,
  };
  makePrivateFolder(dirname(paths.run("spec.json")));
  try {
    writeJson(paths.run("env.json"), job.env);
    writeJson(paths.run("spec.json"), spec);
    return await spawnSupervisor(paths, context, options);
  } catch (error) {
    rmSync(paths.run("env.json"), { force: true });
    throw error;
  }
}

async function spawnSupervisor(paths: JobPaths, context: BackendContext, options: SupervisedOptions): Promise<SupervisedRef> {
  const hidden = new Set([...ownVariables, ...(options.withoutEnv ?? [])]);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.has(name) && !name.startsWith(secretPrefix)));
  const errors = openSync(paths.run("supervisor.err"), "a", 0o600);
  try {
    const child = spawn(options.python, [join(context.runnerDir, "supervise.py"), paths.run("spec.json")], {
      cwd: paths.folder,
      detached: true,
      env,
      shell: false,
      stdio: ["ignore", "ignore", errors],
      windowsHide: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    const pid = child.pid;
    if (pid === undefined) throw new Error("the system gave no process id");
    return { pid, ticks: startTicks(pid) };
  } catch (error) {
    // The interpreter was asked just now: what the system itself lacks is said as such.
    if (isErrno(error, "EAGAIN", "EMFILE", "ENFILE", "ENOMEM")) throw explain(error);
    throw new SlingshotError(
      "unavailable",
      "interpreter-not-started",
      `Failed to start ${options.python}: ${isErrno(error, "ENOENT") ? "no such program" : String(error)}.`,
      "Set `python` of the target, or choose an interpreter in the Python extension.",
      { cause: error },
    );
  } finally {
    closeSync(errors);
  }
}

/** The supervisor that a job left behind, for a job whose start was not recorded any more. */
export async function findSupervised(paths: JobPaths): Promise<SupervisedRef | undefined> {
  // The supervisor writes its state first thing; the time covers a machine under load.
  for (let attempt = 0; attempt < 20; attempt++) {
    const state = readJson<SupervisorState>(paths.run("supervisor.json"));
    if (state !== undefined) return { pid: state.pid, ticks: state.startTicks };
    if (readJson<RunnerSpec>(paths.run("spec.json")) === undefined) return undefined;
    await sleep(100);
  }
  return undefined;
}

/** States of a supervised job until it ended; its log is in the spool already. */
export async function* watchSupervised(paths: JobPaths, ref: JobRef, signal: AbortSignal): AsyncIterable<BackendEvent> {
  const { pid, ticks } = ref as SupervisedRef;
  const change = new ChangeSignal(dirname(paths.run("exit.json")));
  let running = false;
  try {
    while (!signal.aborted) {
      const alive = isRunning(pid, ticks);
      if (!running && (readJson<SupervisorState>(paths.run("supervisor.json"))?.group ?? null) !== null) {
        running = true;
        yield { type: "running" };
      }
      // Read after the question whether it lives: a supervisor that has ended had written its report before.
      const exit = readJson<SupervisorExit>(paths.run("exit.json"));
      if (exit !== undefined) {
        const { outcome, code, signal: killer, message } = exit;
        yield { type: "ended", exit: { outcome, code, signal: killer, ...(message === null ? {} : { message }) } };
        return;
      }
      if (!alive) {
        // Nobody reads it any more, and it may hold secrets.
        rmSync(paths.run("env.json"), { force: true });
        // A signal that came before the supervisor listened for it has ended the program too, which still waited for its go.
        const exit: ExitStatus = existsSync(cancelMark(paths))
          ? { outcome: "cancelled", code: null, signal: null }
          : { outcome: "lost", code: null, signal: null, message: deathMessage(paths) };
        yield { type: "ended", exit };
        return;
      }
      await change.wait(1000, signal);
    }
  } finally {
    change.close();
  }
}

/** Ends the program (SIGTERM, then SIGKILL after the grace) through its supervisor; confirmed once it is gone. */
export async function cancelSupervised(paths: JobPaths, ref: JobRef, grace = 10): Promise<CancelOutcome> {
  const { pid, ticks } = ref as SupervisedRef;
  const change = new ChangeSignal(dirname(paths.run("exit.json")));
  try {
    if (isRunning(pid, ticks)) {
      markCancelled(paths);
      sendSignal(pid, "SIGTERM");
    }
    const deadline = Date.now() + (grace + 5) * 1000;
    while (isRunning(pid, ticks) && Date.now() < deadline) {
      if (readJson(paths.run("exit.json")) !== undefined) return { confirmed: true };
      await change.wait(200);
    }
    if (isRunning(pid, ticks)) return { confirmed: false, message: `Process ${String(pid)} has not ended yet.` };
    // A supervisor that was killed may have left the program's group behind.
    const state = readJson<SupervisorState>(paths.run("supervisor.json"));
    const group = state?.group ?? null;
    // After a restart of the machine the number is another group's.
    const sameBoot = state !== undefined && state.startedAt > Date.now() - uptime() * 1000;
    if (readJson(paths.run("exit.json")) === undefined && group !== null && sameBoot) sendSignal(-group, "SIGKILL");
    return { confirmed: true };
  } finally {
    change.close();
  }
}

function markCancelled(paths: JobPaths): void {
  try {
    writeAtomically(cancelMark(paths), "");
  } catch {
    // On a full disk the job is cancelled all the same.
  }
}

/** Says that the supervisor was told to end the job. */
function cancelMark(paths: JobPaths): string {
  return join(dirname(paths.run("exit.json")), "cancel");
}

function deathMessage(paths: JobPaths): string {
  let words = "";
  try {
    words = readFileSync(paths.run("supervisor.err"), "utf8").trim().split("\n").slice(-3).join(" ");
  } catch {
    // Nothing was written: the general sentence stands.
  }
  return words === ""
    ? "The job's supervisor ended without a report: it was killed, or the machine was restarted. Run the job again."
    : `The job's supervisor ended without a report: ${words}`;
}
