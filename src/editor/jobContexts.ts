/** What a job of a document would be launched with, for the language server: it knows neither targets nor interpreters. */
import * as vscode from "vscode";
import { errorText } from "../base/errors.js";
import type { JobContext } from "../language/protocol.js";
import { configuration } from "../platform/configuration.js";
import type { Approvals } from "../project/approval.js";
import type { Project, Target } from "../project/target.js";
import type { InterpreterInfo } from "../snapshot/request.js";
import type { Folders } from "./folders.js";
import { overlayPath } from "./freeze.js";
import type { Interpreters } from "./interpreters.js";
import type { Projects } from "./projects.js";
import type { TargetChoice } from "./targetChoice.js";

export interface JobContextParts {
  folders: Folders;
  projects: Projects;
  targets: TargetChoice;
  interpreters: Interpreters;
  approvals: Approvals;
  log: (message: string) => void;
}

export class JobContexts {
  constructor(private readonly parts: JobContextParts) {}

  /** Null for a document that no job can hold. Never rejects: what can't be known is left out. */
  async of(uri: vscode.Uri): Promise<JobContext | null> {
    const path = overlayPath({ uri, isUntitled: uri.scheme === "untitled", languageId: "python" });
    if (path === undefined) return null;
    const { folders, projects, targets } = this.parts;
    const workspace = folders.of(uri);
    const others = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath).filter((folder) => folder !== workspace);
    const enabled = configuration.imports();
    try {
      const project = projects.read(workspace);
      const target = targets.current(project);
      const interpreter = await this.interpreter(project, target);
      return { path, target: target.name, enabled, settings: { workspace, folders: others, interpreter, bundle: project.bundle } };
    } catch (error) {
      // The project file is wrong: that is said at the launch, and where the target shows.
      this.parts.log(`Imports are looked up without the project file: ${errorText(error)}`);
      return { path, target: "local", enabled, settings: { workspace, folders: others, interpreter: null, bundle: {} } };
    }
  }

  /** Null where none may be asked: in a restricted workspace, or where a project file names one that is not approved or not yet known. */
  private async interpreter(project: Project, target: Target): Promise<InterpreterInfo | null> {
    const { approvals, interpreters, projects, log } = this.parts;
    const own = target.settings["python"];
    if (!vscode.workspace.isTrusted || !projects.isApproved(approvals, project, target)) return null;
    if (typeof own === "string" && own.includes("${")) return null;
    try {
      return await interpreters.of(target, project.workspace);
    } catch (error) {
      log(`Imports are looked up without an interpreter: ${errorText(error)}`);
      return null;
    }
  }
}
