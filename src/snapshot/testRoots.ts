/** What pytest does to `sys.path` for a test, in its import mode `prepend` (pytest's docs, "Import modes"). */
import { entryKind } from "./diskCache.js";
import { baseName, isInside, parentOf } from "./paths.js";
import type { WorkspaceView } from "./workspaceView.js";

const testName = /^(test_.*|.*_test)\.py$/;

/** Whether pytest takes the file at `path` for a test. */
export function isTestFile(path: string): boolean {
  return testName.test(baseName(path));
}

/** Folders with a `conftest.py`, from that of the test `file` up to `top`. */
export function conftestFolders(file: string, top: string, view: WorkspaceView): string[] {
  const folders: string[] = [];
  for (let directory = parentOf(file); isInside(directory, top); directory = parentOf(directory)) {
    if (view.kind(directory, "conftest.py") === entryKind.file) folders.push(directory);
    if (directory === top || directory === "/") break;
  }
  return folders;
}

/**
 * The directories that pytest puts on `sys.path` for `file`, in its order: for the test and then for each `conftest.py`, the nearest
 * one last imported first, the first folder upward without `__init__.py`. None outside `workspace`.
 */
export function testRoots(file: string, workspace: string, view: WorkspaceView): string[] {
  if (!isTestFile(file)) return [];
  const folders = [parentOf(file), ...conftestFolders(file, workspace, view)];
  return [...new Set(folders.map((folder) => aboveOutermostPackage(folder, view)))].filter((root) => isInside(root, workspace));
}

function aboveOutermostPackage(folder: string, view: WorkspaceView): string {
  let directory = folder;
  // A folder whose name is no identifier is no package to pytest.
  while (directory !== "/" && view.kind(directory, "__init__.py") === entryKind.file && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(baseName(directory))) directory = parentOf(directory);
  return directory;
}
