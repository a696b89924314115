/** Lines of a snapshot's files, for the chains of reasons. */
import type { ManifestFile } from "../snapshot/manifest.js";
import type { ContentSource } from "./panelHost.js";

/** Larger files are not read for one line. */
const limit = 2_000_000;

/** The text of a 1-based line, or null where the content is gone, too large, or has no such line. */
export function snapshotLine(contents: ContentSource, file: ManifestFile, line: number): string | null {
  if (file.size > limit) return null;
  try {
    const bytes = contents.read(file.sha256);
    let start = 0;
    for (let at = 1; at < line; at++) {
      start = bytes.indexOf(10, start) + 1;
      if (start === 0) return null;
    }
    const end = bytes.indexOf(10, start);
    return new TextDecoder().decode(bytes.subarray(start, end === -1 ? bytes.length : end));
  } catch {
    // A chain without the text of its lines still says what it has to.
    return null;
  }
}
