/** "What Will Be Sent": three unsaved files with the reason of each, then the differences from the run that followed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inWindow, stateOnDisk, type OpenedWindow } from "../harness/openWindow.js";
import { SentPage } from "../harness/sentPage.js";

const fixture = join(__dirname, "..", "fixtures", "sent");

describe("what will be sent", () => {
  let window: OpenedWindow;
  let sent: SentPage;

  inWindow({ fixture }, (opened) => {
    window = opened;
    sent = new SentPage(window.workbench.page);
  });

  it("marks three edited files as unsaved, says why each is sent, and sends nothing", async () => {
    const { workbench, jobs, folder } = window;
    const files = ["shop/units.py", "shop/clean.py", "jobs/daily.py"];
    const before = files.map((file) => stateOnDisk(join(folder, file)));
    await workbench.openFile("shop/units.py");
    await workbench.retypeLine(3, '    return int(number) * (1000 if unit == "kg" else 1) + 7');
    await workbench.openFile("shop/clean.py");
    await workbench.retypeLine(5, "    return sum(grams(weight) for weight in weights)");
    await workbench.openFile("jobs/daily.py");
    await workbench.retypeLine(5, '    print("total", cleaned(["3 kg", "40 g"]))');
    await workbench.command("Slingshot: Show What Will Be Sent");
    await sent.file("jobs/daily.py").waitFor();
    await workbench.screenshot("sent");
    assert.deepEqual(await sent.unsaved(), ["jobs/daily.py", "shop/clean.py", "shop/units.py"]);
    assert.match(await sent.spoken("jobs/daily.py"), /unsaved, .*the entry$/);
    assert.match(await sent.spoken("shop/clean.py"), /unsaved, .*imported by jobs\/daily\.py line 1$/);
    assert.match(await sent.spoken("shop/units.py"), /unsaved, .*imported by shop\/clean\.py line 1$/);
    assert.match(await sent.spoken("conf/shop.yaml"), /included by rule conf\/\*\*$/);
    assert.match(await sent.totals(), /^5 files · .* · 3 unsaved · 1 left out$/);
    assert.deepEqual(await jobs.list(), [], "viewing sends nothing");
    assert.deepEqual(files.map((file) => stateOnDisk(join(folder, file))), before, "and saves nothing");
  });

  it("opens the whole chain of a file by the keyboard, with the lines that import", async () => {
    await sent.filter("units");
    await sent.tree.focus();
    await window.workbench.page.keyboard.press("End");
    await window.workbench.page.keyboard.press("ArrowRight");
    await sent.rows("step").nth(1).waitFor();
    assert.deepEqual(await sent.rows("step").allInnerTexts().then((texts) => texts.map((text) => text.replace(/\s+/g, " "))), ["jobs/daily.py:1 from shop.clean import cleaned", "shop/clean.py:1 from shop.units import grams"]);
    await window.workbench.screenshot("sent-chain");
    await sent.filter("");
  });

  it("says what was left out and by which rule", async () => {
    await sent.section("excluded").click();
    await sent.rows("excluded").first().waitFor();
    assert.equal(await sent.rows("excluded").first().getAttribute("aria-label"), "conf/mine.local.yaml, left out by .vscode/slingshot.json:2");
  });

  it("runs what it shows, and after another edit shows the edit against that run", async () => {
    const { workbench, jobs } = window;
    await sent.run();
    const job = await jobs.until((await jobs.next([])).id);
    assert.equal(job.state, "succeeded");
    assert.equal(jobs.log(job.id), "total 3054\n");
    await workbench.openFile("shop/units.py");
    await workbench.retypeLine(3, '    return int(number) * (1000 if unit == "kg" else 1) + 8');
    await workbench.openFile("jobs/daily.py");
    await workbench.command("Slingshot: Show What Will Be Sent");
    await sent.rows("change").first().waitFor();
    await workbench.screenshot("sent-changed");
    assert.deepEqual(await sent.spokenRows("change"), ["shop/units.py, changed since the last run"]);
    await sent.rows("change").first().click();
    await workbench.page.locator(".monaco-diff-editor").waitFor();
    assert.ok((await workbench.page.locator(".monaco-diff-editor .editor.original .view-lines").innerText()).includes("7"));
    assert.ok((await workbench.page.locator(".monaco-diff-editor .editor.modified .view-lines").innerText()).includes("8"));
    await workbench.screenshot("sent-diff");
    assert.ok(await workbench.isDirty("units.py"), "still unsaved");
  });

  it("follows what is typed while it stands beside the editor", async () => {
    const { workbench } = window;
    await workbench.openFile("jobs/daily.py");
    await workbench.command("View: Split Editor Right");
    await workbench.command("Slingshot: Show What Will Be Sent");
    await sent.file("jobs/daily.py").waitFor();
    await workbench.page.locator(".editor-group-container").nth(1).locator(".view-lines").click();
    await workbench.goToLine(2);
    await workbench.page.keyboard.type("import json, nowhere_to_be_found");
    await sent.note(/nowhere_to_be_found/).waitFor();
    await workbench.screenshot("sent-beside");
  });

  it("is offered where a launch asks about something odd; running from there asks no more", async () => {
    const { workbench, jobs } = window;
    await workbench.openFile("jobs/odd.py");
    const known = await jobs.list();
    await workbench.page.keyboard.press("Control+Alt+Enter");
    await workbench.screenshot("sent-odd-question");
    await workbench.dialogButton("Show What Will Be Sent").click();
    await sent.note(/imports "\." relatively/).waitFor();
    await workbench.screenshot("sent-odd");
    assert.deepEqual(await jobs.list(), known, "nothing was launched");
    await sent.run();
    const job = await jobs.until((await jobs.next(known)).id);
    assert.deepEqual([job.title, job.state], ["odd.py", "failed"]);
    assert.equal(await workbench.dialogButton("Run Anyway").count(), 0);
  });

  it("a file that was not sent is included with one click on the failure, and the next run has it", async () => {
    const { workbench, jobs, folder } = window;
    await workbench.openFile("jobs/reads.py");
    const known = await jobs.list();
    await workbench.page.keyboard.press("Control+Alt+Enter");
    const first = await jobs.until((await jobs.next(known)).id);
    assert.equal(first.state, "failed");
    const panel = workbench.page.frameLocator('iframe.webview.ready:visible[src*="purpose=webviewView"]').frameLocator("iframe#active-frame");
    await panel.getByRole("button", { name: "Include extra/names.txt" }).click();
    await panel.getByRole("button", { name: "Run Again", exact: true }).waitFor();
    await workbench.screenshot("mended");
    const file = readFileSync(join(folder, ".vscode", "slingshot.json"), "utf8");
    assert.match(file, /"extra\/names\.txt"/);
    assert.match(file, /"conf\/\*\*"/, "what stood there still does");
    await panel.getByRole("button", { name: "Run Again", exact: true }).click();
    const second = await jobs.until((await jobs.next([...known, first])).id);
    assert.equal(second.state, "succeeded");
    assert.equal(jobs.log(second.id), "kilo\n\n");
  });
});
