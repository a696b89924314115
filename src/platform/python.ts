/** The interpreter that the user chose in the editor. */
import { homedir } from "node:os";
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import { within } from "../base/within.js";

/** The slice of the Python extension's API that is used here (`@vscode/python-extension` documents it whole). */
interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    onDidChangeActiveEnvironmentPath?: vscode.Event<object>;
    resolveEnvironment(environment: { path: string }): Promise<{ executable: { uri: vscode.Uri | undefined } } | undefined>;
  };
}

/** Milliseconds that the Python extension has to answer: it may look through many environments first, or hang. */
const patience = 10_000;

/** Null where the Python extension names none, or fails. */
async function activeInterpreter(extension: vscode.Extension<Partial<PythonApi>>, resource: vscode.Uri, log: vscode.LogOutputChannel): Promise<string | null> {
  try {
    const { environments } = extension.isActive ? extension.exports : await extension.activate();
    const active = environments?.getActiveEnvironmentPath(resource);
    const resolved = active === undefined ? undefined : await environments?.resolveEnvironment(active);
    return resolved?.executable.uri?.fsPath ?? null;
  } catch (error) {
    log.warn(`The Python extension named no interpreter: ${String(error)}`);
    return null;
  }
}

/**
 * Absolute path of the active environment's interpreter for a folder, else `python.defaultInterpreterPath`, else undefined.
 * Only in trusted workspaces: the Python extension may start programs to answer.
 * @throws SlingshotError `interpreter-unknown`
 */
export async function chosenInterpreter(folder: string, log: vscode.LogOutputChannel): Promise<string | undefined> {
  const resource = vscode.Uri.file(folder);
  const extension = vscode.extensions.getExtension<Partial<PythonApi>>("ms-python.python");
  if (extension !== undefined) {
    const path = await within(activeInterpreter(extension, resource, log), patience);
    // Another interpreter than the chosen one must not run the job unasked.
    if (path === undefined) throw new SlingshotError("unavailable", "interpreter-unknown", `The Python extension has not said within ${String(patience / 1000)} s which interpreter is chosen.`, "Launch again once it has found its environments, or set `python` of the target.");
    if (path !== null) return path;
  }
  const configured = vscode.workspace.getConfiguration("python", resource).get<string>("defaultInterpreterPath");
  // "python" is that setting's own default: nobody's choice.
  if (configured === undefined || configured === "" || configured === "python") return undefined;
  return configured.replaceAll("${workspaceFolder}", folder).replace(/^~(?=\/)/, homedir());
}

/** Another interpreter was chosen. The Python extension is not started for this: it is listened to once it runs. */
export function onDidChangeInterpreter(listener: () => void): vscode.Disposable {
  let extension: vscode.Disposable | undefined;
  const listen = (): void => {
    const python = vscode.extensions.getExtension<Partial<PythonApi>>("ms-python.python");
    if (python?.isActive === true) extension ??= python.exports.environments?.onDidChangeActiveEnvironmentPath?.(listener);
  };
  listen();
  return vscode.Disposable.from(
    // There is no event for the start of another extension: every change of the editor in front is an occasion to look.
    vscode.window.onDidChangeActiveTextEditor(() => {
      if (extension === undefined) listen();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("python.defaultInterpreterPath")) listener();
    }),
    { dispose: () => { extension?.dispose(); } },
  );
}
