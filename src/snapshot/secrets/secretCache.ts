/**
 * What was found in each content, kept below `<state>/caches/secrets`: digests, rules and lines, never a text. Lines are
 * appended, so that processes do not disturb each other; one that was cut off, or is of other rules, is passed over.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../../base/errors.js";
import { makePrivateFolder, writeAtomically } from "../../base/files.js";
import { contentKinds, type ContentKind, type SearchedContent, type SecretFinding } from "./secretFinding.js";

/** Raise it with every change of a rule: what other rules said is not believed. */
const rulesVersion = 2;
/** Contents that are kept; a file of more is cut to its younger half. */
const kept = 40_000;

export class SecretCache {
  private readonly folder: string;
  private readonly file: string;
  private known: Map<string, SearchedContent> | undefined;
  private fresh: string[] = [];

  constructor(stateDir: string) {
    this.folder = join(stateDir, "caches", "secrets");
    this.file = join(this.folder, `${String(rulesVersion)}.tsv`);
  }

  get(sha256: string, kind: ContentKind): SearchedContent | undefined {
    return this.all().get(keyOf(sha256, kind));
  }

  /** Whether the content is known as one of some kind. */
  has(sha256: string): boolean {
    return contentKinds.some((kind) => this.get(sha256, kind) !== undefined);
  }

  set(sha256: string, kind: ContentKind, content: SearchedContent): void {
    const key = keyOf(sha256, kind);
    this.all().set(key, content);
    const found = content.findings.map(({ rule, line, digest }) => `${rule}:${String(line)}:${digest}`).join(" ");
    this.fresh.push(`${key}\t${content.unsearched ?? (content.certificates === true ? "certificates" : "")}\t${found}\n`);
  }

  /** Writes what is new. A cache that can't be written costs time only. */
  save(): void {
    if (this.fresh.length === 0) return;
    const lines = this.fresh.join("");
    this.fresh = [];
    try {
      makePrivateFolder(this.folder);
      appendFileSync(this.file, lines, { mode: 0o600 });
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }

  private all(): Map<string, SearchedContent> {
    return (this.known ??= this.read());
  }

  private read(): Map<string, SearchedContent> {
    const known = new Map<string, SearchedContent>();
    let lines: string[] = [];
    try {
      lines = readFileSync(this.file, "utf8").split("\n");
    } catch (error) {
      if (!isErrno(error)) throw error;
      this.removeOthers();
    }
    for (const line of lines) {
      const [key, unsearched, found] = line.split("\t");
      if (key === undefined || found === undefined || !/^[a-z]:[0-9a-f]{64}$/.test(key)) continue;
      const findings = found === "" ? [] : found.split(" ").map(parseFinding);
      if (findings.includes(null)) continue;
      known.set(key, { findings: findings.filter((finding) => finding !== null), ...(unsearched === "binary" || unsearched === "long" ? { unsearched } : unsearched === "certificates" ? { certificates: true } : {}) });
    }
    if (lines.length > kept) this.shorten(lines);
    return known;
  }

  private shorten(lines: readonly string[]): void {
    try {
      writeAtomically(this.file, lines.slice(-kept / 2).join("\n"));
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }

  /** Files that other versions of the rules have left. */
  private removeOthers(): void {
    try {
      for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name), { force: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
}

/** The same bytes may be read in several ways. */
function keyOf(sha256: string, kind: ContentKind): string {
  return `${kind.slice(0, 1)}:${sha256}`;
}

function parseFinding(text: string): SecretFinding | null {
  const [, rule, line, digest] = /^([\w-]+):(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  return rule === undefined || line === undefined || digest === undefined ? null : { rule, line: Number(line), digest };
}
