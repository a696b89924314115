/** The editor's side of the workspace view: dirty documents by the path that snapshots know them by. */
import * as vscode from "vscode";
import { encodeFrozen, overlayPath } from "./freeze.js";
import { editorCodec, freezeEditor } from "./openDocuments.js";

export interface EditorView {
  /** Bytes that a save would write, by absolute path or `.slingshot/untitled/…`. */
  overlays: ReadonlyMap<string, Uint8Array>;
  /** The workspace folders. */
  folders: readonly string[];
  /** The document or file at such a path. */
  uriOf(path: string): vscode.Uri;
}

/** As it is in this turn. Text that its encoding can't express counts as UTF-8: nothing is launched from it. */
export async function editorView(): Promise<EditorView> {
  const frozen = freezeEditor();
  const untitled = new Map(vscode.workspace.textDocuments.filter((document) => document.isUntitled).map((document) => [overlayPath(document), document.uri]));
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const overlays = new Map<string, Uint8Array>();
  for (const text of frozen) {
    const [overlay] = await encodeFrozen([text], editorCodec).catch(() => []);
    overlays.set(text.path, overlay?.bytes ?? Buffer.from(text.text));
  }
  return { overlays, folders, uriOf: (path) => untitled.get(path) ?? vscode.Uri.file(path) };
}
