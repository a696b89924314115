/** The chosen target in the status bar, while a Python document is in sight. */
import * as vscode from "vscode";
import { commands } from "../platform/ids.js";
import type { Folders } from "./folders.js";
import type { Projects } from "./projects.js";
import { targetLabel, type TargetChoice } from "./targetChoice.js";

export class TargetStatus implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly folders: Folders,
    private readonly projects: Projects,
    private readonly targets: TargetChoice,
  ) {
    this.item = vscode.window.createStatusBarItem("slingshot.target", vscode.StatusBarAlignment.Left, 10);
    this.item.name = "Slingshot Target";
    this.item.command = commands.chooseTarget;
    this.subscriptions = [
      this.item,
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.draw();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.draw();
      }),
      targets.onDidChange(() => {
        this.draw();
      }),
    ];
    this.draw();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private draw(): void {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    const editors = activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor, ...visibleTextEditors];
    const document = editors.find((editor) => editor.document.languageId === "python")?.document;
    if (document === undefined) {
      this.item.hide();
      return;
    }
    const { name, problem } = targetLabel(this.targets, () => this.projects.read(this.folders.of(document.uri)));
    this.item.text = problem === undefined ? `$(rocket) ${name}` : "$(warning) Slingshot";
    this.item.tooltip = problem ?? `Slingshot runs jobs on ${name}. Click to change.`;
    this.item.accessibilityInformation = { label: problem ?? `Slingshot target ${name}`, role: "button" };
    this.item.show();
  }
}
