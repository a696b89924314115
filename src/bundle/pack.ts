/** Makes the bundle of a snapshot. Layers and archives are made when an engine asks for them. */
import { join } from "node:path";
import { filesDigest, type Manifest, type ManifestFile } from "../snapshot/manifest.js";
import type { Bundle, Layer } from "./bundle.js";
import type { ContentStore } from "./contentStore.js";
import { noteEdits } from "./editHistory.js";
import { keepArchive } from "./keptArchive.js";

export function packBundle(manifest: Manifest, store: ContentStore): Bundle {
  let layers: Layer[] | undefined;
  return {
    manifest,
    tree: filesDigest(manifest.files),
    get layers() {
      return (layers ??= splitLayers(manifest, noteEdits(store.stateDir, manifest)));
    },
    store,
    async archive(layer, format) {
      const path = join(store.stateDir, "layers", `${layer.digest}.${format}`);
      await keepArchive(path, format, layer.files.map((file) => ({ path: file.path, mode: file.mode, content: () => store.read(file.sha256) })));
      return path;
    },
  };
}

/**
 * Layers by how often they change: what is being edited (the entry, unsaved files, and those `edited` between launches),
 * the other Python files, and data. A one-line edit makes one small layer new. Empty layers are left out.
 */
export function splitLayers(manifest: Manifest, edited: ReadonlySet<string>): Layer[] {
  const changing: ManifestFile[] = [];
  const stable: ManifestFile[] = [];
  const data: ManifestFile[] = [];
  for (const file of manifest.files) {
    if (file.origin === "buffer" || file.path === manifest.entry.file || edited.has(file.path)) changing.push(file);
    else if (/\.(py|pyi|pyc|so|pyd)$/.test(file.path)) stable.push(file);
    else data.push(file);
  }
  return ([["changing", changing], ["stable", stable], ["data", data]] as const)
    .filter(([, files]) => files.length > 0)
    .map(([name, files]) => ({ name, digest: filesDigest(files), files }));
}
