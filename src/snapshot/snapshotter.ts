/** Takes snapshots: the import closure and the data files of an entry, over buffers before disk, as one manifest. */
import { SlingshotError } from "../base/errors.js";
import { DiskCache } from "./diskCache.js";
import type { ParsedIgnores } from "./ignoreRules.js";
import { LastGood } from "./lastGood.js";
import type { ContentSink, Snapshot, SnapshotRequest } from "./request.js";
import { Take } from "./take.js";

const attempts = 3;

/**
 * Keeps listings, scans and digests between snapshots, so that a second one costs what has changed.
 * One instance serves one thread; `take` is synchronous and leaves nothing half done.
 */
export class Snapshotter {
  private readonly disk = new DiskCache();
  private readonly ignores: ParsedIgnores = new Map();
  private readonly lastGood = new LastGood();

  /**
   * The snapshot of `request`; content that `sink` lacks is put there. It is of one moment: where files change
   * while it is taken it is taken again, and refused by the names of the files when they keep changing.
   * Throws a SlingshotError of kind "refused" (unreadable, too large, secret, changed), "usage" (no such entry) or "cancelled".
   */
  take(request: SnapshotRequest, sink: ContentSink, signal?: AbortSignal): Snapshot {
    let changed: string[] = [];
    for (let attempt = 0; attempt < attempts; attempt++) {
      this.disk.begin(attempt === 0, (sha256) => sink.has(sha256));
      const take = new Take(request, sink, { disk: this.disk, lastGood: this.lastGood, ignores: this.ignores }, signal);
      const snapshot = take.run();
      changed = take.changedFiles();
      if (changed.length === 0) return snapshot;
      for (const path of changed) this.disk.forget(path);
    }
    const shown = changed.slice(0, 5).join(", ") + (changed.length > 5 ? ` and ${String(changed.length - 5)} more` : "");
    throw new SlingshotError("refused", "changed", `Files kept changing while the snapshot was taken: ${shown}.`, "Wait until the checkout, formatter or sync is done, then launch again.", changed[0] === undefined ? {} : { file: changed[0] });
  }
}
