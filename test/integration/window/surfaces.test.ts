/** The other places in the window from which a job is launched, and where they must not be. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inWindow, type OpenedWindow } from "../harness/openWindow.js";
import { processTree } from "../harness/processTree.js";

const fixture = join(__dirname, "..", "fixtures", "plain");

describe("launch surfaces of the window", () => {
  let window: OpenedWindow;

  inWindow({ fixture }, async (opened) => {
    window = opened;
    await window.workbench.openFile("jobs/files.py");
    await window.workbench.openFile("jobs/greet.py");
  });

  /** The one job that `act` launches, ended well. */
  async function launched(act: () => Promise<void>): Promise<string> {
    const { jobs } = window;
    const known = await jobs.list();
    await act();
    const job = await jobs.until((await jobs.next(known)).id);
    assert.equal(job.state, "succeeded");
    return job.title;
  }

  it("the editor's run menu", async () => {
    assert.equal(await launched(() => window.workbench.titleAction("Run on Cluster").click()), "greet.py");
  });

  it("the tab's context menu", async () => {
    const { workbench } = window;
    assert.equal(await launched(() => workbench.contextMenu(workbench.tab("greet.py"), "Run on Cluster")), "greet.py");
  });

  it("the explorer's context menu, one job for each selected file", async () => {
    const { workbench, jobs } = window;
    const known = await jobs.list();
    await workbench.explorerRow("greet.py").click();
    await workbench.explorerRow("files.py").click({ modifiers: ["ControlOrMeta"] });
    await workbench.contextMenu(workbench.explorerRow("files.py"), "Run on Cluster");
    const first = await jobs.next(known);
    const second = await jobs.next([...known, first]);
    const ended = [await jobs.until(first.id), await jobs.until(second.id)];
    assert.deepEqual(ended.map((job) => `${job.title} ${job.state}`).sort(), ["files.py succeeded", "greet.py succeeded"]);
  });

  it("not on files that are no Python", async () => {
    const { workbench } = window;
    await workbench.openFile("conf/a.yaml");
    await workbench.editor().click({ button: "right" });
    await workbench.menuEntry("Copy").waitFor();
    assert.equal(await workbench.menuEntry("Run on Cluster").count(), 0);
    await workbench.page.keyboard.press("Escape");
  });

  it("the command that repeats the last launch", async () => {
    await window.workbench.openFile("jobs/greet.py");
    await launched(() => window.workbench.command("Slingshot: Run on Cluster"));
    assert.equal(await launched(() => window.workbench.command("Slingshot: Repeat Last Launch")), "greet.py");
  });
});

describe("a window on a folder that is not trusted", () => {
  let window: OpenedWindow;

  inWindow({ fixture, settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.untrustedFiles": "open" } }, (opened) => { window = opened; });

  it("starts nothing: no job, no interpreter", async () => {
    const { workbench, jobs, code } = window;
    await workbench.statusBarItem("Restricted Mode").waitFor();
    await workbench.openFile("jobs/greet.py");
    await workbench.page.keyboard.press("Control+Alt+Enter");
    await workbench.page.locator(".monaco-dialog-box, .notification-toast").first().waitFor();
    await workbench.screenshot("restricted");
    assert.deepEqual(await jobs.list(), []);
    const started = code.extensionHosts().flatMap((pid) => processTree(pid)).filter((one) => /\b(python3?|java|git)\b/.test(one.command.split(" ")[0] ?? ""));
    assert.deepEqual(started, []);
  });
});
