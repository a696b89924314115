/** Remembers, per workspace, the arguments last given to each entry, and the last launch. */
import type { ArgumentValue } from "../jobs/job.js";

/** What a launch of an entry is given. */
export interface EntryArguments {
  argv: string[];
  arguments: Record<string, ArgumentValue>;
}

/** An entry that can be launched again; `uri` of the document. */
export interface Entry {
  uri: string;
  function: string | null;
  /** For `-m` launches, instead of the file. */
  module?: string;
}

/** Whether a command was given an entry. */
export function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null || !("uri" in value) || !("function" in value)) return false;
  return typeof value.uri === "string" && (value.function === null || typeof value.function === "string");
}

export interface LastLaunch extends EntryArguments {
  entry: Entry;
  target: string;
}

/** The slice of `vscode.Memento` that is used. */
export interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

const argumentsKey = "slingshot.arguments";
const lastKey = "slingshot.lastLaunch";
/** Entries beyond this are forgotten, oldest first. */
const remembered = 200;

export const noArguments: EntryArguments = { argv: [], arguments: {} };

export class LaunchMemory {
  constructor(private readonly memory: Memory) {}

  arguments(entry: Entry): EntryArguments {
    return this.all()[keyOf(entry)] ?? noArguments;
  }

  async rememberArguments(entry: Entry, given: EntryArguments): Promise<void> {
    const rest = Object.entries(this.all()).filter(([key]) => key !== keyOf(entry));
    await this.memory.update(argumentsKey, Object.fromEntries([...rest, [keyOf(entry), given]].slice(-remembered)));
  }

  get last(): LastLaunch | undefined {
    return this.memory.get<LastLaunch>(lastKey);
  }

  async rememberLast(launch: LastLaunch): Promise<void> {
    await this.memory.update(lastKey, launch);
  }

  private all(): Record<string, EntryArguments> {
    return this.memory.get<Record<string, EntryArguments>>(argumentsKey) ?? {};
  }
}

function keyOf(entry: Entry): string {
  return `${entry.uri}\n${entry.function ?? ""}`;
}
