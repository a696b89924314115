/** Takes snapshots: the import closure and the data files of an entry, over buffers before disk, as one manifest. */
import { isErrno, SlingshotError } from "../base/errors.js";
import { DiskCache } from "./diskCache.js";
import type { ParsedIgnores } from "./ignore/ignoreRules.js";
import { LastGood } from "./lastGood.js";
import { pause, type Disturbance } from "./moment.js";
import type { ContentSink, Snapshot, SnapshotRequest } from "./request.js";
import { Take } from "./take.js";

/** Milliseconds of rest before each attempt. */
const attempts = [0, 0, 0, 20, 80, 250, 650] as const;

/**
 * Keeps listings, scans and digests between snapshots, so that a second one costs what has changed.
 * One instance serves one thread; `take` is synchronous and leaves nothing half done.
 */
export class Snapshotter {
  constructor(
    private readonly disk = new DiskCache(),
    private readonly lastGood = new LastGood(),
    private readonly ignores: ParsedIgnores = new Map(),
  ) {}

  /**
   * The snapshot of `request`; content that `sink` lacks is put there. It is of one moment: where files change
   * while it is taken it is taken again, for about a second, and then refused by the names of the files.
   * Throws a SlingshotError of kind "refused" (unreadable, too large, secret, changed), "usage" (no such entry) or "cancelled".
   */
  take(request: SnapshotRequest, sink: ContentSink, signal?: AbortSignal): Snapshot {
    let before: string | null = null;
    let disturbance: Disturbance = { files: [], around: [], git: [] };
    for (const [attempt, rest] of attempts.entries()) {
      pause(rest);
      const isTrusting = attempt === 0;
      this.disk.begin(isTrusting, (sha256) => sink.has(sha256));
      const take = new Take(request, sink, { disk: this.disk, lastGood: this.lastGood, ignores: this.ignores }, signal);
      const outcome = attempted(take);
      disturbance = take.disturbance();
      const { files, around, git } = disturbance;
      for (const path of files) this.disk.forget(path);
      if (outcome instanceof SlingshotError) {
        const isFinal = !isTrusting && files.length + around.length + git.length === 0 && (attempt > 1 || !isErrno(outcome.cause, "ENOENT"));
        if (isFinal || outcome.kind === "cancelled" || attempt === attempts.length - 1) throw outcome;
        continue;
      }
      if (files.length + git.length > 0) {
        before = null;
        continue;
      }
      // Folders may change as they like where the snapshot is the same before and after.
      if (around.length === 0 || outcome.manifest.id === before) return outcome;
      before = outcome.manifest.id;
    }
    throw restless(disturbance);
  }
}

function attempted(take: Take): Snapshot | SlingshotError {
  try {
    return take.run();
  } catch (error) {
    if (error instanceof SlingshotError) return error;
    throw error;
  }
}

function restless({ files, around, git }: Disturbance): SlingshotError {
  const changed = files.length > 0 ? files : git.length > 0 ? git : around;
  const shown = changed.slice(0, 5).join(", ") + (changed.length > 5 ? ` and ${String(changed.length - 5)} more` : "");
  const place = changed[0] === undefined ? {} : { file: changed[0] };
  if (git.length > 0) return new SlingshotError("refused", "changed", `Git was changing files while the snapshot was taken (it holds index.lock): ${shown}.`, "Wait until git is done, then launch again. If no git runs, remove .git/index.lock.", place);
  return new SlingshotError("refused", "changed", `Files kept changing while the snapshot was taken: ${shown}.`, "Wait until the checkout, formatter or sync is done, then launch again.", place);
}
