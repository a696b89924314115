/**
 * What the runner (src/runner, Python) is told: the file `run/spec.json` of the job, mode 0600.
 * All paths are absolute paths of the machine that runs it.
 */
import type { ArgumentValue } from "../../jobs/job.js";

export interface RunnerSpec {
  version: 1;
  /** Job id. */
  job: string;
  /** Path of the snapshot's manifest. */
  manifest: string;
  /** The read-only tree named by its digest; built from `store` when it does not exist yet. */
  tree: string;
  /** Content store (`<store>/<ab>/<sha256>`), or null where the tree is already there. */
  store: string | null;
  /** Bytecode cache: `<bytecode>/<cache tag>/<sha256>.pyc`. */
  bytecode: string | null;
  argv: string[];
  arguments: Record<string, ArgumentValue>;
  /** 0600 JSON file `{ "NAME": "value" }` added to the environment; deleted once read. */
  env: string | null;
  /** The job's fresh working directory; with `prepareWorkdir`, the bundle's other files are laid out there. */
  workdir: string;
  prepareWorkdir: boolean;
  /** The job's folder: out.log, out.idx, engine.log, results/, outputs/, run/. */
  folder: string;
  /** Seconds between SIGTERM and SIGKILL. */
  grace: number;
  /** Total bytes of output files that are collected at the end. */
  outputsLimit: number;
  /** Bounds of the preview of a returned data frame, or null: no preview. */
  preview: { rows: number; columns: number; seconds: number } | null;
  spark: SparkSpec | null;
}

/** A Spark driver: on this machine, or on a worker of its cluster. */
export interface SparkSpec {
  /**
   * A 0600 file in the form of spark-defaults.conf: it may hold credentials. Deleted once the JVM has read it. Null where
   * Spark started this Python itself, so that its JVM is there already.
   */
  properties: string | null;
  /** SPARK_HOME, or null: the environment's, else that of the interpreter's pyspark. */
  sparkHome: string | null;
  /** What executors start as Python (the shim): absolute, or relative to their own directory. */
  executorPython: string;
  /** The same for workers on this machine; absolute. */
  localPython: string;
  /** Environment of the JVM, on top of the job's. */
  environment: Record<string, string>;
}

/** `run/supervisor.json`, written by the supervisor when it starts. */
export interface SupervisorState {
  pid: number;
  /** Start time of the supervisor in clock ticks since boot (Linux, `/proc/<pid>/stat` field 22), else null: guards against a reused pid. */
  startTicks: number | null;
  /** Process group of the program, once started. */
  group: number | null;
  python: string;
  version: string;
  startedAt: number;
  /** What holds the job up, in words for people; present only while it does (a full disk). */
  note?: string;
}

/** `run/exit.json`, written beside and renamed when everything of the job is in its folder. */
export interface SupervisorExit {
  outcome: "succeeded" | "failed" | "cancelled";
  code: number | null;
  signal: string | null;
  message: string | null;
  /** Milliseconds since the epoch. */
  startedAt: number | null;
  endedAt: number;
  /** Bytes in out.log at the end. */
  logBytes: number;
}
