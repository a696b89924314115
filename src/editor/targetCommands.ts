/** Choosing and checking targets, and opening the project file. */
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import type { Registry } from "../backends/registry.js";
import type { Availability } from "../backends/backend.js";
import { errorText, SlingshotError } from "../base/errors.js";
import { registerCommands } from "../platform/commandTable.js";
import { commands, privateCommands } from "../platform/ids.js";
import type { Secrets } from "../platform/secrets.js";
import { requireTrust } from "../platform/trust.js";
import type { Approvals } from "../project/approval.js";
import { projectFileName } from "../project/projectFile.js";
import type { SecretDecisions } from "../project/secretDecisions.js";
import { resolveTarget } from "../project/references.js";
import type { Project, Target } from "../project/target.js";
import type { Folders } from "./folders.js";
import { projectTemplate } from "./projectTemplate.js";
import type { Projects } from "./projects.js";
import type { TargetChoice } from "./targetChoice.js";

export interface TargetCommandParts {
  folders: Folders;
  projects: Projects;
  targets: TargetChoice;
  backends: Registry;
  secrets: Secrets;
  approvals: Approvals;
  secretDecisions: SecretDecisions;
}

const checkLimit = 10_000;

export function registerTargetCommands(parts: TargetCommandParts, log: vscode.LogOutputChannel): vscode.Disposable {
  return registerCommands(
    {
      [commands.chooseTarget]: () => chooseTarget(parts),
      [commands.checkTargets]: () => checkTargets(parts, log),
      [commands.openProjectFile]: () => openProjectFile(parts.folders.active),
      [commands.setSecret]: (name) => parts.secrets.set(typeof name === "string" ? name : undefined).then(() => undefined),
      [commands.forgetSecretDecisions]: () => {
        parts.secretDecisions.forget(parts.folders.active);
        void vscode.window.showInformationMessage("The next launch asks about everything again that looks like a secret here.");
      },
      // Answers true where the project file has the change now.
      [privateCommands.editProject]: async (folder, change) => {
        const { asChange, editProjectFile } = await import("./editProjectFile.js");
        const wanted = asChange(change);
        const known = vscode.workspace.workspaceFolders?.some((one) => one.uri.fsPath === folder) === true || folder === parts.folders.active;
        if (typeof folder !== "string" || !known || wanted === undefined) return false;
        await editProjectFile(folder, wanted);
        return true;
      },
      [commands.showLog]: () => {
        log.show();
      },
    },
    log,
  );
}

interface TargetItem extends vscode.QuickPickItem {
  target?: Target;
}

async function chooseTarget(parts: TargetCommandParts): Promise<void> {
  const project = parts.projects.read(parts.folders.active);
  const current = parts.targets.current(project);
  const openFile: TargetItem = { label: "$(go-to-file) Open Project File", description: projectFileName };
  const items: TargetItem[] = project.targets.map((target) => ({
    label: `$(${target.name === current.name ? "check" : "rocket"}) ${target.name}`,
    description: [target.backend, ...(target.name === project.defaultTarget ? ["default"] : []), ...(target.source === "user" ? ["yours"] : [])].join(" · "),
    detail: vscode.workspace.isTrusted ? "Checking…" : "Not checked in a restricted workspace",
    target,
  }));
  const abort = new AbortController();
  const pick = vscode.window.createQuickPick<TargetItem>();
  const draw = (): void => {
    const active = pick.activeItems[0];
    pick.items = [...items, { label: "", kind: vscode.QuickPickItemKind.Separator }, openFile];
    const same = active === undefined ? undefined : items.find((item) => item.target === active.target && item.target !== undefined);
    if (same !== undefined) pick.activeItems = [same];
  };
  pick.title = "Run Jobs On";
  pick.placeholder = `Targets of this folder; now ${current.name}`;
  draw();
  const active = items.find((item) => item.target?.name === current.name);
  if (active !== undefined) pick.activeItems = [active];
  for (const item of vscode.workspace.isTrusted ? items : []) {
    if (item.target === undefined) continue;
    void checkTarget(parts, project, item.target, abort.signal).then((found) => {
      item.detail = found.ready ? `$(pass) Ready${found.details.length > 0 ? ` · ${found.details.join(" · ")}` : ""}` : `$(warning) ${found.problems.join(" ")}`;
      if (!abort.signal.aborted) draw();
    });
  }
  const chosen = await new Promise<TargetItem | undefined>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
    });
    pick.show();
  });
  abort.abort();
  pick.dispose();
  if (chosen === openFile) return openProjectFile(parts.folders.active);
  if (chosen?.target !== undefined) await parts.targets.choose(project, chosen.target.name);
}

async function checkTargets(parts: TargetCommandParts, log: vscode.LogOutputChannel): Promise<void> {
  requireTrust();
  const project = parts.projects.read(parts.folders.active);
  const abort = new AbortController();
  const lines = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: "Slingshot: Checking targets" }, () =>
    Promise.all(
      project.targets.map(async (target) => {
        const found = await checkTarget(parts, project, target, abort.signal);
        const words = found.ready ? ["ready", ...found.details] : ["not ready", ...found.problems, ...found.details];
        return `${target.name} (${target.backend}): ${words.join("; ")}`;
      }),
    ),
  );
  for (const line of lines) log.info(line);
  log.show();
}

/** Never throws; within 10 s. */
async function checkTarget(parts: TargetCommandParts, project: Project, target: Target, signal: AbortSignal): Promise<Availability> {
  // What the user has not approved is not checked: a check may start programs.
  if (!parts.projects.isApproved(parts.approvals, project, target)) return { ready: false, problems: ["You approve its programs and hosts at the first launch; it is checked after that."], details: [] };
  try {
    // A check asks no questions: a secret that is not stored yet is said, not asked for.
    const resolved = await resolveTarget(target, { workspace: project.workspace, env: process.env, secret: (name) => parts.secrets.stored(name) });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(checkLimit)]);
    return await (await parts.backends.get(target.backend)).check(resolved, limit);
  } catch (error) {
    return { ready: false, problems: [errorText(error)], details: [] };
  }
}

/** Opens the project file; where there is none, offers a template as an unsaved document: nothing is written unasked. */
async function openProjectFile(folder: string): Promise<void> {
  const file = vscode.Uri.joinPath(vscode.Uri.file(folder), projectFileName);
  if (existsSync(file.fsPath)) {
    await vscode.window.showTextDocument(file);
    return;
  }
  if (vscode.workspace.workspaceFolders === undefined) {
    throw new SlingshotError("usage", "no-folder", "A project file belongs to a folder, and none is open.", "Open a folder first.");
  }
  const create = "Create It";
  const answer = await vscode.window.showInformationMessage(`This folder has no ${projectFileName}.`, { detail: "A template opens unsaved; save it to keep it.", modal: true }, create);
  if (answer !== create) return;
  const document = await vscode.workspace.openTextDocument(file.with({ scheme: "untitled" }));
  const editor = await vscode.window.showTextDocument(document);
  await vscode.languages.setTextDocumentLanguage(document, "jsonc");
  await editor.edit((edit) => {
    edit.insert(new vscode.Position(0, 0), projectTemplate);
  });
}
