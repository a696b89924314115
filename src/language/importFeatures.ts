/** Hovers, diagnostics and quick fixes for the imports of open documents, over their text on the screen. */
import { MarkupKind, type CodeAction, type CodeActionParams, type Connection, type Hover, type HoverParams, type TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { setImmediate } from "node:timers/promises";
import { errorText } from "../base/errors.js";
import { within } from "../base/within.js";
import type { KeptForDocuments } from "../snapshot/documentImports.js";
import { distributionOf } from "../snapshot/distributions.js";
import type { ImportFact } from "../snapshot/importFacts.js";
import { ImportReports } from "../snapshot/importReports.js";
import { importDiagnostics } from "./importDiagnostics.js";
import { importFixes } from "./importFixes.js";
import { importHover } from "./importHover.js";
import { factAt } from "./importRanges.js";
import { requests, type FileNews, type JobContext } from "./protocol.js";
import { inSlices } from "./slices.js";

/** Milliseconds without a keystroke before diagnostics are made anew. */
const pause = 400;
/** Milliseconds that a hover waits for the context, and for the count of files. */
const contextPatience = 1000;
const countPatience = 3000;

const program = /^if[ \t(]+(?:__name__[ \t]*==|["']__main__["'][ \t]*==)/m;

export class ImportFeatures {
  private readonly reports: ImportReports;
  private readonly contexts = new Map<string, Promise<JobContext | null>>();
  /** Documents whose diagnostics are to be made anew. */
  private readonly due = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private publishing = false;

  constructor(
    private readonly connection: Connection,
    private readonly documents: TextDocuments<TextDocument>,
    private readonly kept: KeptForDocuments,
  ) {
    this.reports = new ImportReports(kept);
  }

  /** The document has been opened or edited. */
  changed({ uri }: TextDocument): void {
    this.later([uri]);
  }

  closed({ uri }: TextDocument): void {
    this.contexts.delete(uri);
    this.reports.delete(uri);
    this.due.delete(uri);
    this.publish(uri, undefined, []);
  }

  /** Targets, settings or the project file are others than before. */
  contextChanged(): void {
    this.contexts.clear();
    this.later(this.documents.keys());
  }

  filesChanged({ moved, changed, missed }: FileNews): void {
    if (missed) this.reports.forget();
    this.later(missed ? this.reports.ids : this.reports.filesChanged({ moved, changed }));
  }

  /** Looks at the disk again, whatever was told: events may be missed, and packages be installed. */
  refresh(uri: string): void {
    this.reports.forget(uri);
    this.later([uri]);
  }

  /** What a job of an open document would be launched with; null where there can be none. Asked once, until it changes. */
  async contextOf(uri: string): Promise<JobContext | null> {
    let context = this.contexts.get(uri);
    if (context === undefined) {
      context = this.connection.sendRequest<JobContext | null>(requests.jobContext, uri);
      this.contexts.set(uri, context);
      context.catch(() => this.contexts.delete(uri));
    }
    return context;
  }

  async hover({ textDocument: { uri }, position }: HoverParams, signal: AbortSignal): Promise<Hover | null> {
    const context = await within(this.contextOf(uri), contextPatience);
    const document = this.documents.get(uri);
    if (document === undefined || context?.enabled !== true) return null;
    this.later(this.take(document, context).filter((other) => other !== uri));
    const found = factAt(document, position, this.reports.facts(uri)?.imports ?? []);
    if (found === undefined) return null;
    const { fact, range } = found;
    const reach = fact.place.kind === "local" ? await this.reach(uri, fact, signal) : undefined;
    const imports = this.reports.imports(uri);
    if (imports === undefined || signal.aborted) return null;
    const sites = imports.plan.site.map((root) => root.directory);
    const distribution = fact.place.kind === "installed" ? distributionOf(fact.place.top, sites, this.kept.disk) : null;
    const value = importHover(fact, context, { reach, distribution, shown: (path) => imports.shown(path) });
    return value === null ? null : { contents: { kind: MarkupKind.Markdown, value }, range };
  }

  async codeActions({ textDocument: { uri }, context: { diagnostics } }: CodeActionParams, signal: AbortSignal): Promise<CodeAction[]> {
    if (!diagnostics.some(({ source }) => source === "Slingshot")) return [];
    const context = await this.contextOf(uri);
    return context?.enabled === true ? importFixes(diagnostics, context, this.kept.disk, signal) : [];
  }

  private async reach(uri: string, fact: ImportFact, signal: AbortSignal): Promise<{ files: number; bytes: number } | undefined> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(countPatience)]);
    try {
      const steps = this.reports.imports(uri)?.reach([fact.name]);
      return steps === undefined ? undefined : await inSlices(steps, () => { this.kept.disk.begin(false, () => true); }, patience);
    } catch (error) {
      this.connection.console.log(`Could not count the files of ${fact.name}: ${errorText(error)}`);
      return undefined;
    }
  }

  /** Gives the reports the document as it is now; answers which documents are affected. */
  private take(document: TextDocument, { path, settings }: JobContext): string[] {
    const text = document.getText();
    return this.reports.set(document.uri, { path, text, isProgram: program.test(text), settings });
  }

  private later(uris: Iterable<string>): void {
    for (const uri of uris) this.due.add(uri);
    if (this.due.size === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.publishDue(), pause);
  }

  /** One document at a time, so that requests get in between. Never rejects. */
  private async publishDue(): Promise<void> {
    if (this.publishing) {
      this.later([]);
      return;
    }
    this.publishing = true;
    for (let uri = next(this.due); uri !== undefined; uri = next(this.due)) {
      this.due.delete(uri);
      try {
        await this.diagnose(uri);
      } catch (error) {
        // What stops a snapshot is said at the launch; here it is no news.
        this.connection.console.log(`Could not look up the imports of ${uri}: ${errorText(error)}`);
      }
      await setImmediate();
    }
    this.publishing = false;
  }

  private async diagnose(uri: string): Promise<void> {
    const context = await this.contextOf(uri);
    const document = this.documents.get(uri);
    if (document === undefined) return;
    if (context?.enabled !== true) {
      this.reports.delete(uri);
      this.publish(uri, document, []);
      return;
    }
    for (const other of this.take(document, context)) if (other !== uri) this.due.add(other);
    const facts = this.reports.facts(uri);
    this.publish(uri, document, facts === undefined ? [] : importDiagnostics(document, facts, context));
  }

  private publish(uri: string, document: TextDocument | undefined, diagnostics: ReturnType<typeof importDiagnostics>): void {
    this.connection.sendDiagnostics({ uri, ...(document === undefined ? {} : { version: document.version }), diagnostics }).catch(() => undefined);
  }
}

function next<T>(set: ReadonlySet<T>): T | undefined {
  for (const item of set) return item;
  return undefined;
}
