/** The commands that start jobs from documents: file, function at the cursor, with arguments, the last one again. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import type { JobPatterns, LaunchableFunction } from "../language/jobFunctions.js";
import { registerCommands } from "../platform/commandTable.js";
import { commands, privateCommands } from "../platform/ids.js";
import { requireTrust } from "../platform/trust.js";
import { askFunctionArguments, askScriptArguments } from "./argumentsForm.js";
import { askedParameters, missingArguments, stillKnown } from "./entryArguments.js";
import { openExample } from "./exampleDocument.js";
import type { Launcher, LaunchOptions } from "./launcher.js";
import { isEntry, type Entry, type LaunchMemory } from "./launchMemory.js";
import { freezeEditor } from "./openDocuments.js";

export interface RunCommandParts {
  launcher: Launcher;
  memory: LaunchMemory;
  patterns(document: vscode.TextDocument): JobPatterns;
}

export function registerRunCommands(parts: RunCommandParts, log: vscode.LogOutputChannel): vscode.Disposable {
  const { launcher, memory } = parts;
  return registerCommands(
    {
      // From menus: the clicked resource, then all selected ones. From the palette or a key: nothing.
      [commands.runFile]: (clicked, selected) => launcher.launch(entriesOf(clicked, selected)),
      [commands.runFunction]: () => runFunctionAtCursor(parts),
      [commands.runWithArguments]: (clicked) => {
        const [entry] = entriesOf(clicked, undefined);
        return entry === undefined ? undefined : askAndLaunch(parts, entry);
      },
      [commands.runLast]: async () => {
        requireTrust();
        const { last } = memory;
        if (last === undefined) throw new SlingshotError("usage", "no-last-launch", "Nothing was launched in this workspace yet.", "Open a Python file and run it.");
        return launcher.launch([last.entry], { given: last, target: last.target });
      },
      // The lens passes the signature along, so that nothing has to be asked between the click and the freeze.
      [privateCommands.runEntry]: (entry, signature, reviewed) => (isEntry(entry) ? launchComplete(parts, entry, isSignature(signature) ? signature : undefined, typeof reviewed === "string" ? { reviewed } : {}) : undefined),
      [privateCommands.openExample]: () => openExample(),
      [privateCommands.entryArguments]: (entry) => (isEntry(entry) ? askAndLaunch(parts, entry) : undefined),
    },
    log,
  );
}

/** Launches at once where every required argument is known, so that the freeze is of the moment of the click; else asks. */
async function launchComplete(parts: RunCommandParts, entry: Entry, known?: LaunchableFunction, options: LaunchOptions = {}): Promise<unknown> {
  requireTrust();
  if (entry.function === null) return parts.launcher.launch([entry], options);
  const given = parts.memory.arguments(entry);
  const signature = known ?? (await findFunction(parts, entry));
  if (signature === undefined) return parts.launcher.launch([entry], options);
  if (missingArguments(signature, given).length > 0) return askAndLaunch(parts, entry, signature);
  return parts.launcher.launch([entry], { ...options, given: stillKnown(signature, given) });
}

async function askAndLaunch(parts: RunCommandParts, entry: Entry, known?: LaunchableFunction): Promise<unknown> {
  requireTrust();
  const last = parts.memory.arguments(entry);
  const signature = entry.function === null ? undefined : (known ?? (await findFunction(parts, entry)));
  if (entry.function !== null && signature === undefined) {
    throw new SlingshotError("usage", "no-function", `There is no function ${entry.function} at the top level any more.`, "Choose one that is there.");
  }
  const asks = signature === undefined || askedParameters(signature).length > 0;
  const title = basename(vscode.Uri.parse(entry.uri).path);
  const given = !asks ? last : signature === undefined ? await askScriptArguments(title, last) : await askFunctionArguments(signature, last);
  if (given === undefined) return undefined;
  await parts.memory.rememberArguments(entry, given);
  return parts.launcher.launch([entry], { given });
}

/** Freezes at the key, then looks for the function in what was on the screen. */
async function runFunctionAtCursor(parts: RunCommandParts): Promise<unknown> {
  requireTrust();
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "python") throw noPython();
  const { document, selection } = editor;
  const frozen = freezeEditor();
  const text = document.getText();
  const patterns = parts.patterns(document);
  const { findLaunchables, functionAt } = await import("../language/jobFunctions.js");
  const found = functionAt(findLaunchables(text, patterns), selection.active.line);
  if (found === undefined) {
    throw new SlingshotError("usage", "no-function", "The cursor is in no function at the top level of this file.", "Place it in one, or run the file.");
  }
  return launchComplete(parts, { uri: document.uri.toString(), function: found.name }, found, { frozen });
}

async function findFunction(parts: RunCommandParts, entry: Entry): Promise<LaunchableFunction | undefined> {
  const { findLaunchables } = await import("../language/jobFunctions.js");
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(entry.uri));
  return findLaunchables(document.getText(), parts.patterns(document)).functions.find((one) => one.name === entry.function);
}

/** Synchronous on purpose: between the click and the freeze nothing is awaited. */
function entriesOf(clicked: unknown, selected: unknown): Entry[] {
  const uris = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  const files = uris.filter((uri): uri is vscode.Uri => uri instanceof vscode.Uri);
  const active = vscode.window.activeTextEditor?.document;
  if (files.length === 0 && active?.languageId === "python") files.push(active.uri);
  const python = files.filter((uri) => uri.path.endsWith(".py") || uri.scheme === "untitled" || languageOf(uri) === "python");
  if (python.length === 0) throw noPython();
  return python.map((uri) => ({ uri: uri.toString(), function: null }));
}

function languageOf(uri: vscode.Uri): string | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.languageId;
}

function isSignature(value: unknown): value is LaunchableFunction {
  return typeof value === "object" && value !== null && "name" in value && "parameters" in value && Array.isArray(value.parameters);
}

function noPython(): SlingshotError {
  return new SlingshotError("usage", "no-python-file", "This is no Python file.", "Open or select a Python file, then run it.");
}
