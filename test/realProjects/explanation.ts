/** Why a file that was loaded is not in the manifest: the note that names the code, or the text, which led to it. */
import type { Manifest } from "../../src/snapshot/manifest.js";

const byPlace = new Set(["dynamic-import", "exec", "dynamic-sys.path", "dynamic-__path__"]);

/**
 * The note in words, or null where nothing in `manifest` accounts for `path`; `places` are `file:line` in the tree, the nearest first.
 * A file that only such a file imports shares its note: `missing` are the places of all that are not in the manifest.
 */
export function explanation(path: string, places: readonly string[], manifest: Manifest, missing: Readonly<Record<string, string[]>>, above: readonly string[] = []): string | null {
  const notes = new Map(manifest.notes.map((note) => [`${note.kind}:${note.subject}`, note]));
  for (const place of places) {
    for (const kind of byPlace) if (notes.has(`${kind}:${place}`)) return `${kind}:${place}`;
  }
  const name = path.replace(/\.py$/, "").replace(/\/__init__$/, "").replaceAll("/", ".");
  for (const note of manifest.notes) {
    if (note.kind === "string-candidate" && (note.subject === name || note.subject.startsWith(`${name}.`))) return `string-candidate:${note.subject}`;
  }
  for (const place of places) {
    const by = place.slice(0, place.lastIndexOf(":"));
    const others = missing[by];
    if (others === undefined || above.includes(by)) continue;
    const why = explanation(by, others, manifest, missing, [...above, path]);
    if (why !== null) return why;
  }
  return null;
}
