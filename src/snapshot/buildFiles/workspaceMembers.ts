/** Projects that a build file names beside its own: members of a uv workspace, and dependencies by path (uv, poetry). */
import picomatch from "picomatch";
import { absolute, below } from "../paths.js";
import type { WorkspaceView } from "../workspaceView.js";
import { at, table, text, texts, type Table } from "./tables.js";

const mostFolders = 2000;

/** Folders of these projects, absolute; `directory` is that of the build file. */
export function workspaceMembers(directory: string, pyproject: Table, view: WorkspaceView): string[] {
  const tool = at(pyproject, "tool");
  const workspace = at(tool, "uv", "workspace");
  const left = texts(workspace["exclude"]).map((glob) => picomatch(glob));
  const members = texts(workspace["members"]).flatMap((glob) => folders(directory, glob, view)).filter((folder) => !left.some((matches) => matches(folder.slice(directory.length + 1))));
  const groups = Object.values(at(tool, "poetry", "group")).map((group) => table(table(group)["dependencies"]));
  const dependencies = [at(tool, "uv", "sources"), at(tool, "poetry", "dependencies"), at(tool, "poetry", "dev-dependencies"), ...groups].flatMap((each) => Object.values(each));
  const paths = dependencies.flatMap((each) => text(table(each)["path"]) ?? []);
  return [...new Set([...members, ...paths.map((path) => absolute(directory, path))])].filter((folder) => folder !== directory && view.isDirectory(folder));
}

/** Folders that `glob` names, level by level. */
function folders(directory: string, glob: string, view: WorkspaceView): string[] {
  let found = [directory];
  for (const part of glob.replace(/^\.\//, "").replace(/\/+$/, "").split("/")) {
    if (!/[*?[{]/.test(part)) found = found.map((folder) => absolute(folder, part));
    else if (part === "**") found = found.flatMap((folder) => [folder, ...descendants(folder, view)]);
    else {
      const matches = picomatch(part);
      found = found.flatMap((folder) => view.directories(folder).filter((name) => matches(name)).map((name) => below(folder, name)));
    }
    found = found.slice(0, mostFolders);
  }
  return found;
}

function descendants(folder: string, view: WorkspaceView): string[] {
  const all: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined && all.length < mostFolders; next = open.pop()) {
    const at = next;
    const inside = view.directories(at).filter((name) => !/^(\.|node_modules$|__pycache__$)/.test(name)).map((name) => below(at, name));
    all.push(...inside);
    open.push(...inside);
  }
  return all;
}
