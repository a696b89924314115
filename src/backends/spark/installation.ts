/** The Spark and the Java that a driver on this machine will use, found in the file system without running them. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlingshotError } from "../../base/errors.js";
import { findProgram } from "../../base/findProgram.js";
import type { InterpreterInfo } from "../../snapshot/request.js";
import type { SparkTarget } from "./settings.js";

export interface SparkInstallation {
  home: string;
  /** `4.1.4`, or null where the installation does not tell. */
  version: string | null;
}

export interface JavaInstallation {
  executable: string;
  /** Major release, or null where the installation does not tell. */
  release: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `unavailable` where there is no Spark, or driver and installation are of different releases. */
export function findSpark(target: SparkTarget, python: InterpreterInfo, env: Environment): SparkInstallation {
  const installed = python.sitePaths.map((path) => join(path, "pyspark")).find((path) => existsSync(join(path, "bin", "spark-submit")));
  const home = target.sparkHome ?? env["SPARK_HOME"] ?? installed;
  if (home === undefined) {
    throw unavailable("no-spark", `${python.executable ?? "The interpreter"} has no pyspark, and no Spark installation is set.`, `Install it (${python.executable ?? "python"} -m pip install pyspark), or set \`sparkHome\` of the target.`);
  }
  if (!existsSync(join(home, "bin", "spark-submit"))) {
    throw unavailable("no-spark", `${home} is no Spark installation: it has no bin/spark-submit.`, "Set `sparkHome` of the target to the folder that holds bin and jars.");
  }
  const version = sparkVersion(home);
  const own = installed === undefined ? null : sparkVersion(installed);
  if (version !== null && own !== null && minor(version) !== minor(own)) {
    throw unavailable("spark-mismatch", `The interpreter's pyspark is ${own}, but ${home} is Spark ${version}.`, `Install pyspark ${version} for the interpreter, or remove sparkHome and SPARK_HOME.`);
  }
  return { home, version };
}

/** Throws `unavailable` where there is no Java, or one too old for this Spark. */
export function findJava(target: SparkTarget, spark: SparkInstallation, env: Environment): JavaInstallation {
  const home = target.javaHome ?? env["JAVA_HOME"];
  const executable = home === undefined || home === "" ? findProgram("java", "/", env["PATH"] ?? "") : findProgram(join(home, "bin", "java"), "/");
  const need = neededJava(spark.version);
  const install = `Install Java ${String(need === 8 ? 17 : need)}, or set \`javaHome\` of the target.`;
  if (executable === undefined) {
    throw unavailable("no-java", home === undefined || home === "" ? "There is no Java on this machine's path, and Spark needs one." : `${home} has no bin/java.`, install);
  }
  const release = javaRelease(executable);
  if (release !== null && release < need) {
    throw unavailable("old-java", `Spark ${spark.version ?? ""} needs Java ${String(need)} or later; ${executable} is Java ${String(release)}.`, install);
  }
  return { executable, release };
}

/** Spark 4 needs Java 17, Spark 3 Java 8. */
export function neededJava(version: string | null): number {
  return version === null || Number(version.split(".")[0]) >= 4 ? 17 : 8;
}

function sparkVersion(home: string): string | null {
  try {
    const core = readdirSync(join(home, "jars")).find((name) => name.startsWith("spark-core_"));
    return /^spark-core_[\d.]+-(.+)\.jar$/.exec(core ?? "")?.[1] ?? null;
  } catch {
    return null;
  }
}

/** From the file `release` of the installation: `JAVA_VERSION="17.0.15"`, `"1.8.0_402"`. */
function javaRelease(executable: string): number | null {
  try {
    const text = readFileSync(join(dirname(dirname(realpathSync(executable))), "release"), "utf8");
    const match = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(text);
    return match === null ? null : Number(match[1]);
  } catch {
    return null;
  }
}

function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

function unavailable(code: string, message: string, remedy: string): SlingshotError {
  return new SlingshotError("unavailable", code, message, remedy);
}
