/** Takes a snapshot of the folder in the first argument, keeps its content in the second, prints the archives' digests. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ContentStore } from "../../../src/bundle/contentStore.js";
import { packBundle } from "../../../src/bundle/pack.js";
import { Snapshotter } from "../../../src/snapshot/snapshotter.js";

const [workspace = "", state = "", mask = "022"] = process.argv.slice(2);
process.umask(Number.parseInt(mask, 8));
const store = new ContentStore(state);
const { manifest } = new Snapshotter().take({ workspace, cwd: workspace, entry: { file: `${workspace}/main.py` }, overlays: [], interpreter: null, bundle: { include: ["conf"] } }, store);
const bundle = packBundle(manifest, store);
const said = [process.version.split(".")[0], manifest.id];
for (const layer of bundle.layers) {
  for (const format of ["zip", "tar"] as const) {
    const bytes = readFileSync(await bundle.archive(layer, format));
    said.push(createHash("sha256").update(bytes).digest("hex"));
  }
}
console.log(said.join(" "));
