/** Facts on processes of this machine. */
import { readFileSync } from "node:fs";
import { isErrno } from "./errors.js";

/**
 * Start time of a process in clock ticks since boot (Linux: field 22 of `/proc/<pid>/stat`, see proc(5)), or null where
 * the system does not tell. With the pid it names one process for good.
 */
export function startTicks(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : Number(fields[19]);
  } catch {
    return null;
  }
}

/** Whether the process still runs and, where both times are known, is the same one. */
export function isRunning(pid: number, ticks: number | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, "EPERM");
  }
  if (process.platform !== "linux") return true;
  const now = startTicks(pid);
  if (now === null) return false;
  return ticks === null || now === ticks;
}

/** Sends a signal; false where there is no such process (group: a negative pid). */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (isErrno(error, "ESRCH")) return false;
    throw error;
  }
}
