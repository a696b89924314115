/** One replacement, as small as it can be, that makes `after` of `before`: offsets in UTF-16 units; no pair is cut in two. */
export function smallestChange(before: string, after: string): { start: number; end: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  while (start > 0 && cuts(before, start)) start--;
  let same = 0;
  while (same < most - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  while (same > 0 && cuts(before, before.length - same)) same--;
  return { start, end: before.length - same, insert: after.slice(start, after.length - same) };
}

/** Whether the place lies inside a surrogate pair or a Windows line end. */
function cuts(text: string, at: number): boolean {
  const [left, right] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return (left === 13 && right === 10) || (left >= 0xd800 && left < 0xdc00);
}
