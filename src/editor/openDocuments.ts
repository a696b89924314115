/** The open documents as the freeze needs them. */
import * as vscode from "vscode";
import { freezeTexts, type Codec, type FrozenText } from "./freeze.js";
import { freezeNotebooks } from "./freezeNotebook.js";

/** The editor's own encoder: the one that saves. */
export const editorCodec: Codec = {
  encode: (text, encoding) => vscode.workspace.encode(text, { encoding }),
  decode: (bytes, encoding) => vscode.workspace.decode(bytes, { encoding }),
};

/** Everything unsaved, taken in this very turn. Throws where something unsaved can't be read. */
export function freezeEditor(): FrozenText[] {
  return [...freezeTexts(vscode.workspace.textDocuments, dirtyTabsWithoutDocument()), ...freezeNotebooks(vscode.workspace.notebookDocuments)];
}

/** Names of dirty text tabs for whose file the editor gives extensions no document. */
function dirtyTabsWithoutDocument(): string[] {
  const known = new Set(vscode.workspace.textDocuments.map((document) => document.uri.toString()));
  const names = new Set<string>();
  for (const tab of vscode.window.tabGroups.all.flatMap((group) => group.tabs)) {
    const uri = tab.isDirty ? textOf(tab.input) : undefined;
    if (uri?.scheme === "file" && !known.has(uri.toString())) names.add(tab.label);
  }
  return [...names];
}

function textOf(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText) return input.uri;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return undefined;
}
