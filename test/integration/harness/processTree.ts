import { execFileSync, type ChildProcess } from "node:child_process";

export interface RunningProcess { readonly pid: number; readonly parent: number; readonly command: string }

/** All running processes, as `ps` lists them. */
export function runningProcesses(): RunningProcess[] {
  return execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }];
  });
}

/** A process's descendants, parents before children; without the process itself. */
export function processTree(root: number): RunningProcess[] {
  const all = runningProcesses();
  const found: RunningProcess[] = [];
  const parents = [root];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    for (const child of all.filter((one) => one.parent === parent)) { found.push(child); parents.push(child.pid); }
  }
  return found;
}

/** The memory of a process that lies in RAM. */
export function residentBytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim()) * 1024;
}

/** Ends a process that was started as the head of its own group, together with its group; resolves when it has ended. */
export async function stopTree(head: ChildProcess, graceMs = 5_000): Promise<void> {
  if (head.pid === undefined || head.exitCode !== null || head.signalCode !== null) return;
  const group = -head.pid;
  const ended = new Promise<void>((resolve) => { head.once("exit", () => { resolve(); }); });
  signal(group, "SIGTERM");
  const timer = setTimeout(() => { signal(group, "SIGKILL"); }, graceMs);
  await ended;
  clearTimeout(timer);
  signal(group, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try { process.kill(pid, name); } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
