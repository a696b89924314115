/** A log of a million lines: the spool has each once, and the panel stays small and usable. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { inWindow, type OpenedWindow } from "../harness/openWindow.js";
import { residentBytes } from "../harness/processTree.js";

const fixture = join(__dirname, "..", "fixtures", "plain");
const lines = 1_000_000;

describe("a log of a million lines", () => {
  let window: OpenedWindow;

  inWindow({ fixture }, (opened) => { window = opened; });

  it("is kept whole, shown to its end and scrolled to its start in bounded memory", async () => {
    const { workbench, jobs, code } = window;
    await workbench.openFile("jobs/greet.py");
    await workbench.codeLens(/Run on local/).click();
    await workbench.logLine("hello from disk").waitFor();
    const memory = (): number => code.extensionHosts().reduce((sum, pid) => sum + residentBytes(pid), 0);
    const before = memory();

    await workbench.openFile("jobs/million.py");
    const known = await jobs.list();
    await workbench.codeLens(/Run on local/).click();
    await workbench.logLine(`line ${String(lines)}`).waitFor();
    const grown = memory() - before;
    const job = await jobs.until((await jobs.next(known)).id);
    assert.equal(job.state, "succeeded");

    const expected = createHash("sha256");
    for (let number = 1; number <= lines; number++) expected.update(`line ${String(number)}\n`);
    assert.equal(createHash("sha256").update(jobs.log(job.id)).digest("hex"), expected.digest("hex"), "each line once, in order");
    assert.ok(grown < 150 * 1024 * 1024, `the extension host grew by ${String(Math.round(grown / 1024 / 1024))} MB`);

    const rows = workbench.webview().locator(".log-viewport .row");
    assert.ok(await rows.count() < 500, "only rows in sight are in the document");
    await workbench.webview().locator(".log-viewport").focus();
    await workbench.page.keyboard.press("Control+Home");
    await workbench.logLine("line 1").waitFor();
    assert.ok(await rows.count() < 500);
    await workbench.page.keyboard.press("Control+End");
    await workbench.logLine(`line ${String(lines)}`).waitFor();
    await workbench.screenshot("million");
  });
});
