/** The command that shows what a launch would send, without launching. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { SlingshotError } from "../base/errors.js";
import type { JobPatterns } from "../language/jobFunctions.js";
import { registerCommands } from "../platform/commandTable.js";
import { commands, privateCommands } from "../platform/ids.js";
import { requireTrust } from "../platform/trust.js";
import type { Manifest } from "../snapshot/manifest.js";
import type { Launcher } from "./launcher.js";
import type { FrozenText } from "./freeze.js";
import { isEntry, type Entry, type LaunchMemory } from "./launchMemory.js";
import { freezeEditor } from "./openDocuments.js";
import type { TargetChoice } from "./targetChoice.js";

/** What the page needs of an entry; `panel/panelHost.ts` has the same. */
interface Subject {
  key: string;
  title: string;
  take(signal: AbortSignal): Promise<{ manifest: Manifest; target: string }>;
  onDidChange(listener: () => void): vscode.Disposable;
  run(reviewed: string | null): PromiseLike<unknown>;
}

export interface SentCommandParts {
  launcher: Launcher;
  memory: LaunchMemory;
  targets: TargetChoice;
  patterns(document: vscode.TextDocument): JobPatterns;
  show(subject: Subject): Promise<void>;
}

export function registerSentCommand(parts: SentCommandParts, log: vscode.LogOutputChannel): vscode.Disposable {
  return registerCommands(
    {
      // From menus: the clicked resource. From the palette or a key: nothing. From a question: the entry.
      [commands.showSent]: async (argument) => {
        requireTrust();
        const frozen = freezeEditor();
        await parts.show(subjectOf(parts, isEntry(argument) ? argument : await chosenEntry(parts, argument), frozen));
      },
    },
    log,
  );
}

/** `frozen`: the screen at the click, of which the first snapshot is taken. */
function subjectOf({ launcher, targets }: SentCommandParts, entry: Entry, frozen: FrozenText[]): Subject {
  let first: FrozenText[] | undefined = frozen;
  const name = entry.module === undefined ? basename(vscode.Uri.parse(entry.uri).path) : `-m ${entry.module}`;
  return {
    key: JSON.stringify(entry),
    title: entry.function === null ? name : `${name}::${entry.function}`,
    take: (signal) => {
      const texts = first;
      first = undefined;
      return launcher.preview(entry, signal, texts);
    },
    onDidChange: (listener) => targets.onDidChange(listener),
    run: (reviewed) => vscode.commands.executeCommand(privateCommands.runEntry, entry, undefined, reviewed),
  };
}

/** The clicked file, else the active one (its job function where the cursor is in one), else what was launched last. */
async function chosenEntry(parts: SentCommandParts, clicked: unknown): Promise<Entry> {
  if (clicked instanceof vscode.Uri && clicked.toString() !== vscode.window.activeTextEditor?.document.uri.toString()) return { uri: clicked.toString(), function: null };
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === "python") {
    const { document, selection } = editor;
    const { findLaunchables, functionAt } = await import("../language/jobFunctions.js");
    const found = functionAt(findLaunchables(document.getText(), parts.patterns(document)), selection.active.line);
    return { uri: document.uri.toString(), function: found === undefined || found.job === null ? null : found.name };
  }
  const { last } = parts.memory;
  if (last !== undefined) return last.entry;
  throw new SlingshotError("usage", "no-python-file", "This is no Python file.", "Open or select a Python file, then look at what would be sent of it.");
}
