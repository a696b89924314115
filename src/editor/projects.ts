/** The project of each workspace folder, over the project file's text as it stands on the screen. */
import { join } from "node:path";
import * as vscode from "vscode";
import type { JobPatterns } from "../language/jobFunctions.js";
import { configuration } from "../platform/configuration.js";
import type { Vocabularies } from "../project/checkTarget.js";
import { projectFileName, readProject } from "../project/projectFile.js";
import type { Approvals } from "../project/approval.js";
import type { Project, Target } from "../project/target.js";
import type { Folders } from "./folders.js";
import type { FrozenText } from "./freeze.js";

export class Projects {
  constructor(
    private readonly vocabularies: Vocabularies,
    private readonly folders: Folders,
  ) {}

  /** @param frozen the texts of a launch; absent: the open documents as they are now. Throws where the project file is wrong. */
  read(folder: string, frozen?: readonly FrozenText[]): Project {
    const file = join(folder, projectFileName);
    const text =
      frozen === undefined
        ? vscode.workspace.textDocuments.find((document) => document.uri.scheme === "file" && document.uri.fsPath === file)?.getText()
        : frozen.find((one) => one.path === file)?.text;
    return readProject(folder, this.vocabularies, configuration.targets(), text);
  }

  /** Never throws: a project file that is wrong is said where it matters, not above every function. */
  jobPatterns(uri: vscode.Uri): JobPatterns {
    try {
      return this.read(this.folders.of(uri)).jobs;
    } catch {
      return { decorators: [], functions: [] };
    }
  }

  isApproved(approvals: Approvals, project: Project, target: Target): boolean {
    return approvals.pending(project.workspace, target, this.vocabularies) === undefined;
  }
}
