import { cpSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { build, type Plugin } from "esbuild";

export const root = resolve(__dirname, "../../..");

export type ExtensionVariant = "asBuilt" | "ignoringUnsavedEdits" | "delayingServer";

/**
 * Puts what a VSIX would hold into a folder, so that VS Code can have it as an installed extension.
 * `ignoringUnsavedEdits` replaces the extension's script by one that is built from the same sources but for the module that freezes
 * unsaved documents: the control of the central proof. `delayingServer` puts a program before the language server that delivers what
 * happens to documents late and in the wrong order.
 */
export async function stageExtension(folder: string, variant: ExtensionVariant = "asBuilt"): Promise<string> {
  for (const file of await listFiles({ cwd: root, packageManager: PackageManager.None })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  if (variant === "ignoringUnsavedEdits") {
    await build({ entryPoints: [join(root, "src", "extension.ts")], outfile: join(folder, "dist", "extension.js"), bundle: true, platform: "node", format: "cjs", target: "node20",
      external: ["vscode"], mainFields: ["module", "main"], plugins: [ignoreUnsavedEdits], logLevel: "warning" });
  }
  if (variant === "delayingServer") {
    renameSync(join(folder, "dist", "server.js"), join(folder, "dist", "punctualServer.js"));
    cpSync(join(root, "test", "integration", "fixtures", "delayingServer", "server.cjs"), join(folder, "dist", "server.js"));
  }
  return folder;
}

const substitute = join(root, "test", "integration", "fixtures", "ignoresUnsavedEdits", "freeze.ts");

const ignoreUnsavedEdits: Plugin = {
  name: "ignore-unsaved-edits",
  setup: (control) => {
    control.onResolve({ filter: /\/freeze\.js$/ }, ({ importer }) => importer === substitute ? undefined : { path: substitute });
  },
};
