/** What an honest tool says about a snapshot; each `kind:subject` once. */
import type { Note, Severity } from "./manifest.js";

export class Notes {
  private readonly notes = new Map<string, Note>();

  add(kind: string, subject: string, severity: Severity, text: string, file?: string, line?: number): void {
    const key = `${kind}:${subject}`;
    if (this.notes.has(key)) return;
    this.notes.set(key, { kind, subject, severity, ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }), text });
  }

  has(kind: string, subject: string): boolean {
    return this.notes.has(`${kind}:${subject}`);
  }

  /** Errors first, then warnings; the order within is that of discovery. */
  list(): Note[] {
    const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };
    return [...this.notes.values()].sort((left, right) => rank[left.severity] - rank[right.severity]);
  }
}
