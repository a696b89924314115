/** What a job left on its stage, into the job's folder: regular files only, at their own places only. */
import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makePrivateFolder } from "../../base/files.js";
import type { JobPaths } from "../../jobs/jobPaths.js";
import type { Stage } from "./stage.js";

/** The report `run/exit.json` comes last: who reads it finds the rest. Without one on the stage there is nothing. */
export async function collect(stage: Stage, paths: JobPaths): Promise<void> {
  const fetched = join(dirname(paths.run("spec.json")), "fetched");
  rmSync(fetched, { recursive: true, force: true });
  try {
    if (!(await stage.get("out", fetched))) return;
    copyFiles(join(fetched, "results"), paths.results);
    copyFiles(join(fetched, "outputs"), paths.outputs);
    for (const name of ["outputs.json", "exit.json"] as const) {
      if (existsSync(join(fetched, "run", name))) copyFileSync(join(fetched, "run", name), paths.run(name));
    }
  } finally {
    rmSync(fetched, { recursive: true, force: true });
  }
}

/** Symbolic links, devices and the like are left out: the files come from another machine. */
function copyFiles(from: string, to: string): void {
  if (!existsSync(from)) return;
  makePrivateFolder(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyFiles(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) {
      copyFileSync(join(from, entry.name), join(to, entry.name));
      chmodSync(join(to, entry.name), 0o600);
    }
  }
}
