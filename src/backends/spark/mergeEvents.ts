/** Events of two sources as they come; ends when the first source ends, fails when it fails. */
import type { BackendEvent } from "../backend.js";

/** `extra` may fail or end without any effect. Both get a signal that also aborts when the consumer stops listening, so that neither keeps it waiting. */
export async function* mergeEvents(
  main: (signal: AbortSignal) => AsyncIterable<BackendEvent>,
  extra: (signal: AbortSignal) => AsyncIterable<BackendEvent>,
  signal: AbortSignal,
): AsyncIterable<BackendEvent> {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const first = main(until)[Symbol.asyncIterator]();
  const second = extra(until)[Symbol.asyncIterator]();
  const never = new Promise<never>(() => undefined);
  const ask = (source: AsyncIterator<BackendEvent>, isMain: boolean): Promise<{ isMain: boolean; result: IteratorResult<BackendEvent> }> =>
    source.next().then((result) => ({ isMain, result }));
  let fromMain = ask(first, true);
  let fromExtra = ask(second, false).catch(() => never);
  try {
    for (;;) {
      const { isMain, result } = await Promise.race([fromMain, fromExtra]);
      if (result.done === true) {
        if (isMain) return;
        fromExtra = never;
        continue;
      }
      if (isMain) fromMain = ask(first, true);
      else fromExtra = ask(second, false).catch(() => never);
      yield result.value;
    }
  } finally {
    stop.abort();
    // What was asked of the first source and is not wanted any more may fail unheard.
    fromMain.catch(() => undefined);
    await first.return?.(undefined);
    await second.return?.(undefined);
  }
}
