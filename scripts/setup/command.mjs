// Child processes for the scripts: by argv, in a group of their own, with a time limit after which the whole group ends.
import { execFileSync, spawn } from "node:child_process";

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} argv
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limitMs?: number, show?: boolean }} options `show`: its output goes to ours; otherwise it is kept.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `code` is 128+n after a signal, 127 where the program is missing.
 */
export function run(program, argv, { cwd, env = process.env, limitMs = 600_000, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, argv, { cwd, env, detached: true, stdio: show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"] });
    let output = "";
    let timedOut = false;
    child.stdout?.on("data", (bytes) => { output += bytes; });
    child.stderr?.on("data", (bytes) => { output += bytes; });
    const timer = setTimeout(() => { timedOut = true; endTree(child.pid); }, limitMs);
    const interrupt = () => { endTree(child.pid); process.exit(130); };
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
    const settle = (code) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
      resolve({ code, output, timedOut });
    };
    child.once("error", (error) => { output += error.message; settle(127); });
    child.once("close", (code, signal) => { endGroup(child.pid); settle(code ?? 128 + (signal === "SIGKILL" ? 9 : 15)); });
  });
}

/** Like `run`, but a failure ends the set-up with what was tried, what it said, and what to do. */
export async function mustRun(what, remedy, program, argv, options) {
  const result = await run(program, argv, options);
  if (result.code === 0) return result.output;
  const lines = result.output.trim().split("\n");
  const said = (lines.length > 40 ? [...lines.slice(0, 15), "…", ...lines.slice(-25)] : lines).join("\n");
  const why = result.timedOut ? "took too long and was stopped" : `ended with ${result.code}`;
  throw new SetupError(`${what}: \`${[program, ...argv].join(" ")}\` ${why}.\n${said}`, remedy);
}

/** The set-up can't go on; `remedy` says what the reader can do. */
export class SetupError extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/** SIGKILL to a whole process group; nothing where it is gone. */
export function endGroup(pid) {
  if (pid === undefined) return;
  try { process.kill(-pid, "SIGKILL"); } catch (error) { if (error.code !== "ESRCH" && error.code !== "EPERM") throw error; }
}

/** SIGKILL to a process, its group, and all that descends from it, whatever group that is in. */
function endTree(pid) {
  if (pid === undefined) return;
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [pid];
  for (const parent of tree) tree.push(...rows.filter(([, ppid]) => ppid === parent).map(([child]) => child));
  endGroup(pid);
  for (const one of tree) {
    try { process.kill(one, "SIGKILL"); } catch (error) { if (error.code !== "ESRCH") throw error; }
  }
}
