/** Where the bytes of a snapshot lie, in a few words: the largest files, and folders of many files as one. */
import { sizeText } from "../base/quantities.js";

interface Heap {
  name: string;
  bytes: number;
  files: number;
  /** What lies directly in a folder; empty for a file. */
  children: Map<string, Heap>;
}

const shown = 5;
/** A folder is named by what is in it where one file or folder there holds this share of its bytes. */
const dominant = 0.7;

/** `data/raw/ (180 MB in 99800 files), model.bin (12 MB)`: at most five, the largest first. `name`: manifest paths. */
export function sizeBreakdown(files: readonly { name: string; size: number }[]): string {
  const top: Heap = { name: "", bytes: 0, files: 0, children: new Map() };
  for (const { name, size } of files) {
    let heap = top;
    for (let end = name.indexOf("/"); ; end = name.indexOf("/", end + 1)) {
      const part = end < 0 ? name : name.slice(0, end + 1);
      const child = heap.children.get(part) ?? { name: part, bytes: 0, files: 0, children: new Map<string, Heap>() };
      heap.children.set(part, child);
      child.bytes += size;
      child.files++;
      if (end < 0) break;
      heap = child;
    }
  }
  return largest(top)
    .flatMap((heap) => opened(heap))
    .sort((left, right) => right.bytes - left.bytes)
    .slice(0, shown)
    .map((heap) => `${heap.name} (${sizeText(heap.bytes)}${heap.files > 1 ? ` in ${String(heap.files)} files` : ""})`)
    .join(", ");
}

function largest(heap: Heap): Heap[] {
  return [...heap.children.values()].sort((left, right) => right.bytes - left.bytes).slice(0, shown);
}

/** A folder as a whole, or what in it matters. */
function opened(heap: Heap): Heap[] {
  const inside = largest(heap);
  const [first] = inside;
  if (first === undefined) return [heap];
  if (heap.files <= shown) return inside.flatMap((child) => opened(child));
  return first.bytes >= heap.bytes * dominant ? opened(first) : [heap];
}
