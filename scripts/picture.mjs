// Takes the README's picture of the real window: sets up what it needs, builds, then runs test/integration/picture.ts.
import { spawnSync } from "node:child_process";
import { root, setUp } from "./setup.mjs";

const { environment } = await setUp(["node", "system", "python", "spark", "vscode"]);
for (const argv of [["esbuild.mjs"], ["--import", "tsx", "test/integration/picture.ts"]]) {
  const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: "inherit", env: { ...process.env, ...environment } });
  if (status !== 0) process.exit(status ?? 1);
}
