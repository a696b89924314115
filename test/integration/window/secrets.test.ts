/** A secret on the screen stops the launch with a choice, and the choice is remembered. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { password } from "../../unit/snapshot/secrets/secretTexts.js";
import { inWindow, type OpenedWindow } from "../harness/openWindow.js";

const fixture = join(__dirname, "..", "fixtures", "plain");

describe("a secret in what would be sent", () => {
  let window: OpenedWindow;

  inWindow({ fixture }, (opened) => { window = opened; });

  const dialog = () => window.workbench.page.locator(".monaco-dialog-box");
  const click = async (): Promise<void> => {
    await window.workbench.openFile("jobs/greet.py");
    await window.workbench.codeLens(/Run on local/).click();
  };
  const decisions = (): string => join(window.folder, "..", ".local", "state", "slingshot", "secretDecisions.json");

  it("stops the launch, names file, line and rule but not the secret; Cancel leaves nothing behind", async () => {
    const { workbench, jobs } = window;
    const value = password();
    const known = await jobs.list();
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(5, `    password = "${value}"; return "told once"`);
    await click();
    await dialog().waitFor();
    await workbench.screenshot("secret");
    const text = await dialog().innerText();
    assert.match(text, /lib\/greeting\.py:5 looks like a password/);
    assert.ok(!text.includes(value));
    assert.equal(await workbench.dialogButton("Leave Out").count(), 0, "code can't be left out");
    await workbench.dialogButton("Cancel").click();
    await dialog().waitFor({ state: "hidden" });
    assert.deepEqual(await jobs.list(), known);
    assert.equal(existsSync(decisions()), false);
  });

  it("goes on with Send Anyway, and does not ask again for the same lines", async () => {
    const { workbench, jobs } = window;
    const known = await jobs.list();
    await click();
    await workbench.dialogButton("Send Anyway").click();
    await workbench.logLine("told once").waitFor();
    const first = await jobs.until((await jobs.next(known)).id);
    assert.equal(first.state, "succeeded");
    assert.doesNotMatch(readFileSync(decisions(), "utf8"), /password|told/);
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(1, '# Another first line.');
    const before = await jobs.list();
    await click();
    const second = await jobs.until((await jobs.next(before)).id);
    assert.equal(second.state, "succeeded");
    assert.equal(await dialog().count(), 0);
  });

  it("asks again when the line is edited, and Show goes there", async () => {
    const { workbench, jobs } = window;
    const known = await jobs.list();
    await workbench.openFile("lib/greeting.py");
    await workbench.retypeLine(5, `    password = "${password()}"; return "told twice"`);
    await click();
    await workbench.dialogButton("Show").click();
    await workbench.page.locator('.tabs-container .tab.active[data-resource-name="greeting.py"]').waitFor();
    await workbench.statusBarItem("Ln 5, Col 1").waitFor();
    assert.deepEqual(await jobs.list(), known);
  });

  it("offers to leave data out, and does so from then on without asking", async () => {
    const { workbench, jobs } = window;
    await workbench.openFile("conf/a.yaml");
    await workbench.retypeLine(1, `password: ${password()}`);
    for (const [index, answer] of ["Leave Out", undefined].entries()) {
      const known = await jobs.list();
      await workbench.openFile("jobs/files.py");
      await workbench.codeLens(/Run on local/).click();
      if (answer !== undefined) {
        await dialog().waitFor();
        await workbench.screenshot("secret-in-data");
        await workbench.dialogButton(answer).click();
      }
      const job = await jobs.until((await jobs.next(known)).id);
      assert.match(jobs.log(job.id), /No such file or directory: 'conf\/a\.yaml'/, `launch ${String(index + 1)}`);
      const manifest = JSON.parse(readFileSync(join(jobs.folder(job.id), "manifest.json"), "utf8")) as { excluded: { path: string }[] };
      assert.ok(manifest.excluded.some(({ path }) => path === "conf/a.yaml"));
    }
    await workbench.command("Slingshot: Ask About Secrets Again");
    while (readFileSync(decisions(), "utf8").includes("a.yaml")) await workbench.page.waitForTimeout(200);
    await workbench.openFile("jobs/files.py");
    await workbench.codeLens(/Run on local/).click();
    await workbench.dialogButton("Cancel").click();
  });
});
