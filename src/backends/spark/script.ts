/** Pure: what is handed to Spark for one job, as properties. */
import type { SparkTarget } from "./settings.js";

export interface SparkLaunch {
  job: string;
  /** Name of the application where the target gives none. */
  title: string;
  uiPort: number;
  /** `path#name` of archives that Spark unpacks in each executor's directory. */
  archives: string[];
  /** What executors start as Python. */
  executorPython: string;
  /** The job's own environment; executors of a cluster get it too. */
  env: Readonly<Record<string, string>>;
}

/** Properties by which a job's application is found and its workers get their code; the user's own win elsewhere. */
export function properties(target: SparkTarget, launch: SparkLaunch): Record<string, string> {
  const names = Object.keys(launch.env);
  const remote = !/^local(\[|$)/.test(target.master);
  return {
    "spark.app.name": launch.title,
    "spark.ui.port": String(launch.uiPort),
    "spark.ui.showConsoleProgress": "false",
    ...(remote ? environmentProperties(launch.env) : {}),
    ...target.conf,
    ...(remote && names.length > 0 ? { "spark.redaction.regex": redaction(target.conf["spark.redaction.regex"], names) } : {}),
    ...(launch.archives.length > 0 ? { "spark.archives": [target.conf["spark.archives"], ...launch.archives].filter(Boolean).join(",") } : {}),
    "spark.master": target.master,
    "spark.pyspark.python": launch.executorPython,
    "spark.slingshot.job": launch.job,
  };
}

function environmentProperties(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [`spark.executorEnv.${name}`, value]));
}

/** Spark's default pattern (`spark.redaction.regex`) and the job's variables: their values are shown on no page of Spark. */
function redaction(own: string | undefined, names: string[]): string {
  const pattern = own ?? "(?i)secret|password|token|access[.]?key";
  return `${pattern}|executorEnv[.](${names.map((name) => name.replace(/[^A-Za-z0-9_]/g, ".")).join("|")})`;
}

/**
 * A properties file as java.util.Properties reads it. Arguments of a process are seen by everyone on a machine, and
 * properties may hold credentials, so they travel in a file.
 */
export function propertiesText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${escaped(key, true)}=${escaped(value, false)}\n`)
    .join("");
}

function escaped(text: string, key: boolean): string {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const code = text.charCodeAt(i);
    if (char === "\n") result += "\\n";
    else if (char === "\r") result += "\\r";
    else if (char === "\t") result += "\\t";
    else if (char === "\\" || (key && /[ :=#!]/.test(char)) || (i === 0 && /[ #!]/.test(char))) result += `\\${char}`;
    else if (code < 32 || code > 126) result += `\\u${code.toString(16).padStart(4, "0")}`;
    else result += char;
  }
  return result;
}

/** Host and port of each master of `spark://a:7077,b:7077`; 7077 where none is given. */
export function masterAddresses(master: string): { host: string; port: number }[] {
  if (!master.startsWith("spark://")) return [];
  return master
    .slice("spark://".length)
    .split(",")
    .map((part) => {
      const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(part.trim());
      return { host: match?.[1] ?? match?.[2] ?? part, port: Number(match?.[3] ?? 7077) };
    });
}

/** What Java 17 and later must open for Spark 3; Spark 4 and spark-submit add it themselves. */
export const moduleOptions = [
  "-XX:+IgnoreUnrecognizedVMOptions",
  ...["java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"]
    .map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  "-Djdk.reflect.useDirectMethodHandle=false",
].join(" ");
