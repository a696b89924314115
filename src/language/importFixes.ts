/** Quick fixes for what the diagnostics on imports say: each adds one line to the project file. */
import { CodeActionKind, type CodeAction, type Diagnostic } from "vscode-languageserver/node";
import { projectFileName } from "../project/projectFile.js";
import type { ProjectChange } from "../project/projectEdits.js";
import type { DiskCache } from "../snapshot/diskCache.js";
import { searchModule } from "../snapshot/moduleSearch.js";
import { isInside } from "../snapshot/paths.js";
import type { Mend } from "./importDiagnostics.js";
import type { JobContext } from "./protocol.js";
import { inSlices } from "./slices.js";

/** The client's own command that makes a change to a folder's project file: it knows the file's unsaved text. */
export const editProjectCommand = "_slingshot.project.edit";

const mostRoots = 3;

export async function importFixes(diagnostics: readonly Diagnostic[], context: JobContext, disk: DiskCache, signal: AbortSignal): Promise<CodeAction[]> {
  const actions: CodeAction[] = [];
  const { workspace } = context.settings;
  const add = (diagnostic: Diagnostic, title: string, change: ProjectChange, isPreferred: boolean): void => {
    actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred, command: { title, command: editProjectCommand, arguments: [workspace, change] } });
  };
  for (const diagnostic of diagnostics) {
    const mend = mendOf(diagnostic);
    if (mend === undefined) continue;
    if (mend.kind !== "module") {
      const value = mend.kind === "folder" ? `${mend.path}/**` : mend.path;
      add(diagnostic, `Send "${value}" along with jobs (bundle.include in ${projectFileName})`, { add: "include", value }, mend.kind === "file");
      continue;
    }
    for (const folder of [workspace, ...(context.settings.folders ?? [])]) {
      const found = (await inSlices(searchModule(mend.name, folder, disk), () => { disk.begin(false, () => true); }, signal)) ?? [];
      for (const directory of found.slice(0, mostRoots)) {
        const root = relativeRoot(workspace, directory);
        add(diagnostic, `Add import root "${root}" (bundle.roots in ${projectFileName})`, { add: "roots", value: root }, found.length === 1);
      }
    }
  }
  return actions;
}

function mendOf({ source, data }: Diagnostic): Mend | undefined {
  const mend = data as Partial<Mend> | null | undefined;
  return source === "Slingshot" && typeof mend === "object" && mend !== null && "kind" in mend ? (mend as Mend) : undefined;
}

function relativeRoot(workspace: string, directory: string): string {
  if (directory === workspace) return ".";
  return isInside(directory, workspace) ? directory.slice(workspace.length + 1) : directory;
}
