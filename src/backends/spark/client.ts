/** Client mode: the driver is a supervised process of this machine, its JVM beside it. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { freePort } from "../../base/freePort.js";
import { readJson, writeAtomically, writeJson } from "../../base/files.js";
import { SlingshotError } from "../../base/errors.js";
import type { Bundle } from "../../bundle/bundle.js";
import type { JobRecord } from "../../jobs/job.js";
import { JobPaths } from "../../jobs/jobPaths.js";
import type { BackendContext, BackendEvent, CancelOutcome, JobRef, Submission } from "../backend.js";
import { cancelSupervised, findSupervised, startSupervised, watchSupervised } from "../shared/supervised.js";
import { watchDriverUi } from "./driverUi.js";
import { findJava, findSpark } from "./installation.js";
import { probeMaster } from "./masterProbe.js";
import { mergeEvents } from "./mergeEvents.js";
import { properties, propertiesText } from "./script.js";
import { runsHere, type SparkTarget } from "./settings.js";
import { executorPath, writeExecutorArchives, writeLocalShim, type ShimContent } from "./shim.js";

/** Seconds between SIGTERM and SIGKILL of the driver; its JVM has a few more, and all is over within 15. */
const grace = 5;
/** Milliseconds that the driver's web server stands before it is asked anything. */
const settle = 3000;

export async function submitClient(job: Submission, bundle: Bundle, target: SparkTarget, context: BackendContext): Promise<JobRef> {
  const python = await context.interpreter(job.target);
  const env = { ...process.env, ...job.env };
  const spark = findSpark(target, python, env);
  findJava(target, spark, env);
  const run = dirname(job.paths.run("spec.json"));
  const shim: ShimContent = { runnerDir: context.runnerDir, interpreters: interpretersOf(target, python), bundle };
  const localPython = writeLocalShim(join(run, "python"), join(context.stateDir, "trees", bundle.tree), shim);
  const here = runsHere(target.master);
  const [fault, archives, port] = await Promise.all([
    probeMaster(target.master),
    here ? [] : writeExecutorArchives(run, shim),
    target.conf["spark.ui.port"] === undefined ? freePort() : Number(target.conf["spark.ui.port"]),
  ]);
  if (fault !== undefined) throw masterUnreachable(job.target.name, fault);
  const executorPython = here ? localPython : executorPath(bundle);
  const file = propertiesFile(job.paths);
  const launch = { job: job.record.id, title: job.record.title, uiPort: port, archives, executorPython, env: job.env };
  writeJson(uiFile(job.paths), { port });
  writeAtomically(file, propertiesText(properties(target, launch)));
  const ref = await startSupervised(job, bundle, context, {
    python: python.executable,
    spark: {
      properties: file,
      sparkHome: target.sparkHome,
      executorPython,
      localPython,
      environment: target.javaHome === null ? {} : { JAVA_HOME: target.javaHome },
    },
    workdir: target.workdir,
    grace,
  }).catch((error: unknown) => {
    rmSync(file, { force: true });
    throw error;
  });
  return { ...ref, mode: "client", uiPort: port };
}

export function watchClient(job: JobRecord, ref: JobRef, context: BackendContext, signal: AbortSignal): AsyncIterable<BackendEvent> {
  const port = Number(ref["uiPort"]);
  // Spark takes one of the next ports when this one is in use by then.
  const bases = [0, 1, 2, 3].map((step) => `http://127.0.0.1:${String(port + step)}`);
  return mergeEvents((until) => watchDriver(new JobPaths(context.stateDir, job.id), ref, until), (until) => watchDriverUi(bases, job.id, settle, until), signal);
}

/** A driver whose supervisor was killed can't clean up: its properties may hold secrets. */
async function* watchDriver(paths: JobPaths, ref: JobRef, signal: AbortSignal): AsyncGenerator<BackendEvent> {
  for await (const event of watchSupervised(paths, ref, signal)) {
    if (event.type === "ended") rmSync(propertiesFile(paths), { force: true });
    yield event;
  }
}

export function cancelClient(job: JobRecord, ref: JobRef, context: BackendContext): Promise<CancelOutcome> {
  return cancelSupervised(new JobPaths(context.stateDir, job.id), ref, grace + 5);
}

export async function findClient(job: JobRecord, context: BackendContext): Promise<JobRef | undefined> {
  const paths = new JobPaths(context.stateDir, job.id);
  const ref = await findSupervised(paths);
  return ref === undefined ? undefined : { ...ref, mode: "client", uiPort: readJson<{ port: number }>(uiFile(paths))?.port ?? 4040 };
}

function propertiesFile(paths: JobPaths): string {
  return join(dirname(paths.run("spec.json")), "spark.properties");
}

/** Written before the start: whoever finds the driver later learns from it where its progress is told. */
function uiFile(paths: JobPaths): string {
  return join(dirname(paths.run("spec.json")), "ui.json");
}

/** What workers run: the configured program alone, else what is most like the driver's. */
export function interpretersOf(target: SparkTarget, python: { executable: string; version: [number, number, number] }): string[] {
  if (target.executorPython !== null) return [target.executorPython];
  return [python.executable, `python${python.version.slice(0, 2).join(".")}`, "python3"];
}

export function masterUnreachable(name: string, fault: string): SlingshotError {
  return new SlingshotError(
    "unavailable",
    "master-unreachable",
    `The Spark master of "${name}" is unreachable: ${fault}.`,
    "Check that it runs, and that host and port of `master` are right.",
  );
}
