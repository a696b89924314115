/** Asks what to do with files that look like they hold a secret: where and which rule, never the secret itself. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { SecretAnswer, SecretQuestion } from "../snapshot/secrets/screenSecrets.js";
import type { FileSecrets } from "../snapshot/secrets/secretFinding.js";
import { findingText } from "../snapshot/secrets/secretReport.js";
import { overlayPath } from "./freeze.js";

const shownFindings = 12;

/** "Show" opens the first place and cancels, since the launch can't go on while its question is away. */
export async function askAboutSecrets({ workspace, target, files, mayLeaveOut }: SecretQuestion): Promise<SecretAnswer> {
  const [only] = files;
  if (only === undefined) return "send";
  const leaveOut = "Leave Out";
  const show = "Show";
  const send = "Send Anyway";
  const place = placeOf(workspace, only);
  const buttons = [...(mayLeaveOut ? [leaveOut] : []), ...(place === undefined ? [] : [show]), send];
  const message = files.length === 1 ? `${only.path} may hold a secret. Send it to ${target}?` : `${String(files.length)} files may hold secrets. Send them to ${target}?`;
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail: detailOf(files, mayLeaveOut) }, ...buttons);
  if (chosen === send) return "send";
  if (chosen === leaveOut) return "leave-out";
  if (chosen === show && place !== undefined) await vscode.window.showTextDocument(place.uri, { selection: new vscode.Range(place.line, 0, place.line, 0) });
  return "cancel";
}

function detailOf(files: readonly FileSecrets[], mayLeaveOut: boolean): string {
  const lines = files.flatMap(({ path, findings }) => findings.map((finding) => findingText(path, finding)));
  const shown = lines.slice(0, shownFindings);
  if (lines.length > shown.length) shown.push(`… and ${String(lines.length - shown.length)} more`);
  const remedy = 'Instead, the project file can give it to the job: "env": { "NAME": "${secret:NAME}" }.';
  const memory = mayLeaveOut ? "What you leave out stays out. What you send is asked about again when it changes." : "If you send it, you are asked again when these lines change.";
  return `${shown.join("\n")}\n\n${remedy}\n\n${memory}`;
}

/** Where the first finding stands in the editor; undefined for files that lie elsewhere. */
function placeOf(workspace: string, { path, findings }: FileSecrets): { uri: vscode.Uri; line: number } | undefined {
  const line = Math.max(0, (findings[0]?.line ?? 1) - 1);
  const untitled = vscode.workspace.textDocuments.find((document) => document.isUntitled && overlayPath(document) === path);
  if (untitled !== undefined) return { uri: untitled.uri, line };
  const onDisk = join(workspace, path);
  return existsSync(onDisk) ? { uri: vscode.Uri.file(onDisk), line } : undefined;
}
