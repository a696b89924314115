/** The bundle: a snapshot's content, ready for any engine. */
import type { Manifest, ManifestFile } from "../snapshot/manifest.js";
import type { ContentStore } from "./contentStore.js";

/** Files that change together, packed and sent together. */
export interface Layer {
  name: "changing" | "stable" | "data";
  /** Digest over the layer's files; names its archive. */
  digest: string;
  files: ManifestFile[];
}

export interface Bundle {
  manifest: Manifest;
  /** Digest that names the unpacked tree: `filesDigest(manifest.files)`. */
  tree: string;
  layers: Layer[];
  store: ContentStore;
  /** Path of the layer's archive, written once: stored (not deflated), sorted, fixed times, explicit directories. */
  archive(layer: Layer, format: "zip" | "tar"): Promise<string>;
}
