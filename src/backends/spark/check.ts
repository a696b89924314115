/** What a Spark target needs, said before a job is sent. */
import { execFile } from "node:child_process";
import { errorText } from "../../base/errors.js";
import type { Target } from "../../project/target.js";
import type { Availability, BackendContext } from "../backend.js";
import { clusterAddresses } from "./cluster.js";
import { askHttp } from "./http.js";
import { findJava, findSpark, neededJava, type JavaInstallation, type SparkInstallation } from "./installation.js";
import { probeMaster } from "./masterProbe.js";
import { sparkTarget, type SparkTarget } from "./settings.js";

/** Never throws; ends within 10 s. */
export async function checkSpark(target: Target, context: BackendContext, signal: AbortSignal): Promise<Availability> {
  const problems: string[] = [];
  const details: string[] = [];
  try {
    const spark = sparkTarget(target);
    details.push(...spark.remarks);
    const parts = [onThisMachine(target, spark, context, signal), masterOf(spark)];
    if (spark.cluster) parts.push(restOf(spark, signal));
    for (const part of await Promise.all(parts)) {
      problems.push(...part.problems);
      details.push(...part.details);
    }
  } catch (error) {
    problems.push(errorText(error));
  }
  return problems.length === 0 ? { ready: true, details } : { ready: false, problems, details };
}

interface Part {
  problems: string[];
  details: string[];
}

async function onThisMachine(target: Target, spark: SparkTarget, context: BackendContext, signal: AbortSignal): Promise<Part> {
  const part: Part = { problems: [], details: [] };
  // The driver of a cluster runs there; this machine then only talks to the master.
  if (spark.cluster) return part;
  try {
    const python = await context.interpreter(target);
    part.details.push(`Python ${python.version.join(".")} at ${python.executable}`);
    const installation = findSpark(spark, python, process.env);
    part.details.push(`Spark ${installation.version ?? "of unknown version"} at ${installation.home}`);
    const java = await javaRelease(findJava(spark, installation, process.env), installation, signal);
    part.details.push(`Java ${String(java.release ?? "of unknown version")} at ${java.executable}`);
  } catch (error) {
    part.problems.push(errorText(error));
  }
  return part;
}

/** Asks the program itself where its folder does not tell. */
async function javaRelease(java: JavaInstallation, spark: SparkInstallation, signal: AbortSignal): Promise<JavaInstallation> {
  if (java.release !== null) return java;
  const text = await new Promise<string>((resolve) => {
    execFile(java.executable, ["-version"], { timeout: 8000, signal }, (error, stdout, stderr) => {
      resolve(error === null ? stdout + stderr : "");
    });
  });
  const match = /version "(?:1\.)?(\d+)/.exec(text);
  if (match === null) throw new Error(`${java.executable} can't be run. Set \`javaHome\` of the target to a Java installation.`);
  const release = Number(match[1]);
  const need = neededJava(spark.version);
  if (release < need) {
    throw new Error(`Spark ${spark.version ?? ""} needs Java ${String(need)} or later; ${java.executable} is Java ${String(release)}. Set \`javaHome\` of the target.`);
  }
  return { ...java, release };
}

async function masterOf({ master }: SparkTarget): Promise<Part> {
  if (master === "yarn" || master.startsWith("k8s:")) {
    return { problems: [], details: [`The master ${master} is passed to Spark as it is; Slingshot is not tested with it.`] };
  }
  const fault = await probeMaster(master);
  if (fault !== undefined) {
    return { problems: [`The Spark master is unreachable: ${fault}. Check that it runs, and that host and port of \`master\` are right.`], details: [] };
  }
  return { problems: [], details: master.startsWith("spark:") ? [`The master ${master} answers`] : [] };
}

async function restOf(spark: SparkTarget, signal: AbortSignal): Promise<Part> {
  const { rest } = clusterAddresses(spark);
  try {
    // Any answer in the protocol will do: this driver does not exist.
    const { status } = await askHttp(`${rest}/v1/submissions/status/slingshot-probe`, { timeout: 6000, signal });
    if (status === 200) return { problems: [], details: [`The master's REST server ${rest} answers`] };
    return { problems: [`${rest} answers with status ${String(status)} and is no REST server of a Spark master. Correct \`restUrl\` of the target.`], details: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      problems: [`The master's REST server ${rest} is unreachable (${why}). Start the master with spark.master.rest.enabled=true, or set \`restUrl\` of the target.`],
      details: [],
    };
  }
}
