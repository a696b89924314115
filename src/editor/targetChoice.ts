/** Which target launches go to, per workspace folder: the user's choice here, else the project's default. */
import * as vscode from "vscode";
import { errorText } from "../base/errors.js";
import { chooseTarget } from "../project/projectFile.js";
import type { Project, Target } from "../project/target.js";

const key = "slingshot.targets.chosen";

export class TargetChoice {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly memento: vscode.Memento) {}

  /** The chosen target where it still exists, else the default one. */
  current(project: Project): Target {
    const name = this.chosen()[project.workspace];
    return project.targets.find((target) => target.name === name) ?? chooseTarget(project, undefined);
  }

  async choose(project: Project, name: string): Promise<void> {
    await this.memento.update(key, { ...this.chosen(), [project.workspace]: name });
    this.changed.fire();
  }

  /** Where settings or project files changed: what `current` says may differ. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }

  private chosen(): Record<string, string> {
    return this.memento.get<Record<string, string>>(key) ?? {};
  }
}

/** The current target's name for labels; where the project file is wrong, what is wrong. Never throws. */
export function targetLabel(choice: TargetChoice, read: () => Project): { name: string; problem?: string } {
  try {
    return { name: choice.current(read()).name };
  } catch (error) {
    return { name: "cluster", problem: errorText(error) };
  }
}
