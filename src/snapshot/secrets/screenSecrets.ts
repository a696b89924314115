/** Stops a launch at what looks like a secret until the user has decided; what they decided before is done without asking. */
import { SlingshotError } from "../../base/errors.js";
import { leftOutAsSecret, snapshotId, type Manifest, type ManifestFile } from "../manifest.js";
import type { FileSecrets, SearchedContent, SearchFile, SecretReport } from "./secretFinding.js";
import { findingText, noteSecrets, secretReport, type SecretState } from "./secretReport.js";

export interface SecretQuestion {
  workspace: string;
  /** Name of the target. */
  target: string;
  files: readonly FileSecrets[];
  /** Whether the job may do without these files: data is, code is not. */
  mayLeaveOut: boolean;
}

/** `nobody`: there is nobody who could be asked. */
export type SecretAnswer = "send" | "leave-out" | "cancel" | "nobody";

/** What the user decided before. */
export interface RememberedDecisions {
  of(workspace: string, path: string, digests: readonly string[]): Exclude<SecretState, "open"> | undefined;
  remember(workspace: string, path: string, digests: readonly string[], decision: Exclude<SecretState, "open">): void;
}

export interface SecretScreen {
  search(files: readonly SearchFile[], signal?: AbortSignal): Promise<SearchedContent[]>;
  decisions: RememberedDecisions;
  ask(question: SecretQuestion): Promise<SecretAnswer>;
}

export interface ScreenOptions {
  target: string;
  /** True for a snapshot that was taken before: it is sent as it is or not at all. */
  whole?: boolean;
}

/**
 * The manifest that may be sent: without the files that the user leaves out, and with notes on the others.
 * @throws SlingshotError `secret` where nobody can be asked; `cancelled`
 */
export async function screenSecrets(manifest: Manifest, screen: SecretScreen, options: ScreenOptions, signal?: AbortSignal): Promise<Manifest> {
  const report = secretReport(manifest.files, await screen.search(manifest.files, signal));
  const states = decided(manifest, report, screen.decisions, options.whole === true);
  const open = report.files.filter(({ path }) => states.get(path) === "open");
  const data = options.whole === true ? new Set<string>() : dispensable(manifest);
  const groups = [open.filter(({ path }) => !data.has(path)), open.filter(({ path }) => data.has(path))];
  if (open.length > 0 && signal?.aborted === true) throw cancelled();
  for (const [index, files] of groups.entries()) {
    if (files.length === 0) continue;
    const answer = await screen.ask({ workspace: manifest.workspace, target: options.target, files, mayLeaveOut: index === 1 });
    if (answer === "nobody") throw refusal(manifest, open);
    if (answer === "cancel" || signal?.aborted === true) throw cancelled();
    for (const file of files) {
      screen.decisions.remember(manifest.workspace, file.path, digestsOf(file), answer);
      states.set(file.path, answer);
    }
  }
  return settled(manifest, report, states);
}

/** For a look at what would be sent: nobody is asked, and what is not decided is told by a note of severity "error". */
export function judgeSecrets(manifest: Manifest, searched: readonly SearchedContent[], decisions: RememberedDecisions): Manifest {
  const report = secretReport(manifest.files, searched);
  return settled(manifest, report, decided(manifest, report, decisions, false));
}

function decided(manifest: Manifest, report: SecretReport, decisions: RememberedDecisions, whole: boolean): Map<string, SecretState> {
  const data = report.files.length === 0 || whole ? new Set<string>() : dispensable(manifest);
  return new Map(
    report.files.map((file) => {
      const decision = decisions.of(manifest.workspace, file.path, digestsOf(file)) ?? "open";
      // A file that was data may have become code.
      return [file.path, decision === "leave-out" && !data.has(file.path) ? "open" : decision];
    }),
  );
}

function settled(manifest: Manifest, report: SecretReport, states: ReadonlyMap<string, SecretState>): Manifest {
  const left = manifest.files.filter(({ path }) => states.get(path) === "leave-out");
  const result = left.length === 0 ? { ...manifest } : without(manifest, left);
  noteSecrets(result, report, ({ path }) => states.get(path) ?? "open");
  return result;
}

/** Files that are no code and no entry. */
function dispensable({ files }: Manifest): Set<string> {
  const data = files.filter(({ path, reason }) => (reason.kind === "include" || reason.kind === "data-reference") && !/\.(pyi?|pyw|ipy|ipynb|pyc|pyd|so)$/.test(path));
  return new Set(data.map(({ path }) => path));
}

function without(manifest: Manifest, left: readonly ManifestFile[]): Manifest {
  const content = { ...manifest, files: manifest.files.filter((file) => !left.includes(file)) };
  const excluded = [...manifest.excluded, ...left.map(({ path }) => ({ path, rule: leftOutAsSecret }))].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
  return { ...content, excluded, id: snapshotId(content) };
}

function digestsOf({ findings }: FileSecrets): string[] {
  return findings.map(({ digest }) => digest);
}

function refusal(manifest: Manifest, open: readonly FileSecrets[]): SlingshotError {
  const places = open.flatMap(({ path, findings }) => findings.map((finding) => ({ path, finding })));
  const shown = places.slice(0, 10).map(({ path, finding }) => `${findingText(path, finding)} (${finding.rule})`);
  if (places.length > shown.length) shown.push(`and ${String(places.length - shown.length)} more`);
  const [first] = places;
  const allow = [...new Set(open.slice(0, 3).map(({ path }) => `--allow-secret ${path}`))].join(" ");
  return new SlingshotError(
    "refused", "secret", `${shown.join("; ")}. Nothing was sent.`,
    `Give the job its secrets by "env" with "\${secret:NAME}", leave data files out with "bundle.exclude" or .slingshotignore, or send it knowingly: ${allow}${open.length > 3 ? " …" : ""}.`,
    first === undefined ? {} : { file: `${manifest.workspace}/${first.path}`, ...(first.finding.line === 0 ? {} : { line: first.finding.line }) },
  );
}

function cancelled(): SlingshotError {
  return new SlingshotError("cancelled", "cancelled", "The launch was cancelled.", "");
}
