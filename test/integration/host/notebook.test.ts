import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { jobIds, manifestOf, storedText } from "./jobsOnDisk.js";

describe("an unsaved notebook", () => {
  it("goes along as it stands on the screen, without its outputs, and is not saved", async function () {
    this.timeout(120_000);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder !== undefined, "the window has a folder");
    const file = join(folder, "typed.ipynb");
    const output = { output_type: "stream", name: "stdout", text: ["printed before\n"] };
    const saved = JSON.stringify({ cells: [{ cell_type: "code", execution_count: 1, metadata: {}, outputs: [output], source: ["word = 'saved'"] }], metadata: {}, nbformat: 4, nbformat_minor: 4 });
    writeFileSync(file, saved);
    writeFileSync(join(folder, "reads_notebook.py"), 'print(open("typed.ipynb").read())\n');
    await vscode.workspace.getConfiguration("files").update("autoSave", "off", vscode.ConfigurationTarget.Global);
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(notebook.cellAt(0).document.uri, new vscode.Range(0, 0, 1, 0), "word = 'typed and not saved'");
    assert.ok(await vscode.workspace.applyEdit(edit));
    for (const deadline = Date.now() + 10_000; !notebook.isDirty; await delay(20)) assert.ok(Date.now() < deadline, "the notebook is not dirty");

    const before = new Set(jobIds());
    await vscode.commands.executeCommand("slingshot.run.file", vscode.Uri.file(join(folder, "reads_notebook.py")));
    const [id] = jobIds().filter((one) => !before.has(one));
    assert.ok(id !== undefined, "there is a job");
    const sent = manifestOf(id).files.find(({ path }) => path === "typed.ipynb");
    assert.equal(sent?.origin, "buffer");
    const text = storedText(sent.sha256);
    assert.match(text, /typed and not saved/);
    assert.doesNotMatch(text, /printed before/);
    assert.equal(readFileSync(file, "utf8"), saved);
  });
});
