/** What people see of their imports: hover, squiggle, quick fix, and all of it gone with the setting off. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "jsonc-parser";
import { openWindow, type OpenedWindow } from "../harness/openWindow.js";

const fixture = join(__dirname, "..", "fixtures", "imports");

describe("imports in the window", () => {
  let opened: OpenedWindow | undefined;
  let window: OpenedWindow;

  before(async () => {
    opened = await openWindow({ fixture });
    window = opened;
    // No part of the fixture: git would ignore it there as well.
    mkdirSync(join(window.folder, "conf"));
    writeFileSync(join(window.folder, "conf", "local.cfg"), "A=1\n");
    writeFileSync(join(window.folder, ".gitignore"), "*.cfg\n");
    await window.workbench.openFile("jobs/report.py");
  });
  after(() => opened?.close());
  afterEach(function () {
    return opened?.explain(this.currentTest);
  });

  const squiggles = () => window.workbench.page.locator(".part.editor .view-overlays .cdr.squiggly-warning");
  const hoverText = (text: RegExp) => window.workbench.page.locator(".monaco-hover:not(.hidden) .monaco-hover-content", { hasText: text });

  async function squigglesBecome(count: number): Promise<void> {
    for (const deadline = Date.now() + 120_000; (await squiggles().count()) !== count; await delay(100)) assert.ok(Date.now() < deadline, `${String(await squiggles().count())} squiggles, not ${String(count)}`);
  }

  /** Puts the mouse on a word and waits for a hover that says `text`. */
  async function hoverOn(word: string, text: RegExp): Promise<void> {
    const { workbench } = window;
    await workbench.page.keyboard.press("Escape");
    await workbench.editor().locator(".view-line span", { hasText: word }).last().hover();
    await hoverText(text).first().waitFor();
  }

  it("marks what a job would not find", async () => {
    await squigglesBecome(2);
    await window.workbench.screenshot("imports-squiggles");
  });

  it("says on hover what an import is for the job", async () => {
    await hoverOn("etl.clean", /Slingshot: local, sent along, 3 files \(\d+ B\) with what it imports\s*etl\/clean\.py, import root: the workspace folder/);
    await window.workbench.screenshot("imports-hover-local");
    await hoverOn("yaml_that_is_nowhere", /neither below an import root nor installed for the target "local"/);
    await window.workbench.screenshot("imports-hover-missing");
    await window.workbench.page.keyboard.press("Escape");
  });

  it("adds the import root by quick fix, as an edit that can be undone", async () => {
    const { workbench, folder } = window;
    await workbench.goToLine(2);
    await workbench.page.keyboard.press("End");
    await workbench.page.keyboard.press("Control+.");
    const fix = workbench.page.locator(".action-widget .monaco-list-row", { hasText: "Add import root" });
    await fix.waitFor();
    await workbench.screenshot("imports-quick-fix");
    await workbench.page.keyboard.press("Enter");
    await squigglesBecome(1);
    const file = join(folder, ".vscode", "slingshot.json");
    assert.deepEqual(parse(readFileSync(file, "utf8")), { bundle: { roots: ["tools/shared"] } });
    await hoverOn("helpers", /tools\/shared\/helpers\.py/);
    await workbench.page.keyboard.press("Escape");
  });

  it("sends an ignored file along by quick fix, and keeps the comments of the project file", async () => {
    const { workbench, folder } = window;
    const file = join(folder, ".vscode", "slingshot.json");
    writeFileSync(file, '// ours\n{\n  "bundle": {\n    "roots": ["tools/shared"], // helpers\n  }\n}\n');
    await workbench.goToLine(9);
    await workbench.page.keyboard.press("End");
    await workbench.page.keyboard.press("Control+.");
    await workbench.page.locator(".action-widget .monaco-list-row", { hasText: 'Send "conf/local.cfg" along' }).waitFor();
    await workbench.page.keyboard.press("Enter");
    for (const deadline = Date.now() + 60_000; !readFileSync(file, "utf8").includes("conf/local.cfg"); await delay(100)) assert.ok(Date.now() < deadline, "the project file names the data file");
    const text = readFileSync(file, "utf8");
    assert.match(text, /^\/\/ ours\n/);
    assert.match(text, /\/\/ helpers/);
    await workbench.openFile(".vscode/slingshot.json");
    await workbench.screenshot("imports-project-file");
    await workbench.page.keyboard.press("Control+Z");
    for (const deadline = Date.now() + 60_000; (await workbench.editor().innerText()).includes("local.cfg"); await delay(100)) assert.ok(Date.now() < deadline, "the edit is undone");
    await workbench.page.keyboard.press("Control+Y");
    await workbench.page.keyboard.press("Control+S");
    await workbench.openFile("jobs/report.py");
  });

  it("follows files that appear", async () => {
    const { folder } = window;
    await squigglesBecome(1);
    writeFileSync(join(folder, "tools", "shared", "yaml_that_is_nowhere.py"), "");
    await squigglesBecome(0);
    assert.ok(existsSync(join(folder, "tools", "shared", "yaml_that_is_nowhere.py")));
  });

  it("is gone at once with the setting off, and back with it on", async () => {
    const { workbench, folder } = window;
    await workbench.goToLine(5);
    await workbench.page.keyboard.press("End");
    await workbench.page.keyboard.type("_2");
    await squigglesBecome(1);
    const settings = join(folder, ".vscode", "settings.json");
    writeFileSync(settings, '{ "slingshot.imports.enabled": false }');
    await squigglesBecome(0);
    await workbench.page.keyboard.press("Escape");
    await workbench.editor().locator(".view-line span", { hasText: "etl.clean" }).last().hover();
    await delay(2_000);
    assert.equal(await hoverText(/Slingshot/).count(), 0);
    await workbench.screenshot("imports-off");
    writeFileSync(settings, "{}");
    await squigglesBecome(1);
  });
});
