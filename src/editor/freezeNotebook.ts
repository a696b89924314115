/** Freezes unsaved notebooks: their cells as a Jupyter notebook of format 4, without outputs, which are no code and often hold data. */
import type { FrozenText } from "./freeze.js";

/** What the freeze reads of a notebook; `vscode.NotebookDocument` has it. */
export interface FreezableNotebook {
  readonly uri: { readonly scheme: string; readonly fsPath: string };
  readonly isDirty: boolean;
  readonly version: number;
  getCells(): readonly FreezableCell[];
}

export interface FreezableCell {
  /** `vscode.NotebookCellKind`: 1 is Markdown, 2 is code. */
  readonly kind: number;
  readonly document: { getText(): string };
}

const code = 2;

/** Takes the unsaved notebooks that are files; synchronous for the same reason as `freezeTexts`. */
export function freezeNotebooks(notebooks: readonly FreezableNotebook[]): FrozenText[] {
  return notebooks
    .filter(({ uri, isDirty }) => isDirty && uri.scheme === "file" && uri.fsPath.endsWith(".ipynb"))
    .map((notebook) => ({ path: notebook.uri.fsPath, version: notebook.version, encoding: "utf8", text: jupyterText(notebook.getCells()) }));
}

function jupyterText(cells: readonly FreezableCell[]): string {
  const written = cells.map(({ kind, document }) => {
    const source = document.getText().match(/.*(?:\r\n|\n|\r)|.+$/g) ?? [];
    return kind === code
      ? { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source }
      : { cell_type: "markdown", metadata: {}, source };
  });
  return `${JSON.stringify({ cells: written, metadata: {}, nbformat: 4, nbformat_minor: 4 }, null, 1)}\n`;
}
