/** Commit, branch and dirtiness of a workspace, for the job's record. Only for trusted workspaces: git runs what its configuration says. */
import { execFile } from "node:child_process";

export interface GitState {
  commit: string;
  branch: string;
  dirty: boolean;
}

/** Null where there is no repository, no git, or no answer within two seconds. Hooks and file monitors are switched off. */
export function readGitState(workspace: string, git: string | undefined): Promise<GitState | null> {
  if (git === undefined) return Promise.resolve(null);
  const argv = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks", "status", "--porcelain=v2", "--branch", "--untracked-files=no"];
  return new Promise((resolve) => {
    execFile(git, argv, { cwd: workspace, timeout: 2000, maxBuffer: 1 << 24 }, (error, output) => {
      const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(output)?.[1];
      const branch = /^# branch\.head (.+)$/m.exec(output)?.[1];
      resolve(error !== null || commit === undefined || branch === undefined ? null : { commit, branch, dirty: /^[12u] /m.test(output) });
    });
  });
}
