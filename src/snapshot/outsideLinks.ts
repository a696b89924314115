/** Symbolic links in the workspace folders that lead out of them. */
import { realpathSync } from "node:fs";
import { isErrno } from "../base/errors.js";
import { entryKind } from "./diskCache.js";
import { baseName, isInside, parentOf } from "./paths.js";
import type { WorkspaceView } from "./workspaceView.js";

export interface OutsideLink {
  /** The link, and where it leads in the end. */
  path: string;
  target: string;
}

export class OutsideLinks {
  private readonly known = new Map<string, OutsideLink | null>();
  private readonly real: readonly string[];

  constructor(
    private readonly view: WorkspaceView,
    private readonly folders: readonly string[],
  ) {
    this.real = folders.map((folder) => realOf(folder) ?? folder);
  }

  /** The link that `path` is or passes on its way down from a workspace folder; null where none leads out. */
  outside(path: string): OutsideLink | null {
    if (!this.folders.some((folder) => path !== folder && isInside(path, folder)) || this.view.hasOverlay(path)) return null;
    const parent = parentOf(path);
    const above = this.outsideFolder(parent);
    if (above !== null || this.view.list(parent).get(baseName(path)) !== entryKind.link) return above;
    const target = realOf(path);
    return target === null || this.real.some((folder) => isInside(target, folder)) ? null : { path, target };
  }

  private outsideFolder(folder: string): OutsideLink | null {
    let link = this.known.get(folder);
    if (link === undefined) {
      link = this.outside(folder);
      this.known.set(folder, link);
    }
    return link;
  }
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if (isErrno(error)) return null;
    throw error;
  }
}
