/** What happens to documents reaches the language server late and in the wrong order, or never: the text on the screen is what runs. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inWindow, type OpenedWindow } from "../harness/openWindow.js";

const fixture = join(__dirname, "..", "fixtures", "plain");

describe("a launch whose language server", () => {
  let window: OpenedWindow;

  // A worker must not stand in for the server that is tried here.
  inWindow({ fixture, variant: "delayingServer", settings: { "slingshot.snapshot.patience": 60_000 } }, async (opened) => {
    window = opened;
    await window.workbench.openFile("jobs/greet.py");
    await window.workbench.codeLens(/Run on local/).waitFor();
    await delay(1000);
  });

  async function typeAndRun(text: string): Promise<void> {
    const { workbench, jobs } = window;
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(5, `    return "${text}"`);
    await workbench.openFile("jobs/greet.py");
    const known = await jobs.list();
    await workbench.codeLens(/Run on local/).click();
    const job = await jobs.until((await jobs.next(known)).id);
    assert.equal(jobs.log(job.id), `${text}\n`);
  }

  it("hears of edits late and in the wrong order", async () => {
    for (const text of ["first", "second", "third", "fourth"]) await typeAndRun(text);
    const late = join(window.code.home, "late");
    for (const deadline = Date.now() + 60_000; !existsSync(late) || !readFileSync(late, "utf8").includes("textDocument/didChange textDocument/didChange"); await delay(100)) {
      assert.ok(Date.now() < deadline, "events were delivered late, several at a time");
    }
  });

  it("is killed while it takes the snapshot", async () => {
    const die = join(window.code.home, "die");
    writeFileSync(die, "");
    await typeAndRun("after the server's death");
    assert.equal(existsSync(die), false);
    await typeAndRun("with the next server");
  });
});
