import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { jobFolder, jobIds, manifestOf, storedText } from "./jobsOnDisk.js";

const launches = 4;
const padding = "# a line that makes the text longer than one keystroke\n".repeat(400);

describe("FAULTS 41: typing while a launch takes its snapshot", () => {
  it("41: each file of the job is one version of its document, and all of them are of one moment", async function () {
    this.timeout(180_000);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder !== undefined, "the window has a folder");
    const texts = {
      "typed_job.py": (n: number): string => `import typed_lib\nFIRST = ${String(n)}\n${padding}LAST = ${String(n)}\nprint(FIRST, LAST, typed_lib.FIRST, typed_lib.LAST)\n`,
      "typed_lib.py": (n: number): string => `FIRST = ${String(n)}\n${padding}LAST = ${String(n)}\n`,
    };
    const names = ["typed_job.py", "typed_lib.py"] as const;
    const versions = new Map<string, string>();
    const documents = await Promise.all(names.map(async (name) => {
      writeFileSync(join(folder, name), texts[name](0));
      return vscode.workspace.openTextDocument(join(folder, name));
    }));
    await vscode.window.showTextDocument(documents[0] as vscode.TextDocument);
    const listener = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      versions.set(createHash("sha256").update(document.getText()).digest("hex"), `${document.fileName} ${String(document.version)}`);
    });
    // In a browser VS Code saves by itself.
    await vscode.workspace.getConfiguration("files").update("autoSave", "off", vscode.ConfigurationTarget.Global);
    const before = new Set(jobIds());
    const typist = new AbortController();
    const typed = (async () => {
      for (let n = 1; !typist.signal.aborted; n++) {
        for (const [at, document] of documents.entries()) {
          const edit = new vscode.WorkspaceEdit();
          edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), texts[names[at] as (typeof names)[number]](n));
          assert.ok(await vscode.workspace.applyEdit(edit));
        }
      }
    })();
    try {
      for (const deadline = Date.now() + 30_000; versions.size < 4; await delay(10)) assert.ok(Date.now() < deadline, "nothing was typed");
      for (let launch = 0; launch < launches; launch++) {
        // Two clicks shortly after each other are one.
        await delay(600);
        await vscode.commands.executeCommand("slingshot.run.file", documents[0]?.uri);
        for (const deadline = Date.now() + 60_000; jobIds().length < before.size + launch + 1; await delay(50)) assert.ok(Date.now() < deadline, `launch ${String(launch + 1)} made no job`);
      }
    } finally {
      typist.abort();
      await typed;
      listener.dispose();
    }
    const numbers = new Set<string>();
    for (const id of jobIds().filter((name) => !before.has(name))) {
      const job = jobFolder(id);
      const { files } = manifestOf(id);
      assert.deepEqual(files.map(({ path, origin }) => `${path} ${origin}`), names.map((name) => `${name} buffer`));
      const frozen = files.map(({ path, sha256 }) => {
        assert.ok(versions.has(sha256), `${path} is none of the versions that its document had`);
        const text = storedText(sha256);
        return Number(/^LAST = (\d+)$/m.exec(text)?.[1]);
      });
      const [main = -1, lib = -1] = frozen;
      assert.ok(main - lib === 0 || main - lib === 1, `the job has version ${String(main)}, its library ${String(lib)}`);
      for (const deadline = Date.now() + 60_000; !existsSync(join(job, "run", "exit.json")); await delay(50)) assert.ok(Date.now() < deadline, "the job did not end");
      assert.equal(readFileSync(join(job, "out.log"), "utf8"), `${String(main)} ${String(main)} ${String(lib)} ${String(lib)}\n`);
      numbers.add(String(main));
    }
    assert.equal(numbers.size, launches, "the launches were of different moments");
    for (const name of names) assert.equal(readFileSync(join(folder, name), "utf8"), texts[name](0));
    for (const document of documents) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  });
});
