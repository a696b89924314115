import { sizeText } from "../../base/quantities.js";
import type { CleanReport } from "./clean.js";

/** What a cleaning did, or would do, in one sentence. */
export function reportText({ jobs, files, bytes, problem }: CleanReport, dryRun = false): string {
  const count = (number: number, what: string): string => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
  const said = files === 0 && jobs.length === 0 ? "There is nothing to clean" : `${dryRun ? "Cleaning would remove" : "Removed"} ${count(jobs.length, "job")} and ${count(files, "file")}, ${sizeText(bytes)}`;
  return problem === null ? `${said}.` : `${said}; something stayed: ${problem}.`;
}
