// A parser that recovers from errors, which the scanner is compared with on half-typed sources.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { mustRun } from "./command.mjs";

const packages = { python: "1.1.19", lr: "1.4.10", common: "1.5.2", highlight: "1.2.3" };

/** @returns {Promise<{ folder: string, made: boolean }>} a folder with `node_modules/@lezer/python` */
export async function setUpPythonParser() {
  return cached("python-parser", Object.entries(packages).flat(), async (folder) => {
    for (const [name, version] of Object.entries(packages)) {
      const place = join(folder, "node_modules", "@lezer", name);
      mkdirSync(place, { recursive: true });
      await mustRun("the Python parser", "See whether the npm registry can be reached (npm ping), then try again.", "npm", ["pack", `@lezer/${name}@${version}`, "--silent", "--pack-destination", folder], { cwd: folder, limitMs: 120_000 });
      const archive = join(folder, `lezer-${name}-${version}.tgz`);
      await mustRun("the Python parser", "`tar` is needed.", "tar", ["-xzf", archive, "-C", place, "--strip-components=1"], { cwd: folder });
      rmSync(archive);
    }
  });
}
