// Checks the types of each TypeScript project: the sources and tests, and the webview, which has a browser's library.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

for (const project of [".", "src/panel/webview"].filter((folder) => existsSync(join(root, folder, "tsconfig.json")))) {
  const { status } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", project], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
