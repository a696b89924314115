/** What `slingshot bundle` says to people: what would be sent, why, what not, and what differs from the last run. */
import { sizeText } from "../base/quantities.js";
import type { JobSummary } from "../jobs/jobStore.js";
import { stateWords } from "../jobs/stateWords.js";
import { differences } from "../snapshot/differences.js";
import type { Manifest, ManifestFile, Note } from "../snapshot/manifest.js";
import { ReasonChains, reasonWords } from "../snapshot/reasonChain.js";

/** The last run of the entry, with what it sent. */
export interface LastRun {
  job: JobSummary;
  manifest: Manifest;
}

/** Files beyond which the largest are named apart. */
const fewFiles = 12;
const largestShown = 5;

/** Ends without a line break. `last`: undefined where the entry has not run in this workspace folder, null where that is not known. */
export function bundleText(manifest: Manifest, last: LastRun | undefined | null): string {
  const sections = [totals(manifest), files(manifest), largest(manifest), leftOut(manifest), notes(manifest), sinceLastRun(manifest, last)];
  return sections.filter((section) => section.length > 0).map((section) => section.map(inert).join("\n")).join("\n\n");
}

function totals(manifest: Manifest): string[] {
  const { entry, importRoots, fallbackRoots, external } = manifest;
  const place = entry.module === null ? (entry.file ?? "") : `-m ${entry.module}`;
  const unsaved = manifest.files.filter((file) => file.origin === "buffer").length;
  const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
  const fallback = [...fallbackRoots.declared, ...fallbackRoots.guessed.map((root) => `${root} (guessed)`)];
  const facts: [string, string][] = [
    ["Entry", entry.function === null ? place : `${place}::${entry.function}`],
    ["Files", `${manifest.files.length.toLocaleString("en")}, ${sizeText(bytes)}${unsaved === 0 ? "" : `, ${String(unsaved)} unsaved`}`],
    ["Import roots", importRoots.join(", ")],
    ["Fallback roots", fallback.join(", ")],
    ["From the target", external.join(", ")],
    ["Snapshot", manifest.id],
  ];
  return facts.filter(([, value]) => value !== "").map(([name, value]) => `${name.padEnd(16)}${value}`);
}

function files(manifest: Manifest): string[] {
  const chains = new ReasonChains(manifest.files);
  const rows = manifest.files.map((file) => ({
    size: sizeText(file.size),
    path: file.origin === "buffer" ? `${file.path} (unsaved)` : file.path,
    why: why(chains, file),
  }));
  return ["Files", ...table(rows.map(({ size, path, why }) => [size, path, why]))];
}

/** The whole way from the entry in one line, the nearest step first: `lib/io.py:9 ← job.py:4`. */
function why(chains: ReasonChains, file: ManifestFile): string {
  const chain = chains.of(file.path);
  if (chain === undefined || chain.steps.length === 0) return reasonWords(file.reason);
  const way = chain.steps.toReversed().map(({ path, line }) => (line === null ? path : `${path}:${String(line)}`)).join(" ← ");
  return chain.start.reason.kind === "entry" ? `${reasonWords(file.reason)} ${way}` : `${reasonWords(file.reason)} ${way} (${reasonWords(chain.start.reason)})`;
}

function largest(manifest: Manifest): string[] {
  if (manifest.files.length <= fewFiles) return [];
  const sorted = [...manifest.files].sort((left, right) => right.size - left.size).slice(0, largestShown);
  return ["Largest files", ...table(sorted.map(({ size, path }) => [sizeText(size), path]))];
}

function leftOut({ excluded }: Manifest): string[] {
  const byRule = new Map<string, string[]>();
  for (const { path, rule } of excluded) byRule.set(rule, [...(byRule.get(rule) ?? []), path]);
  const lines = [...byRule].flatMap(([rule, paths]) => [`  by ${rule}`, ...paths.map((path) => `    ${path}`)]);
  return lines.length === 0 ? [] : [`Left out (${String(excluded.length)})`, ...lines];
}

function notes({ notes }: Manifest): string[] {
  return notes.length === 0 ? [] : ["Notes", ...notes.map((note) => `  ${noteText(note)}`)];
}

function noteText({ severity, file, line, text }: Note): string {
  const place = file === undefined || text.startsWith(file) ? "" : `${file}${line === undefined ? "" : `:${String(line)}`}: `;
  return `${severity}: ${place}${text}`;
}

function sinceLastRun(manifest: Manifest, last: LastRun | undefined | null): string[] {
  if (last === null) return [];
  if (last === undefined) return ["This entry has not run in this workspace folder yet."];
  const { record, status } = last.job;
  const changed = differences(last.manifest, manifest);
  const which = `${new Date(record.createdAt).toLocaleString()} on ${record.target.name}, ${stateWords(status).toLowerCase()}, job ${record.id}`;
  if (changed.length === 0) return [`Nothing has changed since the last run (${which}).`];
  const rows = changed.map(({ path, before, after }) => {
    if (before === undefined) return ["added", path, ""];
    if (after === undefined) return ["removed", path, ""];
    const sizes = before.size === after.size ? "" : `${sizeText(before.size)} → ${sizeText(after.size)}`;
    return ["changed", path, before.mode === after.mode ? sizes : [sizes, after.mode === "755" ? "now executable" : "no longer executable"].filter((part) => part !== "").join(", ")];
  });
  return [`Changed since the last run (${which})`, ...table(rows, false)];
}

/** Rows in columns, indented by two; the first column stands to the right, the last is as long as it is. */
function table(rows: readonly (readonly string[])[], numeric = true): string[] {
  // A few very long names must not push every reason out of sight.
  const widths = (rows[0] ?? []).map((_, column) => rows.reduce((widest, row) => Math.max(widest, Math.min(60, (row[column] ?? "").length)), 0));
  return rows.map((row) => {
    const cells = row.map((cell, column) => (column === 0 && numeric ? cell.padStart(widths[0] ?? 0) : column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
    return `  ${cells.join("  ")}`.trimEnd();
  });
}

/** A file's name may hold what a terminal would obey. */
function inert(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
