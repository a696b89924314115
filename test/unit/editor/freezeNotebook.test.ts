import assert from "node:assert/strict";
import { freezeNotebooks, type FreezableNotebook } from "../../../src/editor/freezeNotebook.js";
import { scannedNotebook } from "../../../src/snapshot/notebookScan.js";

const notebook = (cells: [kind: number, text: string][], over: Partial<FreezableNotebook> = {}): FreezableNotebook => ({
  uri: { scheme: "file", fsPath: "/w/a.ipynb" },
  isDirty: true,
  version: 3,
  getCells: () => cells.map(([kind, text]) => ({ kind, document: { getText: () => text } })),
  ...over,
});

describe("freezing notebooks", () => {
  it("takes unsaved ones that are files", () => {
    const file = (fsPath: string, scheme = "file"): Partial<FreezableNotebook> => ({ uri: { scheme, fsPath } });
    const frozen = freezeNotebooks([notebook([]), notebook([], { isDirty: false, ...file("/w/b.ipynb") }), notebook([], file("/w/c.ipynb", "untitled")), notebook([], file("/w/d.sql"))]);
    assert.deepEqual(frozen.map(({ path, version, encoding }) => [path, version, encoding]), [["/w/a.ipynb", 3, "utf8"]]);
  });

  it("keeps each cell's text, and nothing else", () => {
    const source = "x = 1\r\nprint('é')\n\n";
    const [frozen] = freezeNotebooks([notebook([[1, "# Title"], [2, source], [2, ""]])]);
    const { cells } = JSON.parse(frozen?.text ?? "") as { cells: { cell_type: string; source: string[]; outputs?: unknown[] }[] };
    assert.deepEqual(cells.map((cell) => [cell.cell_type, cell.source.join(""), cell.outputs]), [["markdown", "# Title", undefined], ["code", source, []], ["code", "", []]]);
  });

  it("is read as a notebook is", () => {
    const [frozen] = freezeNotebooks([notebook([[2, "%run other.py\nimport typed"], [1, "import prose"], [2, "from lib import word"]])]);
    const scan = scannedNotebook("/w/a.ipynb", Buffer.from(frozen?.text ?? ""));
    assert.deepEqual(scan.imports.map((statement) => statement.line), [2, 3]);
    assert.equal(scan.dynamic.length, 1);
  });
});
