/** Draws `▶ Run on <target>`, `⚙ args` and the last run above the `__main__` guard and job functions. */
import { relative } from "node:path";
import * as vscode from "vscode";
import type { JobSummary } from "../jobs/jobStore.js";
import type { LanguageService } from "../language/client.js";
import type { JobPatterns, LaunchableFunction, Launchables } from "../language/jobFunctions.js";
import { configuration } from "../platform/configuration.js";
import { commands, privateCommands } from "../platform/ids.js";
import { argumentsLabel, askedParameters } from "./entryArguments.js";
import type { Folders } from "./folders.js";
import { overlayPath } from "./freeze.js";
import type { LastRuns } from "./lastRuns.js";
import type { Entry, LaunchMemory } from "./launchMemory.js";
import type { Projects } from "./projects.js";
import { targetLabel, type TargetChoice } from "./targetChoice.js";

export interface CodeLensParts {
  language: LanguageService;
  folders: Folders;
  projects: Projects;
  targets: TargetChoice;
  memory: LaunchMemory;
  lastRuns: LastRuns;
  patterns(document: vscode.TextDocument): JobPatterns;
}

export class JobCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly subscriptions: { dispose(): unknown }[];

  constructor(private readonly parts: CodeLensParts) {
    const redraw = (): void => {
      this.changed.fire();
    };
    this.subscriptions = [
      parts.language.onDidStart(redraw),
      parts.targets.onDidChange(redraw),
      parts.lastRuns.onDidChange(redraw),
      vscode.languages.registerCodeLensProvider([{ language: "python", scheme: "file" }, { language: "python", scheme: "untitled" }], this),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    if (!configuration.codeLens(document.uri)) return [];
    let found: Launchables;
    try {
      found = await this.parts.language.launchables(document, this.parts.patterns(document), token);
    } catch (error) {
      if (token.isCancellationRequested) return [];
      throw error;
    }
    const folder = this.parts.folders.of(document.uri);
    const target = targetLabel(this.parts.targets, () => this.parts.projects.read(folder));
    const lenses: vscode.CodeLens[] = [];
    const draw = (line: number, signature: LaunchableFunction | undefined): void => {
      const fn = signature?.name ?? null;
      const asks = signature === undefined || askedParameters(signature).length > 0;
      const range = new vscode.Range(line, 0, line, 0);
      const entry: Entry = { uri: document.uri.toString(), function: fn };
      const add = (title: string, tooltip: string, command: string, ...rest: unknown[]): void => {
        lenses.push(new vscode.CodeLens(range, { title, tooltip, command, arguments: rest }));
      };
      add(`▶ Run on ${target.name}`, target.problem ?? "Run what stands on the screen, saved or not", privateCommands.runEntry, entry, signature);
      if (asks) {
        const given = argumentsLabel(this.parts.memory.arguments(entry));
        add(given === "" ? "⚙ args" : `⚙ ${given}`, "Change the arguments, then run", privateCommands.entryArguments, entry);
      }
      const path = overlayPath(document);
      const last = path === undefined ? undefined : this.parts.lastRuns.of(folder, path.startsWith(".slingshot/") ? path : relative(folder, path).replaceAll("\\", "/"), fn);
      if (last !== undefined) add(lastRunLabel(last), `Show the last run (${last.status.state})`, commands.showJob, last.record.id);
    };
    if (found.guardLine !== null) draw(found.guardLine, undefined);
    for (const one of found.functions) {
      if (one.job !== null) draw(one.line, one);
    }
    return lenses;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}

const marks = { succeeded: "✓", failed: "✗", cancelled: "⊘", lost: "?", running: "◐", queued: "○", submitting: "○", preparing: "○" } as const;

function lastRunLabel({ record, status }: JobSummary): string {
  const at = new Date(status.endedAt ?? status.startedAt ?? record.createdAt);
  const today = at.toDateString() === new Date().toDateString();
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  return `${marks[status.state]} ${today ? time : `${at.toLocaleDateString([], { month: "short", day: "numeric" })} ${time}`}`;
}
