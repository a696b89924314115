/** Which file of the snapshot a traceback means. */
import type { Manifest, ManifestFile } from "../snapshot/manifest.js";

/**
 * What stands in a path before a manifest path: the folder of the unpacked tree, which is named by the tree's digest or
 * ends with its first 16 digits, or the job's working directory; on whatever machine.
 */
export function treeMarkers(job: { id: string; tree: string }): string[] {
  return [`/${job.tree}/`, `${job.tree.slice(0, 16)}/`, `/${job.id}/work/`];
}

/** The manifest's file for a path as an engine printed it, or for a manifest path; null for all else. */
export function frameFile(path: string, manifest: Pick<Manifest, "files">, job: { id: string; tree: string }): ManifestFile | null {
  const posix = path.replaceAll("\\", "/");
  const candidates = [posix, ...treeMarkers(job).map((marker) => after(posix, marker))];
  for (const candidate of candidates) {
    const file = candidate === null ? undefined : manifest.files.find((known) => known.path === candidate);
    if (file !== undefined) return file;
  }
  return null;
}

function after(path: string, marker: string): string | null {
  const at = path.lastIndexOf(marker);
  return at === -1 ? null : path.slice(at + marker.length);
}
