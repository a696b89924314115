/** Cluster mode on a standalone master: the driver runs on a worker; this machine only talks HTTP and reads the stage. */
import { randomInt } from "node:crypto";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson, writeAtomically } from "../../base/files.js";
import { isErrno, SlingshotError } from "../../base/errors.js";
import type { Bundle } from "../../bundle/bundle.js";
import type { JobRecord } from "../../jobs/job.js";
import { JobPaths } from "../../jobs/jobPaths.js";
import type { BackendContext, BackendEvent, CancelOutcome, Cursor, ExitStatus, JobRef, Submission } from "../backend.js";
import type { SupervisorExit } from "../shared/runnerSpec.js";
import { interpretersOf, masterUnreachable } from "./client.js";
import { clusterFiles, writePlace, type ClusterPlace } from "./clusterFiles.js";
import { collect } from "./collect.js";
import { readDriverLog, workerUi } from "./driverLog.js";
import { watchDriverUi } from "./driverUi.js";
import { findDriver } from "./findDriver.js";
import { findSpark } from "./installation.js";
import { probeMaster } from "./masterProbe.js";
import { mergeEvents } from "./mergeEvents.js";
import { createDriver, driverStatus, killDriver, serverVersion } from "./restSubmission.js";
import { masterAddresses, moduleOptions, properties, propertiesText } from "./script.js";
import { separate, variablesOfJvm } from "./secrets.js";
import type { SparkTarget } from "./settings.js";
import { executorPath, layerName, treeName, type ShimContent } from "./shim.js";
import { openStage, type Stage } from "./stage.js";
import { exitOf, isFinal } from "./status.js";

const pollEvery = 500;
/** Milliseconds after the driver's end within which the worker must give the rest of the log. */
const logPatience = 60_000;
/** And the stage the results. */
const stagePatience = 600_000;

/** The master's REST server and web page: as set, else at their usual ports. */
export function clusterAddresses(target: SparkTarget): { rest: string; ui: string } {
  const host = masterAddresses(target.master)[0]?.host ?? "localhost";
  const plain = (url: string): string => url.replace(/\/+$/, "");
  return { rest: plain(target.restUrl ?? `http://${host}:6066`), ui: plain(target.masterUi ?? `http://${host}:8080`) };
}

export async function submitCluster(
  job: Submission, bundle: Bundle, target: SparkTarget, context: BackendContext, progress: (text: string) => void, signal: AbortSignal,
): Promise<JobRef> {
  const run = dirname(job.paths.run("spec.json"));
  const python = await context.interpreter(job.target);
  const { rest, ui } = clusterAddresses(target);
  const fault = await probeMaster(target.master);
  if (fault !== undefined) throw masterUnreachable(job.target.name, fault);
  const version = await serverVersion(rest, signal);
  const base = target.stage ?? "";
  const sparkHome = base.startsWith("file:") ? null : findSpark(target, python, process.env).home;
  const place: ClusterPlace = { rest, ui, stage: base, sparkHome, uiPort: randomInt(20000, 32000) };
  writePlace(run, place);
  const shim: ShimContent = { runnerDir: context.runnerDir, interpreters: interpretersOf(target, python), bundle };
  const stage = openStage(base, job.record.id, sparkHome);
  try {
    const files = await clusterFiles(job, run, shim, target.workdir);
    progress(`Sending ${String(bundle.manifest.files.length)} files to ${base}`);
    await stage.put(files);
    const values = driverProperties(job, bundle, target, stage, place, version);
    const { open, hidden } = stage.putPrivate === undefined ? { open: values, hidden: {} } : separate(values, job.env, job.record.target.settings["conf"]);
    const file = Object.keys(hidden).length === 0 ? [] : ["--properties-file", join(stage.address, "spark.properties"), ...defaultsToo(version)];
    if (file.length > 0) stage.putPrivate?.("spark.properties", propertiesText(hidden));
    if (Object.keys(job.env).length > 0) stage.putPrivate?.("env.json", JSON.stringify(job.env));
    signal.throwIfAborted();
    markSent(run);
    const driver = await createDriver(rest, {
      version,
      // spark-submit on the worker knows the other properties from its JVM, but puts defaults of its own for these two.
      appArgs: [...file, "--master", target.master, "--name", values["spark.app.name"] ?? job.record.title, stage.uri("spark_boot.py"), stage.address],
      properties: open,
      env: { SPARK_ENV_LOADED: "1", ...(stage.putPrivate === undefined ? job.env : variablesOfJvm(job.env)) },
    });
    return { mode: "cluster", driver, ...place };
  } catch (error) {
    await stage.remove().catch(() => undefined);
    throw error;
  }
}

/** With a file of properties given, spark-submit on the worker leaves spark-defaults.conf out unless Spark 4 is told otherwise. */
function defaultsToo(version: string): string[] {
  return version.startsWith("3.") ? [] : ["--load-spark-defaults"];
}

function driverProperties(job: Submission, bundle: Bundle, target: SparkTarget, stage: Stage, place: ClusterPlace, version: string): Record<string, string> {
  const archives = [`${stage.uri(`${treeName(bundle)}.tgz`)}#${treeName(bundle)}`, ...bundle.layers.map((layer) => `${stage.uri(`${layerName(layer)}.tar`)}#${layerName(layer)}`)];
  const launch = { job: job.record.id, title: job.record.title, uiPort: place.uiPort, archives, executorPython: executorPath(bundle), env: job.env };
  const values = properties(target, launch);
  return {
    ...values,
    "spark.submit.deployMode": "client",
    "spark.pyspark.driver.python": target.stage?.startsWith("file:") === true ? join(stage.address, "driver/bin/python") : (target.executorPython ?? "python3"),
    // Spark 3 does not add these itself on this way (SPARK-45197).
    ...(version.startsWith("3.") ? { "spark.driver.extraJavaOptions": `${moduleOptions} ${values["spark.driver.extraJavaOptions"] ?? ""}`.trim() } : {}),
  };
}

export function watchCluster(job: JobRecord, ref: JobRef, cursor: Cursor, context: BackendContext, signal: AbortSignal): AsyncIterable<BackendEvent> {
  const seen: { host?: string } = {};
  return mergeEvents((until) => watchDriver(job, ref, cursor, context, seen, until), (until) => watchUi(job, ref, seen, until), signal);
}

/** States and log until the end; then results, outputs and the program's own report come from the stage, which is removed. */
async function* watchDriver(
  job: JobRecord, ref: JobRef, cursor: Cursor, context: BackendContext, seen: { host?: string }, signal: AbortSignal,
): AsyncGenerator<BackendEvent> {
  const { place, driver } = placeOf(ref);
  const logs = [
    { type: "stdout" as const, stream: "merged" as const, offset: cursor["log"] ?? 0 },
    { type: "stderr" as const, stream: "engine" as const, offset: cursor["engine"] ?? 0 },
  ];
  let [said, page]: [string, string | undefined] = ["", undefined];
  let failures = 0;
  let endedAt: number | undefined;
  let gap = "";
  const stopped = (): boolean => signal.aborted;
  while (!signal.aborted) {
    try {
      const { state, worker, address, message } = await driverStatus(place.rest, driver, signal);
      if (state === "NOT_FOUND") {
        // A driver that had ended before the master forgot it has left its report on the stage.
        const report = await takeHome(job, ref, context, false);
        const words = `The master at ${place.rest} does not know ${driver} any more: it was restarted.`;
        const exit: ExitStatus = report === undefined
          ? { outcome: "lost", code: null, signal: null, message: `${words} Run the job again.` }
          : { ...report.exit, message: `${report.exit.message ?? ""} ${words} The end of the log may be missing.`.trimStart() };
        yield { type: "ended", exit };
        return;
      }
      if (said !== state) {
        said = state;
        if (state === "SUBMITTED" || state === "RELAUNCHING") yield { type: "queued", reason: "The driver waits for a worker with enough free cores and memory." };
        if (state === "RUNNING") yield { type: "running" };
      }
      if (address !== undefined) seen.host = address.slice(0, address.lastIndexOf(":"));
      const ended = isFinal(state);
      if (ended) endedAt ??= Date.now();
      const over = (patience: number): boolean => endedAt !== undefined && Date.now() - endedAt > patience;
      try {
        if (worker !== undefined) page ??= await workerUi(place.ui, worker, signal);
        if (page !== undefined) for (const file of logs) yield* readDriverLog(page, driver, file, ended, signal);
        else if (ended && worker !== undefined) throw new Error(`The worker's page is not listed at ${place.ui}.`);
      } catch (error) {
        if (!over(logPatience) || stopped()) throw error;
        gap = ` The end of its log is missing: ${error instanceof Error ? error.message : String(error)}`;
      }
      // Only now: the master may answer while the worker's page, and with it the log, is still out of reach.
      if (failures >= 3) yield { type: "reachable" };
      failures = 0;
      if (ended) {
        const report = await takeHome(job, ref, context, !over(stagePatience));
        // The worker writes the log while it already tells that the driver has ended.
        const merged = logs[0];
        if (page !== undefined && gap === "" && report !== undefined && merged !== undefined) {
          for (let tries = 0; tries < 20 && merged.offset < report.logBytes; tries++) {
            await sleep(100, undefined, { signal });
            yield* readDriverLog(page, driver, merged, true, signal);
          }
        }
        const exit = exitOf(state, report?.exit, message);
        yield { type: "ended", exit: gap === "" ? exit : { ...exit, message: ((exit.message ?? "The driver has ended.") + gap) } };
        return;
      }
    } catch (error) {
      if (stopped()) return;
      failures++;
      const why = error instanceof Error ? error.message : String(error);
      if (failures === 3) yield { type: "unreachable", message: `${why} If the master's page is elsewhere, set \`masterUi\` of the target.` };
    }
    await sleep(failures === 0 ? pollEvery : Math.min(pollEvery * 2 ** failures, endedAt === undefined ? 30_000 : 5_000), undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Results, outputs and report of a driver that has ended; undefined where there is no report. Throws where the stage
 * can't be read and `must` is set, and keeps what lies there then.
 */
async function takeHome(job: JobRecord, ref: JobRef, context: BackendContext, must: boolean): Promise<{ exit: ExitStatus; logBytes: number } | undefined> {
  const paths = new JobPaths(context.stateDir, job.id);
  const stage = stageOf(job, ref);
  try {
    await collect(stage, paths);
    await stage.remove().catch((error: unknown) => {
      context.log(`The files of ${job.id} could not be removed from ${stage.address}: ${String(error)}`);
    });
  } catch (error) {
    if (must) throw error;
    context.log(`The results of ${job.id} could not be fetched: ${String(error)}`);
  }
  const report = readJson<SupervisorExit>(paths.run("exit.json"));
  if (report === undefined) return undefined;
  const { outcome, code, signal, message, logBytes } = report;
  return { exit: { outcome, code, signal, ...(message === null ? {} : { message }) }, logBytes };
}

async function* watchUi(job: JobRecord, ref: JobRef, seen: { host?: string }, signal: AbortSignal): AsyncGenerator<BackendEvent> {
  while (seen.host === undefined && !signal.aborted) await sleep(pollEvery, undefined, { signal }).catch(() => undefined);
  const { host } = seen;
  if (host === undefined) return;
  const { place } = placeOf(ref);
  yield* watchDriverUi([0, 1, 2, 3].map((step) => `http://${host}:${String(place.uiPort + step)}`), job.id, 0, signal);
}

/** Confirmed when the master says that the driver has ended. */
export async function cancelCluster(job: JobRecord, ref: JobRef, context: BackendContext): Promise<CancelOutcome> {
  const { place, driver } = placeOf(ref);
  try {
    if (!isFinal((await driverStatus(place.rest, driver)).state)) await killDriver(place.rest, driver);
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(200)) {
      const { state } = await driverStatus(place.rest, driver);
      if (isFinal(state) || state === "NOT_FOUND") return { confirmed: true };
    }
    return { confirmed: false, message: `The master has not ended ${driver} yet.` };
  } catch (error) {
    context.log(`Cancelling ${job.id}: ${String(error)}`);
    return { confirmed: false, message: error instanceof SlingshotError ? `${error.message} ${error.remedy}` : String(error) };
  }
}

/**
 * The driver writes its own id on the stage, so it is found although its submission was never recorded. One that has
 * not come so far is looked for at the master. Throws where that can't be told yet.
 */
export async function findCluster(job: JobRecord, context: BackendContext): Promise<JobRef | undefined> {
  const paths = new JobPaths(context.stateDir, job.id);
  const run = dirname(paths.run("spec.json"));
  const place = readJson<ClusterPlace>(join(run, "cluster.json"));
  const age = sentAge(run);
  if (place === undefined || age === undefined) return undefined;
  const stage = openStage(place.stage, job.id, place.sparkHome);
  const own = join(run, "driver.json");
  const told = (await stage.get("driver.json", own)) ? readJson<{ driver: string }>(own)?.driver : undefined;
  const driver = told ?? (await findDriver(place.ui, job.id, age < stagePatience));
  if (driver !== undefined) return { mode: "cluster", driver, ...place };
  // The request has failed by now, and without its files no driver can start any more.
  if (age > logPatience) await stage.remove();
  return undefined;
}

/** `run/sent`: from here on the master may have the driver. */
function markSent(run: string): void {
  writeAtomically(join(run, "sent"), "");
}

/** Milliseconds since then; undefined where nothing was sent. */
function sentAge(run: string): number | undefined {
  try {
    return Math.abs(Date.now() - statSync(join(run, "sent")).mtimeMs);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

export async function removeCluster(job: JobRecord, ref: JobRef): Promise<void> {
  await stageOf(job, ref).remove();
}

function stageOf(job: JobRecord, ref: JobRef): Stage {
  const { place } = placeOf(ref);
  return openStage(place.stage, job.id, place.sparkHome);
}

function placeOf(ref: JobRef): { place: ClusterPlace; driver: string } {
  const text = (key: string): string => String(ref[key]);
  const home = ref["sparkHome"];
  return {
    place: { rest: text("rest"), ui: text("ui"), stage: text("stage"), sparkHome: typeof home === "string" ? home : null, uiPort: Number(ref["uiPort"]) },
    driver: text("driver"),
  };
}
