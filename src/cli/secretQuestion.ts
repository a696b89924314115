/** How the command line asks about secrets: on a terminal, once; elsewhere nobody can be asked. */
import { relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline/promises";
import { findingText } from "../snapshot/secrets/secretReport.js";
import type { RememberedDecisions, SecretAnswer, SecretQuestion } from "../snapshot/secrets/screenSecrets.js";

/** The end of the input and Ctrl-C mean cancel. */
export async function askAboutSecrets({ files, target, mayLeaveOut }: SecretQuestion): Promise<SecretAnswer> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return "nobody";
  const lines = files.flatMap(({ path, findings }) => findings.map((finding) => `  ${findingText(path, finding)} (${finding.rule})\n`));
  process.stderr.write(lines.join(""));
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  terminal.once("SIGINT", () => { closed.abort(); });
  terminal.once("close", () => { closed.abort(); });
  try {
    const what = mayLeaveOut ? `Send to ${target}, leave out, or cancel? [s/l/C] ` : `Send to ${target} anyway? [y/N] `;
    const answer = await terminal.question(what, { signal: closed.signal }).catch(() => "");
    if (mayLeaveOut ? /^s(end)?$/i.test(answer.trim()) : /^y(es)?$/i.test(answer.trim())) return "send";
    return mayLeaveOut && /^l(eave.*)?$/i.test(answer.trim()) ? "leave-out" : "cancel";
  } finally {
    terminal.close();
  }
}

/**
 * Decisions with the files of `--allow-secret` on top, which count for this command alone.
 * @param paths as given: relative to `cwd`, or manifest paths
 */
export function allowing(decisions: RememberedDecisions, paths: readonly string[], workspace: string, cwd: string): RememberedDecisions {
  const allowed = new Set(paths.flatMap((path) => [path.replace(/^\.\//, ""), relative(workspace, resolve(cwd, path)).split(sep).join("/")]));
  return {
    of: (folder, path, digests) => (allowed.has(path) ? "send" : decisions.of(folder, path, digests)),
    remember: (folder, path, digests, decision) => { decisions.remember(folder, path, digests, decision); },
  };
}
