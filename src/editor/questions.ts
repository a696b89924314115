/** What a launch asks the user, and only when something is odd. */
import * as vscode from "vscode";
import type { ApprovalRequest } from "../project/approval.js";
import { sizeText } from "../base/quantities.js";
import type { Target } from "../project/target.js";
import { commands } from "../platform/ids.js";
import type { Manifest, Note } from "../snapshot/manifest.js";
import { entryOf } from "./entryOf.js";

/** Asks once per content for the settings of a project file that name programs, flags or hosts. */
export async function askApproval(request: ApprovalRequest): Promise<boolean> {
  const use = "Use Them";
  const answer = await vscode.window.showWarningMessage(
    `The project file's target "${request.target}" names programs or hosts. Use them on this machine?`,
    { modal: true, detail: `${request.changed.join("\n")}\n\nYou are asked again when they change.` },
    use,
  );
  return answer === use;
}

/**
 * Asks for environment variables that a job was given and that no record keeps. An empty value leaves a variable out.
 * @throws CancellationError where the user gives up
 */
export async function askEnvironment(names: readonly string[]): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = await vscode.window.showInputBox({
      title: `Environment of the job · ${String(index + 1)} of ${String(names.length)}`,
      prompt: `The job had ${name}, whose value is kept nowhere. Left empty, it runs without.`,
      password: true,
      ignoreFocusOut: true,
    });
    if (value === undefined) throw new vscode.CancellationError();
    if (value !== "") env[name] = value;
  }
  return env;
}

/** Logs what is sent; asks only where a note says that the job will not be what it should. */
export async function reviewSnapshot(manifest: Manifest, target: Target, log: vscode.LogOutputChannel): Promise<boolean> {
  const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
  const unsaved = manifest.files.filter((file) => file.origin === "buffer").length;
  log.info(`Snapshot ${manifest.id.slice(0, 12)} for ${target.name}: ${String(manifest.files.length)} files, ${sizeText(bytes)}, ${String(unsaved)} unsaved, ${manifest.timings.closureMs.toFixed(1)} ms.`);
  for (const note of manifest.notes) {
    if (note.severity !== "info") log.warn(`  ${noteText(note)}`);
  }
  const errors = manifest.notes.filter((note) => note.severity === "error");
  if (errors.length === 0) return true;
  const run = "Run Anyway";
  const look = "Show What Will Be Sent";
  const shown = errors.slice(0, 10).map(noteText);
  if (errors.length > shown.length) shown.push(`… and ${String(errors.length - shown.length)} more`);
  const answer = await vscode.window.showWarningMessage(`Something is odd about what would run on ${target.name}.`, { modal: true, detail: shown.join("\n") }, run, look);
  // The launch ends here: the page has a button of its own that runs what it shows.
  if (answer === look) void vscode.commands.executeCommand(commands.showSent, entryOf(manifest));
  return answer === run;
}

function noteText(note: Note): string {
  const place = note.file === undefined || note.text.startsWith(note.file) ? "" : `${note.file}${note.line === undefined ? "" : `:${String(note.line)}`}: `;
  return place + note.text;
}
