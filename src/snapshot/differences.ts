/** What differs between two snapshots, file by file. */
import { byBytes } from "./paths.js";
import type { Manifest, ManifestFile } from "./manifest.js";

/** `before` is missing where the file came in, `after` where it went; where both stand, bytes or mode differ. */
export interface Difference {
  path: string;
  before?: ManifestFile;
  after?: ManifestFile;
}

/** The differences of `after` from `before`, sorted by the bytes of their paths; reasons and origins don't count. */
export function differences(before: Pick<Manifest, "files">, after: Pick<Manifest, "files">): Difference[] {
  const earlier = new Map(before.files.map((file) => [file.path, file]));
  const found: Difference[] = [];
  for (const file of after.files) {
    const old = earlier.get(file.path);
    earlier.delete(file.path);
    if (old === undefined) found.push({ path: file.path, after: file });
    else if (old.sha256 !== file.sha256 || old.mode !== file.mode) found.push({ path: file.path, before: old, after: file });
  }
  for (const file of earlier.values()) found.push({ path: file.path, before: file });
  return found.sort((left, right) => byBytes(left.path, right.path));
}
