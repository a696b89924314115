import { SlingshotError } from "./errors.js";

/** The answer, or a cancellation as soon as the signal aborts; what the work still does or throws then is nobody's. */
export async function abortable<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(new SlingshotError("cancelled", "cancelled", "The launch was cancelled.", ""));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
