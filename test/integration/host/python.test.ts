import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";

function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "the window has a folder");
  return folder.uri.fsPath;
}

describe("Python files in VS Code", () => {
  it("get the language id on which the commands and lenses depend", async () => {
    const file = join(workspaceFolder(), "job.py");
    writeFileSync(file, "print('hello')\n");
    const document = await vscode.workspace.openTextDocument(file);
    assert.equal(document.languageId, "python");
  });
});
