/** `slingshot bundle --out`: the tree with its manifest and runner in one zip that runs anywhere Python does. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../snapshot/manifest.js";
import { writeArchive, type ArchiveEntry } from "./archive.js";
import type { ContentStore } from "./contentStore.js";
import { leftBehind } from "./leftBehind.js";

/** Replaces `out` by a zip of the bundle. `python .slingshot/run.py [args]` runs it in any directory. */
export async function writeBundleZip(out: string, manifest: Manifest, store: Pick<ContentStore, "read">, runnerDir: string): Promise<void> {
  const entries: ArchiveEntry[] = manifest.files.map((file) => ({ path: file.path, mode: file.mode, content: () => store.read(file.sha256) }));
  entries.push({ path: ".slingshot/manifest.json", mode: "644", content: () => Buffer.from(JSON.stringify(manifest, null, 1) + "\n") });
  entries.push({ path: ".slingshot/absent.json", mode: "644", content: () => Buffer.from(JSON.stringify({ files: leftBehind(manifest) }) + "\n") });
  for (const name of readdirSync(runnerDir).filter((one) => one.endsWith(".py"))) {
    const path = name === "run.py" ? ".slingshot/run.py" : `.slingshot/runner/${name}`;
    entries.push({ path, mode: "644", content: () => readFileSync(join(runnerDir, name)) });
  }
  rmSync(out, { force: true });
  await writeArchive(out, "zip", entries);
}
