/** Whether a directory without `__init__.py` is likely a package: it or a folder below holds Python. */
import { entryKind } from "./diskCache.js";
import { below } from "./paths.js";
import type { WorkspaceView } from "./workspaceView.js";

const mostDirectories = 200;

export function holdsPython(view: WorkspaceView, directory: string): boolean {
  const waiting = [directory];
  for (let count = 0; count < mostDirectories; count++) {
    const next = waiting.shift();
    if (next === undefined) return false;
    for (const [name, kind] of view.list(next)) {
      if (/\.(py|pyd|so)$/.test(name)) return true;
      if (kind === entryKind.directory && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && name !== "__pycache__") waiting.push(below(next, name));
    }
  }
  return false;
}
