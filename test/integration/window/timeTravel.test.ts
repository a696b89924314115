/** What a job was given, beside what is on the screen now: compared, restored, and the restoring taken back. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { inWindow, stateOnDisk, type OpenedWindow } from "../harness/openWindow.js";

const fixture = join(__dirname, "..", "fixtures", "plain");

interface ListedFile { readonly path: string; readonly sha256: string; readonly mode: string }

describe("a job's snapshot in the window", () => {
  let window: OpenedWindow;
  let job: string;

  inWindow({ fixture, settings: { "workbench.editor.showTabs": "multiple" } }, async (opened) => {
    window = opened;
    job = await run();
  });

  async function run(): Promise<string> {
    const { workbench, jobs } = window;
    await workbench.openFile("jobs/greet.py");
    const known = await jobs.list();
    await workbench.page.keyboard.press("Control+Alt+Enter");
    const ended = await jobs.until((await jobs.next(known)).id);
    assert.equal(ended.state, "succeeded");
    return ended.id;
  }

  function files(): ListedFile[] {
    return (JSON.parse(readFileSync(join(window.jobs.folder(job), "manifest.json"), "utf8")) as { files: ListedFile[] }).files;
  }

  const entries = (): Locator => window.workbench.page.locator(".multiDiffEntry");
  /** Not the first editor of all: that may be one of a comparison that is out of sight. */
  const editor = (): Locator => window.workbench.page.locator(".part.editor .monaco-editor[role='code'] .view-lines:visible").first();
  const text = async (where: Locator): Promise<string> => (await where.innerText()).replaceAll("\u00a0", " ");

  it("compares with the workspace: exactly the edit, which is not saved", async () => {
    const { workbench } = window;
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(5, '    return "typed after the job"');
    await workbench.command("Slingshot: Compare Snapshot with Workspace");
    await entries().first().waitFor();
    await entries().getByText("typed after the job").waitFor();
    await workbench.screenshot("compare-with-workspace");
    assert.equal(await entries().count(), 1);
    assert.match(await text(entries().first()), /greeting\.py/);
    const [before, after] = [entries().locator(".editor.original .view-lines"), entries().locator(".editor.modified .view-lines")];
    assert.match(await text(before), /return "hello/);
    assert.match(await text(after), /return "typed after the job"/);
  });

  it("restores the file into its editor, and undo takes it away", async () => {
    const { workbench, folder } = window;
    const library = join(folder, "lib", "greeting.py");
    const before = stateOnDisk(library);
    await workbench.command("Slingshot: Restore Snapshot…");
    await workbench.pick("Into the Workspace");
    await workbench.dialogButton("Restore").waitFor();
    await workbench.screenshot("restore-question");
    await workbench.dialogButton("Restore").click();
    await entries().locator(".editor.modified").getByText("hello from disk").waitFor();
    await workbench.openFile("lib/greeting.py");
    await editor().getByText("hello from disk").waitFor();
    assert.doesNotMatch(await text(editor()), /typed after/);
    await workbench.page.keyboard.press("Control+Z");
    await editor().getByText("typed after the job").waitFor();
    assert.equal(stateOnDisk(library), before, "no save was made");
  });

  it("brings a deleted file back byte for byte", async () => {
    const { workbench, folder } = window;
    const library = join(folder, "lib", "__init__.py");
    const bytes = readFileSync(library);
    rmSync(library);
    await workbench.command("Slingshot: Restore Snapshot…");
    await workbench.pick("Into the Workspace");
    await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "lib/__init__.py" }).waitFor();
    await workbench.screenshot("restore-files");
    await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "lib/greeting.py" }).locator(".label-name").first().click();
    await workbench.page.locator(".quick-input-widget", { hasText: "1 Selected" }).waitFor();
    await workbench.page.keyboard.press("Enter");
    await workbench.dialogButton("Restore").click();
    while (!existsSync(library) || statSync(library).size < bytes.length) await workbench.page.waitForTimeout(200);
    assert.deepEqual(readFileSync(library), bytes);
    await workbench.openFile("lib/greeting.py");
    assert.match(await text(editor()), /typed after the job/, "what was unchecked is as it was");
  });

  it("restores the whole into a new folder, equal to the manifest", async () => {
    const { workbench, folder } = window;
    const target = join(folder, "..", "restored");
    await workbench.command("Slingshot: Restore Snapshot…");
    await workbench.pick("Into a New Folder");
    await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "jobs/greet.py" }).waitFor();
    await workbench.page.keyboard.press("Enter");
    const input = workbench.page.locator(".quick-input-widget input.input");
    await workbench.page.locator(".quick-input-widget", { hasText: "Choose" }).waitFor();
    await input.fill(`${join(folder, "..")}/`);
    await workbench.page.keyboard.press("Enter");
    await workbench.page.locator(".quick-input-widget", { hasText: "Name of the new folder" }).waitFor();
    assert.match(await input.inputValue(), /^project-\d{4}-\d\d-\d\d-\d{4}$/);
    await input.fill("project");
    await workbench.page.locator(".quick-input-widget", { hasText: "not empty" }).waitFor();
    await workbench.screenshot("restore-folder-taken");
    await input.fill("restored");
    await workbench.page.locator(".quick-input-widget", { hasText: "not empty" }).waitFor({ state: "hidden" });
    await workbench.screenshot("restore-folder");
    await workbench.page.keyboard.press("Enter");
    while (!files().every(({ path }) => existsSync(join(target, path)))) await workbench.page.waitForTimeout(200);
    for (const { path, sha256, mode } of files()) {
      assert.equal(createHash("sha256").update(readFileSync(join(target, path))).digest("hex"), sha256, path);
      assert.equal((statSync(join(target, path)).mode & 0o100) !== 0, mode === "755", path);
    }
  });

  it("compares two jobs by the tree's menu, and shows what came in and went", async () => {
    const { workbench, folder } = window;
    writeFileSync(join(folder, "lib", "extra.py"), "WORD = 'extra'\n");
    await workbench.openFile("jobs/greet.py");
    await workbench.goToLine(1);
    await workbench.page.keyboard.press("Home");
    await workbench.page.keyboard.type("import lib.extra\n");
    await run();
    await workbench.command("View: Show Slingshot");
    const rows = workbench.page.locator(".sidebar .monaco-list-row", { hasText: "greet.py" });
    await rows.nth(1).waitFor();
    await workbench.contextMenu(rows.nth(1), "Select for Compare");
    await rows.nth(0).click({ button: "right" });
    await workbench.menuEntry("Compare with Selected").waitFor();
    await workbench.screenshot("jobs-menu");
    await workbench.page.keyboard.press("Escape");
    await workbench.contextMenu(rows.nth(0), "Compare with Selected");
    await entries().getByText("import lib.extra").first().waitFor();
    await workbench.screenshot("compare-jobs");
    assert.equal(await entries().count(), 3, "the entry, the edited library, the module that came in");
  });
});
