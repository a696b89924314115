/** Files beside a bundle's code that stay behind: an unpacked bundle names the one that its program asks for. */
import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../base/errors.js";
import type { Manifest } from "../snapshot/manifest.js";

const most = 20_000;
const never = /^(\.|__pycache__$|node_modules$|site-packages$|dist-packages$)/;

/** Manifest paths of files in and below the folders that hold code of `manifest`, those of the manifest apart; at most 20,000. */
export function leftBehind(manifest: Pick<Manifest, "workspace" | "files">): string[] {
  const sent = new Set(manifest.files.map((file) => file.path));
  const folders = new Set(manifest.files.filter(({ path }) => path.endsWith(".py") && !path.startsWith(".slingshot/")).map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("/")))));
  const seen = new Set<string>();
  const found: string[] = [];
  const waiting = [...folders].sort();
  for (let folder = waiting.shift(); folder !== undefined && seen.size < most && found.length < most; folder = waiting.shift()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    const entries = entriesOf(join(manifest.workspace, folder));
    if (entries.some((entry) => entry.name === "pyvenv.cfg")) continue;
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !never.test(entry.name)) waiting.push(path);
      else if (entry.isFile() && !sent.has(path)) found.push(path);
    }
  }
  return found.sort();
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}
