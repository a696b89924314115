/** POSIX path arithmetic on absolute paths, without touching the disk. */
import { posix } from "node:path";

/** Whether `path` is `directory` or lies below it. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function below(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** `path` made absolute against `directory`, `.` and `..` resolved, no slash at the end. */
export function absolute(directory: string, path: string): string {
  const resolved = posix.resolve(directory, path);
  return resolved;
}

/** Path of `path` relative to `directory`, which holds it; "." for the directory itself. */
export function relativeTo(directory: string, path: string): string {
  if (path === directory) return ".";
  return directory === "/" ? path.slice(1) : path.slice(directory.length + 1);
}

const surrogates = /[\ud800-\udfff]/;

/** Order of the UTF-8 bytes of two paths. */
export function byBytes(left: string, right: string): number {
  if (left === right) return 0;
  // UTF-16 and UTF-8 order texts alike but for surrogates.
  if (!surrogates.test(left) && !surrogates.test(right)) return left < right ? -1 : 1;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (one === other) continue;
    // UTF-16 and UTF-8 order code points alike but for surrogates.
    if (one < 0xd800 || other < 0xd800) return one - other;
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return left.length - right.length;
}
