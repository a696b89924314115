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
        showError(error, log).catch((failure: unknown) => {
          log.error(String(failure));
        });
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** The id of a job in a command's argument: an id, or a tree item that carries one. */
export function jobIdOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (typeof argument !== "object" || argument === null || !("jobId" in argument)) return undefined;
  return typeof argument.jobId === "string" ? argument.jobId : undefined;
}
