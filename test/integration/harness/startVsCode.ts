import { startDesktopVsCode } from "./desktopVsCode.js";
import { servedVsCodeFolder, startServedVsCode } from "./servedVsCode.js";
import type { VsCode, VsCodeOptions } from "./vscode.js";

/** Starts the desktop VS Code that `SLINGSHOT_VSCODE` names (a path, or `download`), else the served one that the set-up made. */
export async function startVsCode(options: VsCodeOptions): Promise<VsCode> {
  const desktop = process.env["SLINGSHOT_VSCODE"];
  if (desktop !== undefined && desktop !== "") return startDesktopVsCode(desktop, options);
  const folder = servedVsCodeFolder();
  if (folder === undefined) throw new Error("There is no VS Code to test in. Run `node scripts/setup.mjs vscode`, or set SLINGSHOT_VSCODE to the path of a desktop VS Code.");
  return startServedVsCode(folder, options);
}
