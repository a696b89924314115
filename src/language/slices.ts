/** Long work in the server's one thread, cut up so that no request waits for it. */
import { setImmediate } from "node:timers/promises";

/** Milliseconds of work between two looks at what has come in. */
const slice = 8;

/**
 * The result of `steps`, run in slices; undefined where `signal` aborts first. `begin` is called before each slice:
 * what was verified before may have changed, and other work may have used the same caches.
 */
export async function inSlices<T>(steps: Generator<undefined, T>, begin: () => void, signal: AbortSignal): Promise<T | undefined> {
  for (;;) {
    // Requests that have come in meanwhile are answered first.
    await setImmediate();
    if (signal.aborted) return undefined;
    begin();
    for (const end = performance.now() + slice; performance.now() < end; ) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
  }
}
