/** Settings of a Spark target, and how the common vocabulary is translated. */
import { SlingshotError } from "../../base/errors.js";
import { parseSize } from "../../project/quantities.js";
import type { SettingSpec } from "../../project/vocabulary.js";
import type { Target } from "../../project/target.js";

export const sparkSettings = {
  master: { type: "string", required: true, sensitive: true, description: "Spark's master: `local[4]`, `local-cluster[2,1,1024]`, `spark://host:7077`, `yarn`, `k8s://…`." },
  deployMode: { type: "string", values: ["client", "cluster"], description: "Where the driver runs: `client` on this machine, `cluster` on a worker of a standalone cluster." },
  sparkHome: { type: "string", sensitive: true, description: "Spark installation. Default: that of the interpreter's pyspark, else SPARK_HOME." },
  javaHome: { type: "string", sensitive: true, description: "Java installation for the driver. Default: JAVA_HOME, else `java` on the path." },
  conf: { type: "map", sensitive: true, description: "Spark properties, as for `spark-submit --conf`." },
  packages: { type: "string[]", sensitive: true, description: "Maven coordinates, as for `spark-submit --packages`." },
  jars: { type: "string[]", sensitive: true, description: "Jars, as for `spark-submit --jars`." },
  driverMemory: { type: "size", description: "Memory of the driver, e.g. `2 GB`." },
  executorPython: { type: "string", sensitive: true, description: "Python on the workers. Default: the driver's interpreter where a worker has it, else one of the same version on its path." },
  stage: { type: "string", sensitive: true, description: "Where a job's files go in cluster mode: a `file:` path that the workers share, `hdfs:` or `s3a:`." },
  restUrl: { type: "string", sensitive: true, description: "The master's REST address in cluster mode. Default: `http://<master host>:6066`." },
  masterUi: { type: "string", sensitive: true, description: "The master's web page. Default: `http://<master host>:8080`." },
} as const satisfies Record<string, SettingSpec>;

/** A Spark target's settings, references resolved, checked. */
export interface SparkTarget {
  master: string;
  cluster: boolean;
  sparkHome: string | null;
  javaHome: string | null;
  /** What the user set, and what the common vocabulary means; the user's own properties win. */
  conf: Record<string, string>;
  executorPython: string | null;
  stage: string | null;
  restUrl: string | null;
  masterUi: string | null;
  workdir: string | null;
  /** Settings that Spark can't honour, in sentences. */
  remarks: string[];
}

/** Properties that Slingshot sets itself, and the setting that is meant instead. */
const reserved: Readonly<Record<string, string>> = {
  "spark.master": "Set `master` of the target.",
  "spark.submit.deployMode": "Set `deployMode` of the target.",
  "spark.pyspark.python": "Set `executorPython` of the target.",
  "spark.pyspark.driver.python": "Set `python` of the target.",
  "spark.slingshot.job": "Remove it: Slingshot finds the job by it.",
};

/** The table: common settings as Spark properties. `local` masters have no executors of their own, so memory is the driver's. */
const translation: Readonly<Record<"cpus" | "memory" | "gpus" | "nodes" | "driverMemory", (value: unknown, runsHere: boolean) => Record<string, string>>> = {
  cpus: (value, here): Record<string, string> => (here ? {} : { "spark.executor.cores": String(value) }),
  memory: (value, here): Record<string, string> => ({ [here ? "spark.driver.memory" : "spark.executor.memory"]: sizeOf(value) }),
  gpus: (value): Record<string, string> =>
    Number(value) === 0 ? {} : { "spark.executor.resource.gpu.amount": String(value), "spark.task.resource.gpu.amount": "1" },
  nodes: (value, here): Record<string, string> => (here ? {} : { "spark.executor.instances": String(value) }),
  driverMemory: (value): Record<string, string> => ({ "spark.driver.memory": sizeOf(value) }),
};

/** Throws a usage error for what can't be meant. */
export function sparkTarget(target: Target): SparkTarget {
  const { settings } = target;
  const master = text(settings["master"]) ?? "";
  const cluster = settings["deployMode"] === "cluster";
  if (!/^(local(\[.*\])?|local-cluster\[.*\]|spark:\/\/.+|yarn|k8s:\/\/.+)$/.test(master)) {
    throw usage(`the master ${JSON.stringify(master)} of the target "${target.name}" is none that Spark knows.`, "Use local[N], local-cluster[N,cores,MB], spark://host:port, yarn or k8s://….");
  }
  if (cluster && !master.startsWith("spark://")) {
    throw usage(`deployMode "cluster" needs a standalone master, and the master of "${target.name}" is ${master}.`, "Use spark://host:port, or remove deployMode.");
  }
  const stage = text(settings["stage"]);
  if (cluster && stage === null) {
    throw usage(`the target "${target.name}" runs its driver on the cluster, but has no \`stage\`.`, "Set `stage` to a file: path that the workers share, or to an hdfs: or s3a: folder.");
  }
  if (stage !== null && !/^(file|hdfs|s3a):/.test(stage)) {
    throw usage(`the stage ${JSON.stringify(stage)} of "${target.name}" is none of file:, hdfs:, s3a:.`, "Write for example file:///shared/slingshot.");
  }
  const own = map(settings["conf"]);
  for (const [key, remedy] of Object.entries(reserved)) {
    if (key in own) throw usage(`conf of "${target.name}" sets ${key}, which Slingshot sets itself.`, remedy);
  }
  const here = runsHere(master);
  const conf: Record<string, string> = {};
  for (const key of ["cpus", "memory", "gpus", "nodes", "driverMemory"] as const) {
    if (settings[key] !== undefined) Object.assign(conf, translation[key](settings[key], here));
  }
  // A standalone cluster gives an application every core unless it is told how many.
  if (master.startsWith("spark://") && settings["nodes"] !== undefined && settings["cpus"] !== undefined) {
    conf["spark.cores.max"] = String(Number(settings["nodes"]) * Number(settings["cpus"]));
  }
  const packages = list(settings["packages"]);
  if (packages.length > 0) conf["spark.jars.packages"] = packages.join(",");
  const jars = list(settings["jars"]);
  if (jars.length > 0) conf["spark.jars"] = jars.join(",");
  const name = text(settings["name"]);
  if (name !== null) conf["spark.app.name"] = name;
  return {
    master,
    cluster,
    sparkHome: text(settings["sparkHome"]),
    javaHome: text(settings["javaHome"]),
    conf: { ...conf, ...own },
    executorPython: text(settings["executorPython"]),
    stage: stage?.replace(/\/+$/, "") ?? null,
    restUrl: text(settings["restUrl"]),
    masterUi: text(settings["masterUi"]),
    workdir: text(settings["workdir"]),
    remarks: remarksOf(settings),
  };
}

/** Whether tasks run inside the driver's own JVM. */
export function runsHere(master: string): boolean {
  return master === "local" || master.startsWith("local[");
}

function remarksOf(settings: Record<string, unknown>): string[] {
  const remarks: string[] = [];
  if (settings["time"] !== undefined) remarks.push("`time` has no effect: Spark has no time limit for applications.");
  const requirements = list(settings["requirements"]);
  if (requirements.length > 0) {
    remarks.push(`Spark installs no packages; on the driver's and the workers' Python run: python -m pip install ${requirements.join(" ")}`);
  }
  return remarks;
}

/** Spark reads a plain number as megabytes for some properties and as bytes for others; kibibytes are read alike everywhere. */
function sizeOf(value: unknown): string {
  return `${String(Math.ceil((parseSize(value) ?? 0) / 1024))}k`;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function list(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

function map(value: unknown): Record<string, string> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)])) : {};
}

function usage(message: string, remedy: string): SlingshotError {
  return new SlingshotError("usage", "spark-target", message.charAt(0).toUpperCase() + message.slice(1), remedy);
}
