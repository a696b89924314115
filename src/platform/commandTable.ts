/** Registers commands so that every failure reaches the user as a sentence with its remedy. */
import * as vscode from "vscode";
import type { commands, privateCommands } from "./ids.js";
import { showError } from "./messages.js";

export type CommandId = (typeof commands)[keyof typeof commands] | (typeof privateCommands)[keyof typeof privateCommands];

export type CommandHandler = (...parameters: unknown[]) => unknown;

export function registerCommands(table: Partial<Record<CommandId, CommandHandler>>, log: vscode.LogOutputChannel): vscode.Disposable {
  const registered = Object.entries(table).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...parameters: unknown[]) => {
      try {
        return await handler(...parameters);
      } catch (error) {
        void showError(error, log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
