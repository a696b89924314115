/** One vocabulary of target settings for every backend; a wrong key is an error that lists the right ones. */

/** The form of one setting. */
export interface SettingSpec {
  type: "string" | "integer" | "boolean" | "string[]" | "map" | "duration" | "size";
  /** One sentence; shown in completions and hovers of the project file. */
  description: string;
  /** Allowed values, where only some are. */
  values?: readonly string[];
  /**
   * True where the value names a program, flag, host or shell line: from the project file it is honoured only in a
   * trusted workspace and after the user approved that content once.
   */
  sensitive?: boolean;
  required?: boolean;
}

export const commonSettings = {
  cpus: { type: "integer", description: "Processor cores for the job (per task where the engine has tasks)." },
  gpus: { type: "integer", description: "GPUs for the job." },
  memory: { type: "size", description: "Memory for the job, e.g. `4 GB`." },
  time: { type: "duration", description: "Time limit, `HH:MM:SS` or `90m`." },
  nodes: { type: "integer", description: "Machines for the job." },
  env: { type: "map", description: "Environment variables of the job. `${env:NAME}` and `${secret:NAME}` are resolved at launch." },
  python: { type: "string", description: "The Python interpreter that runs the job.", sensitive: true },
  requirements: { type: "string[]", description: "Packages that the job needs, where the engine can install them." },
  workdir: { type: "string", description: "Working directory of the job, instead of a fresh one." },
  name: { type: "string", description: "Name of the job on the engine." },
} as const satisfies Record<string, SettingSpec>;
