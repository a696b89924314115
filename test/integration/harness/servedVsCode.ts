import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { chromiumArguments, chromiumPath } from "./chromium.js";
import { installExtension, ownEnvironment, writeSettings } from "./dataFolder.js";
import { processTree, stopTree } from "./processTree.js";
import type { HostTests, VsCode, VsCodeOptions, WindowOptions } from "./vscode.js";

const startLimitMs = 120_000;

/** The folder with `node` and `code-server` that the set-up makes; `SLINGSHOT_VSCODE_SERVER` names it. */
export function servedVsCodeFolder(): string | undefined {
  const folder = process.env["SLINGSHOT_VSCODE_SERVER"];
  return folder !== undefined && existsSync(join(folder, serverScript)) ? folder : undefined;
}

const serverScript = "node_modules/code-server/lib/vscode/out/server-main.js";

/** Starts the VS Code of the npm package `code-server` on a free loopback port, and a headless Chromium that shows its windows. */
export async function startServedVsCode(folder: string, options: VsCodeOptions): Promise<VsCode> {
  const data = join(options.home, "vscode");
  const extensions = join(data, "extensions");
  mkdirSync(extensions, { recursive: true });
  for (const source of options.extensions) installExtension(source, extensions);
  const server = spawn(join(folder, "bin/node"), [join(folder, serverScript), "--host", "127.0.0.1", "--port", "0", "--without-connection-token",
    "--accept-server-license-terms", "--enable-smoke-test-driver", "--disable-telemetry", "--force-disable-user-env", "--user-data-dir", data,
    "--server-data-dir", join(options.home, "server"), "--extensions-dir", extensions, "--log", "info"],
    { env: ownEnvironment(options), stdio: ["ignore", "pipe", "pipe"], detached: true });
  const host = `127.0.0.1:${String(await portOf(server))}`;
  const contexts = new Set<BrowserContext>();
  const show = async (window: WindowOptions | HostTests): Promise<ServedWindow> => {
    writeSettings(data, window.settings ?? {});
    const opened = await openWindow(host, join(options.home, `chromium-${String(contexts.size)}`), window);
    contexts.add(opened.context);
    return opened;
  };
  return {
    kind: "served",
    home: options.home,
    open: async (window) => {
      const { page, context } = await show(window);
      return { page, close: () => context.close() };
    },
    runInHost: async (window) => {
      const { testsEnded, context } = await show(window);
      const code = await testsEnded;
      await context.close();
      return code;
    },
    extensionHosts: () => processTree(server.pid ?? -1).filter((child) => child.command.includes("--type=extensionHost")).map((child) => child.pid),
    stop: async () => {
      for (const context of contexts) await context.close();
      await stopTree(server);
    },
  };
}

interface ServedWindow { readonly page: Page; readonly context: BrowserContext; readonly testsEnded: Promise<number> }

function portOf(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => { reject(new Error(`VS Code's server did not start within ${String(startLimitMs / 1000)} s. It said:\n${said}`)); }, startLimitMs);
    const listen = (bytes: Buffer): void => {
      said += bytes.toString();
      const port = /agent listening on (\d+)/.exec(said)?.[1];
      if (port !== undefined) { clearTimeout(timer); resolve(Number(port)); }
    };
    server.stdout?.on("data", listen);
    server.stderr?.on("data", listen);
    server.once("exit", (code) => { clearTimeout(timer); reject(new Error(`VS Code's server ended with ${String(code)}. It said:\n${said}`)); });
  });
}

async function openWindow(host: string, profile: string, options: WindowOptions | HostTests): Promise<ServedWindow> {
  const context = await chromium.launchPersistentContext(profile, { executablePath: chromiumPath(), headless: true, args: chromiumArguments,
    viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
  const page = context.pages()[0] ?? await context.newPage();
  let end: (code: number) => void = () => undefined;
  const testsEnded = new Promise<number>((resolve) => { end = resolve; });
  await page.exposeFunction("codeAutomationLog", (_kind: string, words: unknown[]) => { if (process.env["SLINGSHOT_TEST_VERBOSE"]) console.log(...words); });
  await page.exposeFunction("codeAutomationExit", (code: number) => { end(code); });
  const extension = "extensionTestsPath" in options ? [["extensionDevelopmentPath", `vscode-remote://${host}${options.extensionDevelopmentPath}`],
    ["extensionTestsPath", `vscode-remote://${host}${options.extensionTestsPath}`]] : [];
  const payload = JSON.stringify([["skipWelcome", "true"], ["skipReleaseNotes", "true"], ...extension]);
  await page.goto(`http://${host}/?folder=${encodeURIComponent(options.folder)}&payload=${encodeURIComponent(payload)}`);
  return { context, page, testsEnded };
}
