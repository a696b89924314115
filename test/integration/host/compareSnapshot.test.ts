import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { jobFolder, jobIds } from "./jobsOnDisk.js";

describe("a snapshot beside the workspace", () => {
  it("shows what the entry would bring along now, by the text on the screen, and what it no longer would", async function () {
    this.timeout(180_000);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder !== undefined, "the window has a folder");
    const texts = { "compared.py": "import compared_kept, compared_left\n", "compared_kept.py": "K = 1\n", "compared_left.py": "L = 1\n", "compared_came.py": "C = 1\n" };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    await vscode.workspace.getConfiguration("files").update("autoSave", "off", vscode.ConfigurationTarget.Global);
    const entry = await vscode.workspace.openTextDocument(join(folder, "compared.py"));
    await vscode.window.showTextDocument(entry);
    const before = new Set(jobIds());
    await vscode.commands.executeCommand("slingshot.run.file", entry.uri);
    const [id] = jobIds().filter((one) => !before.has(one));
    assert.ok(id !== undefined && jobFolder(id) !== "", "there is a job");

    const edit = new vscode.WorkspaceEdit();
    edit.replace(entry.uri, new vscode.Range(0, 0, entry.lineCount, 0), "import compared_kept, compared_came\n");
    assert.ok(await vscode.workspace.applyEdit(edit));
    await vscode.commands.executeCommand("slingshot.job.compareWorkspace", id);
    assert.match(await comparison(), /^compared\.py .*↔ Workspace \(3 files\)$/, "the entry, what came and what left");
    const past = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "slingshot-snapshot").map(({ uri }) => uri.path.split("/").at(-1));
    assert.ok(past.includes("compared.py") && !past.includes("compared_kept.py") && !past.includes("compared_came.py"), past.join());

    // Without its entry nobody knows what would be sent: the files that were sent are compared.
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    rmSync(join(folder, "compared.py"));
    await vscode.commands.executeCommand("slingshot.job.compareWorkspace", id);
    assert.match(await comparison(), /^compared\.py .*↔ Workspace \(files that were sent\) \(1 file\)$/);
  });
});

/** Title of the comparison in front, once there is one with its files counted. */
async function comparison(): Promise<string> {
  for (const deadline = Date.now() + 30_000; ; await delay(50)) {
    const label = vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? "";
    if (/↔ Workspace.*files?\)$/.test(label)) return label;
    assert.ok(Date.now() < deadline, `no comparison was shown, but ${label}`);
  }
}
