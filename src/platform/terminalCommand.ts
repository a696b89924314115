/** Puts the command line `slingshot` on the path of integrated terminals, behind everything that is there already. */
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type * as vscode from "vscode";
import { writeAtomically } from "../base/files.js";

/**
 * Writes the launcher into the extension's own storage and appends its folder to PATH. `program` is the Node (or the
 * editor acting as one) that runs this process.
 */
export function addTerminalCommand(context: Pick<vscode.ExtensionContext, "globalStorageUri" | "environmentVariableCollection">, cli: string, program = process.execPath): void {
  const folder = join(context.globalStorageUri.fsPath, "bin");
  const windows = process.platform === "win32";
  const path = join(folder, windows ? "slingshot.cmd" : "slingshot");
  const text = windows ? windowsLauncher(program, cli) : posixLauncher(program, cli);
  if (read(path) !== text) {
    mkdirSync(folder, { recursive: true });
    writeAtomically(path, text);
    chmodSync(path, 0o755);
  }
  context.environmentVariableCollection.description = "The command `slingshot`";
  context.environmentVariableCollection.append("PATH", delimiter + folder);
}

export function posixLauncher(program: string, cli: string): string {
  return `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(program)} ${quoted(cli)} "$@"\n`;
}

function windowsLauncher(program: string, cli: string): string {
  const literal = (path: string): string => `"${path.replaceAll("%", "%%")}"`;
  return `@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n${literal(program)} ${literal(cli)} %*\r\n`;
}

/** One word of a POSIX shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
