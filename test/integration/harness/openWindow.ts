import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobsOf } from "./jobsOf.js";
import { runningProcesses } from "./processTree.js";
import { stageExtension, type ExtensionVariant } from "./stagedExtension.js";
import { startVsCode } from "./startVsCode.js";
import type { VsCode, VsCodeWindow } from "./vscode.js";
import { Workbench } from "./workbench.js";

export interface OpenedWindow {
  readonly workbench: Workbench;
  readonly code: VsCode;
  readonly jobs: JobsOf;
  /** The test's own copy of the fixture: the window's folder. */
  readonly folder: string;
  /** For `afterEach`: where the test failed, takes a picture and prints what VS Code and the extension have logged about it. */
  explain(test: Mocha.Test | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface OpenWindowOptions {
  /** A folder of test fixtures, absolute; copied. */
  readonly fixture: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly variant?: ExtensionVariant;
}

/** A window of a fresh VS Code with the packaged extension installed, on a copy of a fixture, with a home of its own. */
export async function openWindow({ fixture, settings = {}, variant = "asBuilt" }: OpenWindowOptions): Promise<OpenedWindow> {
  const home = mkdtempSync(join(tmpdir(), "slingshot-window-"));
  const folder = join(home, "project");
  cpSync(fixture, folder, { recursive: true });
  const extension = await stageExtension(join(home, "extension"), variant);
  const code = await startVsCode({ home, extensions: [extension], environment: {} });
  let window: VsCodeWindow;
  try {
    window = await code.open({ folder, settings });
  } catch (error) {
    await code.stop();
    throw error;
  }
  const workbench = new Workbench(window.page);
  const jobs = new JobsOf(home, extension);
  const close = async (): Promise<void> => {
    try {
      await jobs.cancelAll();
    } finally {
      await window.close();
      await code.stop();
      for (const left of runningProcesses().filter((one) => one.command.includes(home))) process.kill(left.pid, "SIGKILL");
      rmSync(home, { recursive: true, force: true });
    }
  };
  const explain = async (test: Mocha.Test | undefined): Promise<void> => {
    if (test?.state !== "failed") return;
    console.log(`    picture: ${await workbench.screenshot(`failed-${test.title.replace(/\W+/g, "-")}`)}`);
    for (const line of extensionLog(join(home, "vscode", "logs")).slice(-30)) console.log(`    log: ${line}`);
  };
  try {
    await workbench.ready();
  } catch (error) {
    await close();
    throw error;
  }
  return { workbench, code, jobs, folder, explain, close };
}

/** For a suite: a window that is open before its first test and closed after its last. `opened` prepares it. */
export function inWindow(options: OpenWindowOptions, opened: (window: OpenedWindow) => void | Promise<void>): void {
  let window: OpenedWindow | undefined;
  before(async () => {
    window = await openWindow(options);
    await opened(window);
  });
  after(() => window?.close());
  afterEach(function () {
    return window?.explain(this.currentTest);
  });
}

/** The lines of the extension's own log, and those of the extension host that name it. */
function extensionLog(logs: string): string[] {
  const files = existsSync(logs) ? readdirSync(logs, { recursive: true }).map(String).filter((file) => /slingshot[^/]*\/[^/]*\.log$|exthost\.log$/i.test(file)) : [];
  return files.sort().flatMap((file) => readFileSync(join(logs, file), "utf8").split("\n").filter((line) => line !== "" && (/slingshot/i.test(file) || /slingshot|Error/i.test(line))));
}

/** What must not change on disk: a file's bytes and the time of its last change in nanoseconds. */
export function stateOnDisk(file: string): string {
  return `${createHash("sha256").update(readFileSync(file)).digest("hex")} ${String(statSync(file, { bigint: true }).mtimeNs)}`;
}
