/** Processes of this machine that belong to a job, by the job's id in their arguments or environment (Linux). */
import { readdirSync, readFileSync } from "node:fs";

export function jobProcesses(id: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, "latin1") + readFileSync(`/proc/${pid}/environ`, "latin1");
      if (text.includes(id)) found.push(`${pid} ${readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").slice(0, 200)}`);
    } catch {
      // Ended meanwhile, or another user's.
    }
  }
  return found;
}
