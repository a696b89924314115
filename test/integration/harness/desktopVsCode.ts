import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { _electron as electron, type ElectronApplication } from "playwright-core";
import { installExtension, ownEnvironment, writeSettings } from "./dataFolder.js";
import { processTree } from "./processTree.js";
import type { VsCode, VsCodeOptions, VsCodeWindow, WindowOptions } from "./vscode.js";

/**
 * Starts nothing yet: each window is a desktop VS Code of its own on the same data folder. Suites in the extension host go through
 * `@vscode/test-electron`; windows that a test drives are Electron's, by Playwright.
 * @param where the path of VS Code's executable, or `download`
 */
export async function startDesktopVsCode(where: string, options: VsCodeOptions): Promise<VsCode> {
  const executable = where === "download" ? await downloadAndUnzipVSCode("stable") : where;
  const data = join(options.home, "vscode");
  const extensions = join(data, "extensions");
  mkdirSync(extensions, { recursive: true });
  for (const source of options.extensions) installExtension(source, extensions);
  const opened = new Set<ElectronApplication>();
  const args = ["--user-data-dir", data, "--extensions-dir", extensions, "--no-sandbox", "--disable-gpu", "--skip-welcome", "--skip-release-notes",
    "--disable-telemetry", "--disable-updates", "--disable-workspace-trust", "--force-disable-user-env"];
  const environment = ownEnvironment(options);

  async function drive(window: WindowOptions): Promise<VsCodeWindow> {
    const started = await electron.launch({ executablePath: executable, env: environment, args: [...args, window.folder] });
    opened.add(started);
    return { page: await started.firstWindow(), close: () => started.close() };
  }

  return {
    kind: "desktop",
    home: options.home,
    open: async (window) => {
      writeSettings(data, window.settings ?? {});
      return drive(window);
    },
    runInHost: async (window) => {
      writeSettings(data, window.settings ?? {});
      return runTests({ vscodeExecutablePath: executable, extensionDevelopmentPath: window.extensionDevelopmentPath, extensionTestsPath: window.extensionTestsPath,
        launchArgs: [window.folder, ...args], extensionTestsEnv: environment });
    },
    extensionHosts: () => [...opened].flatMap((one) => processTree(one.process().pid ?? -1))
      .filter((child) => child.command.includes("--utility-sub-type=node.mojom.NodeService") && child.command.includes("--inspect-port")).map((child) => child.pid),
    stop: async () => { for (const one of opened) await one.close(); },
  };
}
