/** The settings, typed. */
import * as vscode from "vscode";
import type { UserTargets } from "../project/projectFile.js";
import { settings } from "./ids.js";

export const configuration = {
  targets: (): UserTargets => vscode.workspace.getConfiguration().get<UserTargets>(settings.targets) ?? {},
  codeLens: (scope: vscode.Uri): boolean => vscode.workspace.getConfiguration(undefined, scope).get<boolean>(settings.codeLens) ?? true,
  imports: (): boolean => vscode.workspace.getConfiguration().get<boolean>(settings.imports) ?? true,
  /** Milliseconds. */
  snapshotPatience: (): number => vscode.workspace.getConfiguration().get<number>(settings.snapshotPatience) ?? 1500,
  /** Days, and gigabytes; 0 for no limit. */
  historyMaxAge: (): number => vscode.workspace.getConfiguration().get<number>(settings.historyMaxAge) ?? 30,
  historyMaxSize: (): number => vscode.workspace.getConfiguration().get<number>(settings.historyMaxSize) ?? 5,
};
