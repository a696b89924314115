/** What a search of a snapshot says: findings by content and by name, and the manifest's notes on them. */
import type { Manifest, ManifestFile, Note } from "../manifest.js";
import { secretName } from "../secretNames.js";
import { isCertificateFile } from "./certificates.js";
import { ruleWords } from "./ruleWords.js";
import type { FileSecrets, SearchedContent, SecretFinding, SecretReport } from "./secretFinding.js";

/** What becomes of a file with findings. `open`: nobody has decided. */
export type SecretState = "open" | "send" | "leave-out";

/** `searched`: one for each of the files, in their order. The entry and program text are judged by their content alone, never by their names. */
export function secretReport(files: readonly ManifestFile[], searched: readonly SearchedContent[]): SecretReport {
  const report: SecretReport = { files: [], unsearched: [] };
  files.forEach(({ path, sha256, reason }, index) => {
    const { findings = [], unsearched = undefined, certificates = false } = searched[index] ?? {};
    const named = reason.kind !== "entry" && secretName(path) !== null && !(certificates && isCertificateFile(path));
    if (named) report.files.push({ path, sha256, findings: [{ rule: "file-name", line: 0, digest: sha256 }, ...findings] });
    else if (findings.length > 0) report.files.push({ path, sha256, findings });
    if (unsearched !== undefined) report.unsearched.push({ path, why: unsearched });
  });
  return report;
}

/** For people and as a place to go to, for example `conf/db.yaml:3 looks like a password`. */
export function findingText(path: string, { rule, line }: SecretFinding): string {
  return `${path}${line === 0 ? "" : `:${String(line)}`} looks like ${ruleWords(rule)}`;
}

const fates: Readonly<Record<SecretState, { severity: Note["severity"]; text: string }>> = {
  open: { severity: "error", text: "it is not sent before you have decided." },
  send: { severity: "warning", text: "it is sent, as you have decided." },
  "leave-out": { severity: "warning", text: "it is left out, as you have decided." },
};

/** Gives the manifest a note `secret:<file>` for each file with findings, and one on what was not searched. The id stays as it is. */
export function noteSecrets(manifest: Manifest, report: SecretReport, stateOf: (file: FileSecrets) => SecretState): void {
  const notes = report.files.map((file): Note => {
    const [first] = file.findings;
    const { severity, text } = fates[stateOf(file)];
    const more = file.findings.length > 1 ? ` (and ${String(file.findings.length - 1)} more in this file)` : "";
    const what = first === undefined ? file.path : findingText(file.path, first);
    return { kind: "secret", subject: file.path, severity, file: file.path, ...(first === undefined || first.line === 0 ? {} : { line: first.line }), text: `${what}${more}; ${text}` };
  });
  if (report.unsearched.length > 0) notes.push(unsearchedNote(report.unsearched));
  if (notes.length === 0) return;
  const rank: Readonly<Record<Note["severity"], number>> = { error: 0, warning: 1, info: 2 };
  const others = manifest.notes.filter(({ kind }) => kind !== "secret" && kind !== "not-searched");
  manifest.notes = [...others, ...notes].sort((left, right) => rank[left.severity] - rank[right.severity]);
}

function unsearchedNote(unsearched: SecretReport["unsearched"]): Note {
  const names = unsearched.slice(0, 5).map(({ path, why }) => `${path} (${why === "binary" ? "no text" : "only in part"})`);
  const more = unsearched.length > names.length ? ` and ${String(unsearched.length - names.length)} more` : "";
  return { kind: "not-searched", subject: "secrets", severity: "info", text: `Not searched for secrets: ${names.join(", ")}${more}.` };
}
