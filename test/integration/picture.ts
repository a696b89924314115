/**
 * Takes the picture of the README in the real window: `npm run picture`. An unsaved edit in the example's library, the
 * job on Spark, its log in the panel. Needs SLINGSHOT_SPARK_PYTHON and what the window tests need.
 */
import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openWindow } from "./harness/openWindow.js";

async function main(): Promise<void> {
  const root = resolve(__dirname, "..", "..");
  const python = process.env["SLINGSHOT_SPARK_PYTHON"];
  if (python === undefined) throw new Error("Set SLINGSHOT_SPARK_PYTHON to a Python that has pyspark.");
  const window = await openWindow({
    fixture: join(root, "examples", "imagetags"),
    settings: { "slingshot.targets": { "spark-dev": { backend: "spark", master: "local[2]", python } }, "editor.minimap.enabled": false },
  });
  const { workbench, jobs } = window;
  try {
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
    await workbench.openFile("src/imagetags/label.py");
    await workbench.retypeLine(7, `    return f"{tag.format} as typed: {words}"`);
    await workbench.openFile("jobs/scrape_dataframe.py");
    await workbench.statusBarItem("local").click();
    await workbench.pick("spark-dev");
    const known = await jobs.list();
    await workbench.goToLine(36);
    await workbench.codeLens(/Run on spark-dev/).last().click();
    const { id } = await jobs.next(known);
    await jobs.until(id);
    await workbench.command("View: Show Slingshot");
    await workbench.webview().getByText("picture.html line 7", { exact: false }).first().click();
    await workbench.page.keyboard.press("Home");
    await workbench.page.mouse.move(640, 460);
    await workbench.page.waitForTimeout(1500);
    copyFileSync(await workbench.screenshot("readme"), join(root, "media", "screenshot.png"));
  } finally {
    await window.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
