/** From what ran, or would run, back to the document that it is of. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import type { JobRecord } from "../jobs/job.js";
import { overlayPath } from "./freeze.js";
import type { Entry } from "./launchMemory.js";

/** The document of an entry as it is now. Throws where there is none any more. */
export function entryOf({ workspace, entry }: Pick<JobRecord, "workspace" | "entry">): Entry {
  const { file, module } = entry;
  if (module !== null) return { uri: vscode.Uri.file(workspace).toString(), function: entry.function, module };
  const path = file ?? "";
  const untitled = vscode.workspace.textDocuments.find((document) => document.isUntitled && overlayPath(document) === path);
  if (untitled !== undefined) return { uri: untitled.uri.toString(), function: entry.function };
  const onDisk = join(workspace, path);
  if (path === "" || path.startsWith(".slingshot/") || !existsSync(onDisk)) {
    throw new SlingshotError("usage", "entry-gone", `${path} is no longer there.`, "Run the job's snapshot again instead.");
  }
  return { uri: vscode.Uri.file(onDisk).toString(), function: entry.function };
}
