/** Logs with colours as plain read-only documents: `slingshot-log:/<title>.log?<job id>&<attempt>`, the text as the panel shows it. */
import * as vscode from "vscode";
import { JobPaths } from "../jobs/jobPaths.js";
import { copiedText } from "./copiedText.js";
import type { ShownJob } from "./panelHost.js";
import { LogReader } from "./logReader.js";

export const logScheme = "slingshot-log";

export class LogDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly stateDir: string) {}

  /** The log's address; a document that is open already is read again. */
  uriOf({ record }: ShownJob, attempt: number): vscode.Uri {
    const name = record.title.replaceAll("/", " ").slice(0, 100);
    const uri = vscode.Uri.from({ scheme: logScheme, path: `/${name}.log`, query: `${record.id}&${String(attempt)}` });
    this.changed.fire(uri);
    return uri;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [, id, attempt] = /^([0-9A-Z]{26})&(\d{1,5})$/.exec(uri.query) ?? [];
    if (id === undefined) return "This is no log of a job.";
    const paths = new JobPaths(this.stateDir, id);
    const reader = new LogReader(paths.log(Number(attempt)), null);
    try {
      while (await reader.advance());
      return (await copiedText(reader, { line: 0, column: 0 }, { line: reader.lineCount, column: 0 })).text;
    } finally {
      await reader.close();
    }
  }

  dispose(): void {
    this.changed.dispose();
  }
}
