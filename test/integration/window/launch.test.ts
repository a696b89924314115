/** One click: from unsaved text in the window to its output in the panel, on the embedded `local` target. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inWindow, stateOnDisk, type OpenedWindow } from "../harness/openWindow.js";

const fixture = join(__dirname, "..", "fixtures", "plain");

describe("a launch from the window", () => {
  let window: OpenedWindow;

  inWindow({ fixture }, (opened) => { window = opened; });

  it("runs unsaved text at a click on the CodeLens and shows the output in the panel", async () => {
    const { workbench, jobs, folder } = window;
    const library = join(folder, "lib", "greeting.py");
    const before = stateOnDisk(library);
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(5, '    return "hello from the keyboard"');
    await workbench.openFile("jobs/greet.py");
    const known = await jobs.list();
    await workbench.codeLens(/Run on local/).click();
    await workbench.logLine("hello from the keyboard").waitFor();
    await workbench.screenshot("lens");
    const job = await jobs.until((await jobs.next(known)).id);
    assert.equal(job.state, "succeeded");
    assert.equal(jobs.log(job.id), "hello from the keyboard\n");
    assert.equal(stateOnDisk(library), before, "the file on disk is as it was");
    assert.ok(await workbench.isDirty("greeting.py"), "the document is still unsaved");
  });

  it("does the same from the editor's context menu, with the text of that moment", async () => {
    const { workbench, jobs, folder } = window;
    const library = join(folder, "lib", "greeting.py");
    const before = stateOnDisk(library);
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(5, '    return "hello by right click"');
    await workbench.openFile("jobs/greet.py");
    const known = await jobs.list();
    await workbench.contextMenu(workbench.editor(), "Run on Cluster");
    await workbench.logLine("hello by right click").waitFor();
    const job = await jobs.until((await jobs.next(known)).id);
    assert.equal(jobs.log(job.id), "hello by right click\n");
    assert.equal(stateOnDisk(library), before);
    assert.ok(await workbench.isDirty("greeting.py"));
  });

  it("does the same by the keyboard alone", async () => {
    const { workbench, jobs } = window;
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(5, '    return "hello by key"');
    await workbench.openFile("jobs/greet.py");
    const known = await jobs.list();
    await workbench.page.keyboard.press("Control+Alt+Enter");
    await workbench.logLine("hello by key").waitFor();
    assert.equal(jobs.log((await jobs.next(known)).id), "hello by key\n");
  });

  it("gives a job the workspace's files and keeps what it writes out of the project", async () => {
    const { workbench, jobs, folder } = window;
    await workbench.openFile("jobs/files.py");
    const known = await jobs.list();
    await workbench.codeLens(/Run on local/).click();
    await workbench.logLine("wrote out.csv").waitFor();
    const job = await jobs.until((await jobs.next(known)).id);
    assert.equal(job.state, "succeeded");
    assert.equal(jobs.log(job.id), "read depth: 7\nwrote out.csv\n");
    assert.equal(existsSync(join(folder, "out.csv")), false, "the project has no out.csv");
    assert.equal(readFileSync(join(jobs.folder(job.id), "work", "out.csv"), "utf8"), "a,b\n1,2\n");
  });

  it("cancels a running job, and no process of it stays", async () => {
    const { workbench, jobs } = window;
    await workbench.openFile("jobs/slow.py");
    const known = await jobs.list();
    await workbench.codeLens(/Run on local/).click();
    await workbench.logLine("line 3").waitFor();
    const { id } = await jobs.next(known);
    await workbench.command("Slingshot: Cancel Job");
    const job = await jobs.until(id);
    assert.equal(job.state, "cancelled");
    assert.ok(!jobs.log(id).includes("line 200"));
  });
});
