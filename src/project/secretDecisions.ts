/**
 * What the user decided about findings of secrets, by workspace, file and digest: asked once, and again when what was found
 * changes. The file holds digests, never a text.
 */
import { join } from "node:path";
import { makePrivateFolder, readJson, writeJson } from "../base/files.js";

export type SecretDecision = "send" | "leave-out";

interface Decided {
  /** Digests of the findings that may be sent. */
  send?: string[];
  /** The file is left out, whatever it holds. */
  leaveOut?: true;
}

/** Files with decisions; the oldest are forgotten beyond this. */
const kept = 2_000;
/** Digests of one file. */
const keptDigests = 200;

export class SecretDecisions {
  private readonly file: string;

  constructor(private readonly stateDir: string) {
    this.file = join(stateDir, "secretDecisions.json");
  }

  /** Undefined where at least one of the findings was not decided yet. */
  of(workspace: string, path: string, digests: readonly string[]): SecretDecision | undefined {
    const decided = this.read().get(keyOf(workspace, path));
    if (decided?.leaveOut === true) return "leave-out";
    return decided?.send !== undefined && digests.every((digest) => decided.send?.includes(digest)) ? "send" : undefined;
  }

  remember(workspace: string, path: string, digests: readonly string[], decision: SecretDecision): void {
    const all = this.read();
    const key = keyOf(workspace, path);
    const before = all.get(key)?.send ?? [];
    all.delete(key);
    all.set(key, decision === "leave-out" ? { leaveOut: true } : { send: [...before.filter((digest) => !digests.includes(digest)), ...digests].slice(-keptDigests) });
    makePrivateFolder(this.stateDir);
    writeJson(this.file, { version: 1, decisions: Object.fromEntries([...all].slice(-kept)) });
  }

  /** Forgets what was decided in a workspace: everything found there is asked about again. */
  forget(workspace: string): void {
    const all = [...this.read()].filter(([key]) => !key.startsWith(`${workspace}\n`));
    makePrivateFolder(this.stateDir);
    writeJson(this.file, { version: 1, decisions: Object.fromEntries(all) });
  }

  private read(): Map<string, Decided> {
    const result = new Map<string, Decided>();
    let decisions: unknown;
    try {
      decisions = readJson<{ decisions?: unknown } | null>(this.file)?.decisions;
    } catch {
      // A damaged file decides nothing.
    }
    if (typeof decisions !== "object" || decisions === null) return result;
    for (const [key, value] of Object.entries(decisions as Record<string, unknown>)) {
      if (typeof value !== "object" || value === null) continue;
      if ("leaveOut" in value && value.leaveOut === true) result.set(key, { leaveOut: true });
      else if ("send" in value && Array.isArray(value.send)) result.set(key, { send: value.send.map(String) });
    }
    return result;
  }
}

function keyOf(workspace: string, path: string): string {
  return `${workspace}\n${path}`;
}
