/** What is wrong with a document's imports, for the editor's list of problems. */
import { DiagnosticSeverity, type Diagnostic } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { DocumentFacts, ImportFact } from "../snapshot/importFacts.js";
import { scopes } from "../snapshot/scan/sourceScan.js";
import { rangeOf } from "./importRanges.js";
import type { JobContext } from "./protocol.js";

/** What a quick fix needs to know of the diagnostic that it mends. */
export type Mend = { kind: "module"; name: string } | { kind: "file"; path: string } | { kind: "folder"; path: string };

export function importDiagnostics(document: TextDocument, facts: DocumentFacts, context: JobContext): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (range: Diagnostic["range"], severity: DiagnosticSeverity, code: string, message: string, mend?: Mend): void => {
    found.push({ range, severity, source: "Slingshot", code, message, ...(mend === undefined ? {} : { data: mend }) });
  };
  const said = new Set<string>();
  for (const fact of facts.imports) {
    const problem = problemOf(fact, facts, context);
    const range = problem === undefined ? undefined : rangeOf(document, fact);
    if (problem === undefined || range === undefined) continue;
    const key = `${String(range.start.line)}:${String(range.start.character)}:${problem.code}`;
    if (said.has(key)) continue;
    said.add(key);
    add(range, problem.severity, problem.code, problem.message, problem.mend);
  }
  if (facts.hides !== null) {
    add(lineOf(document, 0), DiagnosticSeverity.Warning, "hides-standard-library", `This file takes the place of the standard library's "${facts.hides}" in jobs that start in this folder, also for the library's own modules. Rename it if that is not meant.`);
  }
  for (const { path, isFolder, line, why, includable } of facts.unsent) {
    const mend: Mend | undefined = includable ? { kind: isFolder ? "folder" : "file", path } : undefined;
    add(literalOf(document, line - 1, path), isFolder ? DiagnosticSeverity.Hint : DiagnosticSeverity.Information, "not-sent", `"${path}" is not sent along: ${why}`, mend);
  }
  return found;
}

interface Problem {
  severity: DiagnosticSeverity;
  code: string;
  message: string;
  mend?: Mend;
}

function problemOf(fact: ImportFact, facts: DocumentFacts, { target, settings }: JobContext): Problem | undefined {
  const { place, name } = fact;
  // A program that catches the error, or that may have made its own path, is believed.
  if ((fact.scope & scopes.guarded) !== 0) return undefined;
  const severity = facts.pathUnread ? DiagnosticSeverity.Information : DiagnosticSeverity.Warning;
  if (place.kind === "local" && place.hidesStandard && place.rootKind === "import" && fact.item === null && !name.includes(".")) {
    return { severity: DiagnosticSeverity.Warning, code: "hides-standard-library", message: `"${name}" is the local ${place.file.slice(place.root.length + 1)} here, not the standard library's. Rename it if that is not meant.` };
  }
  if (place.kind === "outside-package") return { severity, code: "outside-package", message: `"${name}" leads out of the package that this file belongs to, so a job can't import it.` };
  if (place.kind !== "missing") return undefined;
  if (place.owner !== null) return { severity, code: "missing-import", message: `"${place.gone}" is not in the local package "${place.owner}".`, mend: { kind: "module", name } };
  return { severity, code: "missing-import", message: `"${place.gone}" is neither below an import root nor installed for the target "${target}" (Python ${settings.interpreter?.version.join(".") ?? "?"}).`, mend: { kind: "module", name } };
}

/** The string literal on a line that ends as `path` does, else the line. */
function literalOf(document: TextDocument, line: number, path: string): Diagnostic["range"] {
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  const name = path.slice(path.lastIndexOf("/") + 1);
  for (const literal of text.matchAll(/"([^"]*)"|'([^']*)'/g)) {
    const value = (literal[1] ?? literal[2] ?? "").replace(/\/+$/, "");
    if (value === name || value.endsWith(`/${name}`)) return { start: { line, character: literal.index }, end: { line, character: literal.index + literal[0].length } };
  }
  return lineOf(document, line);
}

/** A line without the blanks around its text. */
function lineOf(document: TextDocument, line: number): Diagnostic["range"] {
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }).replace(/[\r\n]+$/, "");
  return { start: { line, character: text.length - text.trimStart().length }, end: { line, character: text.trimEnd().length } };
}
