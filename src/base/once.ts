/** `load` as a function that does its work at the first call and gives every caller the same promise. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => (loading ??= load());
}
