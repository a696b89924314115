/** Makes the bundle of a snapshot: its tree's name and its layers. Archives are written when an engine asks for them. */
import { join } from "node:path";
import { filesDigest, type Manifest, type ManifestFile } from "../snapshot/manifest.js";
import { writeArchive } from "./archive.js";
import type { Bundle, Layer } from "./bundle.js";
import type { ContentStore } from "./contentStore.js";

/**
 * Layers by how often they change: what is being edited (entry and unsaved files, and what `lately` names), the other
 * Python files, and data. A one-line edit makes one small layer new.
 */
export function packBundle(manifest: Manifest, store: ContentStore, lately: ReadonlySet<string> = new Set()): Bundle {
  const changing: ManifestFile[] = [];
  const stable: ManifestFile[] = [];
  const data: ManifestFile[] = [];
  for (const file of manifest.files) {
    if (file.origin === "buffer" || file.path === manifest.entry.file || lately.has(file.path)) changing.push(file);
    else if (/\.(py|pyi|pyc|so|pyd)$/.test(file.path)) stable.push(file);
    else data.push(file);
  }
  const layers: Layer[] = [];
  for (const [name, files] of [["changing", changing], ["stable", stable], ["data", data]] as const) {
    if (files.length > 0) layers.push({ name, digest: filesDigest(files), files });
  }
  return {
    manifest,
    tree: filesDigest(manifest.files),
    layers,
    store,
    async archive(layer, format) {
      const path = join(store.stateDir, "layers", `${layer.digest}.${format}`);
      await writeArchive(path, format, layer.files.map((file) => ({ path: file.path, mode: file.mode, content: () => store.read(file.sha256) })));
      return path;
    },
  };
}
