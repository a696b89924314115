/** The interpreter that the user chose in the editor. */
import { homedir } from "node:os";
import * as vscode from "vscode";

/** The slice of the Python extension's API that is used here (`@vscode/python-extension` documents it whole). */
interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(environment: { path: string }): Promise<{ executable: { uri: vscode.Uri | undefined } } | undefined>;
  };
}

/**
 * Absolute path of the active environment's interpreter for a folder, else `python.defaultInterpreterPath`, else undefined.
 * Only in trusted workspaces: the Python extension may start programs to answer.
 */
export async function chosenInterpreter(folder: string, log: vscode.LogOutputChannel): Promise<string | undefined> {
  const resource = vscode.Uri.file(folder);
  const extension = vscode.extensions.getExtension<Partial<PythonApi>>("ms-python.python");
  if (extension !== undefined) {
    try {
      const { environments } = extension.isActive ? extension.exports : await extension.activate();
      const active = environments?.getActiveEnvironmentPath(resource);
      const resolved = active === undefined ? undefined : await environments?.resolveEnvironment(active);
      const path = resolved?.executable.uri?.fsPath;
      if (path !== undefined) return path;
    } catch (error) {
      log.warn(`The Python extension named no interpreter: ${String(error)}`);
    }
  }
  const configured = vscode.workspace.getConfiguration("python", resource).get<string>("defaultInterpreterPath");
  // "python" is that setting's own default: nobody's choice.
  if (configured === undefined || configured === "" || configured === "python") return undefined;
  return configured.replaceAll("${workspaceFolder}", folder).replace(/^~(?=\/)/, homedir());
}
