/** Which workspace folder a document belongs to. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { projectFileName } from "../project/projectFile.js";

export class Folders {
  constructor(private readonly stateDir: string) {}

  /**
   * The workspace folder of a document; of a file outside all folders the nearest one that holds a project file or `.git`,
   * else its own. An untitled buffer belongs to the first folder, else to an empty one of Slingshot's.
   */
  of(uri: vscode.Uri): string {
    const folder = vscode.workspace.getWorkspaceFolder(uri) ?? (uri.scheme === "file" ? undefined : vscode.workspace.workspaceFolders?.[0]);
    if (folder !== undefined) return folder.uri.fsPath;
    if (uri.scheme !== "file" && !uri.path.startsWith("/")) return this.empty;
    const own = dirname(uri.fsPath);
    for (let at = own; ; at = dirname(at)) {
      if (existsSync(join(at, projectFileName)) || existsSync(join(at, ".git"))) return at;
      if (dirname(at) === at) return own;
    }
  }

  /** The folder that commands without a document speak of: the active Python editor's, else the first. */
  get active(): string {
    const active = vscode.window.activeTextEditor?.document;
    if (active?.languageId === "python") return this.of(active.uri);
    return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? this.empty;
  }

  private get empty(): string {
    return join(this.stateDir, "untitled");
  }
}
