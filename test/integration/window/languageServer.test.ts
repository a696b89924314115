/** A launch never depends on the language server: dead or late, the text on the screen is what runs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inWindow, type OpenedWindow } from "../harness/openWindow.js";
import { processTree } from "../harness/processTree.js";

const fixture = join(__dirname, "..", "fixtures", "plain");

describe("a launch while the language server", () => {
  let window: OpenedWindow;

  inWindow({ fixture }, async (opened) => {
    window = opened;
    await window.workbench.openFile("jobs/greet.py");
    await window.workbench.codeLens(/Run on local/).waitFor();
  });

  /** Process ids of the extension's language server. */
  function servers(): number[] {
    return window.code.extensionHosts().flatMap((host) => processTree(host)).filter((one) => /slingshot[^/]*\/dist\/server\.js/.test(one.command)).map((one) => one.pid);
  }

  async function serverOtherThan(old: readonly number[]): Promise<number> {
    for (const deadline = Date.now() + 60_000; ; await delay(100)) {
      const found = servers().find((pid) => !old.includes(pid));
      if (found !== undefined) return found;
      assert.ok(Date.now() < deadline, "a language server runs");
    }
  }

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

  it("is stopped", async () => {
    const pid = await serverOtherThan([]);
    process.kill(pid, "SIGSTOP");
    try {
      await typeAndRun("late server");
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  it("was killed, and the next one draws the lenses", async () => {
    const killed = servers();
    assert.ok(killed.length > 0);
    for (const pid of killed) process.kill(pid, "SIGKILL");
    await typeAndRun("dead server");
    await serverOtherThan(killed);
    const { workbench } = window;
    await workbench.goToLine(1);
    await workbench.page.keyboard.press("Home");
    await workbench.page.keyboard.type("def main():\n    return 1\n\n");
    await workbench.codeLens(/Run on local/).nth(1).waitFor();
  });
});
