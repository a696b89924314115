/** Names for a folder that a snapshot is restored into. */
import { basename } from "node:path";

const windowsReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * E.g. `etl-2026-11-22-1739`: the workspace folder's name and when the job was launched, in local time; with a number where that is taken.
 * @param createdAt milliseconds since the epoch
 */
export function proposedFolderName(workspace: string, createdAt: number, isTaken: (name: string) => boolean): string {
  const at = new Date(createdAt);
  const two = (value: number): string => String(value).padStart(2, "0");
  const stem = basename(workspace) === "" ? "snapshot" : basename(workspace);
  const name = `${stem}-${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}`;
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name}-${String(number)}`)) number++;
  return `${name}-${String(number)}`;
}

/** Why `name` can't be a folder's on this platform, in words for people; null where it can. */
export function folderNameProblem(name: string, platform: NodeJS.Platform = process.platform): string | null {
  if (name.trim() === "") return "Type a name for the new folder.";
  if (name === "." || name === "..") return `"${name}" stands for a folder that is there already.`;
  if (/[/\0]/.test(name) || (platform === "win32" && /[\\<>:"|?*]/.test(name))) return "One name, please, without separators: the folder it comes into has been chosen.";
  if (platform === "win32" && (/[. ]$/.test(name) || windowsReserved.test(name))) return "Windows has no folders of this name.";
  if (Buffer.byteLength(name) > 255) return "This name is too long.";
  return null;
}
