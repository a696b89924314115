/** Which file of the snapshot a traceback means. */
import type { Manifest, ManifestFile } from "../snapshot/manifest.js";

/**
 * The manifest's file for a path as an engine printed it: a manifest path, or an absolute path inside the unpacked tree
 * (a folder named by `tree`) or inside the job's working directory, on whatever machine. Null for all else.
 */
export function frameFile(path: string, manifest: Pick<Manifest, "files">, job: { id: string; tree: string }): ManifestFile | null {
  const posix = path.replaceAll("\\", "/");
  const candidates = [posix, after(posix, `/${job.tree}/`), after(posix, `/${job.id}/work/`)];
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
