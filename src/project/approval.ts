/**
 * Settings that name programs, flags or hosts are honoured from the project file only after the user approved that
 * content once on this machine: a repository that somebody else wrote must not start what it likes.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { makePrivateFolder, readJson, writeJson } from "../base/files.js";
import { vocabularyOf, type Vocabularies } from "./checkTarget.js";
import type { Target } from "./target.js";

interface ApprovalFile {
  version: 1;
  /** Approved lines by `<workspace>\n<target>`. */
  approved: Record<string, string[]>;
}

export interface ApprovalRequest {
  target: string;
  /** One line for each sensitive setting, `key = value`. */
  lines: string[];
  /** What differs from the approved lines: `+ line`, `- line`. */
  changed: string[];
  digest: string;
}

export class Approvals {
  private readonly file: string;

  constructor(private readonly stateDir: string) {
    this.file = join(stateDir, "approvals.json");
  }

  /** What the user must approve before this target may be used, or undefined: nothing. */
  pending(workspace: string, target: Target, vocabularies: Vocabularies): ApprovalRequest | undefined {
    if (target.source !== "project") return undefined;
    const vocabulary = vocabularyOf(target.backend, vocabularies);
    const lines = Object.entries(target.settings)
      .filter(([key]) => vocabulary[key]?.sensitive === true)
      .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
      .sort();
    if (lines.length === 0) return undefined;
    const known: unknown = this.read().approved[keyOf(workspace, target.name)];
    const before = Array.isArray(known) ? known.map(String) : [];
    const changed = [
      ...before.filter((line) => !lines.includes(line)).map((line) => `- ${line}`),
      ...lines.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    ];
    if (changed.length === 0) return undefined;
    return { target: target.name, lines, changed, digest: createHash("sha256").update(lines.join("\n")).digest("hex") };
  }

  approve(workspace: string, request: ApprovalRequest): void {
    makePrivateFolder(this.stateDir);
    const file = this.read();
    writeJson(this.file, { version: 1, approved: { ...file.approved, [keyOf(workspace, request.target)]: request.lines } } satisfies ApprovalFile);
  }

  private read(): ApprovalFile {
    try {
      const approved = readJson<{ approved?: unknown } | null>(this.file)?.approved;
      if (typeof approved === "object" && approved !== null) return { version: 1, approved: approved as ApprovalFile["approved"] };
    } catch {
      // A damaged file approves nothing.
    }
    return { version: 1, approved: {} };
  }
}

function keyOf(workspace: string, target: string): string {
  return `${workspace}\n${target}`;
}
