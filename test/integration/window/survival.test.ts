/** A job outlives what shows it: closed panel, reloaded window, killed extension host. Afterwards its log is whole. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inWindow, type OpenedWindow } from "../harness/openWindow.js";

const fixture = join(__dirname, "..", "fixtures", "plain");
const whole = Array.from({ length: 200 }, (_, index) => `line ${String(index + 1)}\n`).join("");

describe("a running job survives", () => {
  let window: OpenedWindow;

  inWindow({ fixture }, (opened) => { window = opened; });

  /** Starts the slow job by its lens; resolves when its first lines show. */
  async function start(): Promise<string> {
    const { workbench, jobs } = window;
    await workbench.openFile("jobs/slow.py");
    const known = await jobs.list();
    await workbench.codeLens(/Run on local/).click();
    await workbench.logLine("line 3").waitFor();
    return (await jobs.next(known)).id;
  }

  /** The window shows the job's end, and its spool holds each line once. */
  async function endsWhole(id: string): Promise<void> {
    const { workbench, jobs } = window;
    await workbench.logLine("line 200").waitFor();
    const job = await jobs.until(id);
    assert.equal(job.state, "succeeded");
    assert.equal(jobs.log(id), whole);
  }

  it("the panel's closing", async () => {
    const id = await start();
    const { workbench } = window;
    await workbench.command("View: Hide Panel");
    await workbench.page.locator(".part.panel").waitFor({ state: "hidden" });
    await delay(1_000);
    await workbench.page.keyboard.press("Control+J");
    await endsWhole(id);
  });

  it("a reload of the window", async () => {
    const id = await start();
    await window.workbench.reload();
    assert.equal((await window.jobs.until(id, "running")).state, "running", "the job runs on");
    await endsWhole(id);
    await window.workbench.screenshot("after-reload");
  });

  it("the death of the extension host", async () => {
    const id = await start();
    const hosts = window.code.extensionHosts();
    assert.ok(hosts.length > 0, "there is an extension host to kill");
    for (const pid of hosts) process.kill(pid, "SIGKILL");
    assert.equal((await window.jobs.until(id, "running")).state, "running", "the job runs on");
    for (const deadline = Date.now() + 60_000; window.code.extensionHosts().length === 0; await delay(200)) assert.ok(Date.now() < deadline, "VS Code starts a new extension host");
    await endsWhole(id);
    assert.ok(!window.code.extensionHosts().some((pid) => hosts.includes(pid)));
  });
});
