/** Looks for secrets in the files of a snapshot: each content once, by its digest. */
import { setImmediate } from "node:timers/promises";
import { searchContent } from "./searchContent.js";
import { SecretCache } from "./secretCache.js";
import { contentKind, type SearchedContent, type SearchFile } from "./secretFinding.js";

/** Milliseconds of work between two turns of the event loop. */
const turn = 10;

/** One instance serves one process; searches may run at the same time. */
export class SecretSearch {
  private readonly cache: SecretCache;

  constructor(stateDir: string) {
    this.cache = new SecretCache(stateDir);
  }

  /** Whether the content was searched before, as a file of some kind. */
  knows(sha256: string): boolean {
    return this.cache.has(sha256);
  }

  /** Whether nothing of these files would have to be read. */
  covers(files: readonly SearchFile[]): boolean {
    return files.every(({ path, sha256 }) => this.cache.get(sha256, contentKind(path)) !== undefined);
  }

  /**
   * For each file, in order, what its content holds. `read` gives the bytes of a digest and is asked for contents that nobody
   * has searched before; what it throws is thrown.
   */
  async search(files: readonly SearchFile[], read: (sha256: string) => Uint8Array, signal?: AbortSignal): Promise<SearchedContent[]> {
    const results: SearchedContent[] = [];
    let since = performance.now();
    try {
      for (const { path, sha256 } of files) {
        const kind = contentKind(path);
        let result = this.cache.get(sha256, kind);
        if (result === undefined) {
          if (performance.now() - since > turn) {
            await setImmediate();
            since = performance.now();
          }
          signal?.throwIfAborted();
          result = await searchContent(read(sha256), kind, path.slice(path.lastIndexOf("/") + 1));
          this.cache.set(sha256, kind, result);
        }
        results.push(result);
      }
    } finally {
      this.cache.save();
    }
    return results;
  }
}
