import type { SnapshotRequest } from "./request.js";
import type { WorkspaceView } from "./workspaceView.js";

/** Package directories that the build files of the workspace declare or imply, absolute, nearest to the entry first. */
export function declaredRoots(_request: SnapshotRequest, _view: WorkspaceView, _from: string): string[] {
  return [];
}
