/** What the command line's commands share: the flow's services without an editor. */
import { createInterface } from "node:readline/promises";
import { statSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "../backends/registry.js";
import { SlingshotError } from "../base/errors.js";
import { stateDirectory } from "../base/stateDir.js";
import { within } from "../base/within.js";
import { ContentStore } from "../bundle/contentStore.js";
import { JobStore } from "../jobs/jobStore.js";
import type { LaunchServices } from "../launch.js";
import { Approvals, type ApprovalRequest } from "../project/approval.js";
import { findProgram } from "../base/findProgram.js";
import type { Target } from "../project/target.js";
import { interpreterFor, probeInterpreter } from "../snapshot/interpreter.js";
import type { InterpreterInfo } from "../snapshot/request.js";
import { SecretDecisions } from "../project/secretDecisions.js";
import { SecretSearch } from "../snapshot/secrets/secretSearch.js";
import { KnownFiles } from "../snapshot/knownFiles.js";
import { say } from "./output.js";
import { allowing, askAboutSecrets } from "./secretQuestion.js";

/** Milliseconds. */
const settleLimit = 500;

export interface CliServices extends LaunchServices {
  stateDir: string;
  runnerDir: string;
  /** Waits a moment for what launches have left to be noted: a process that ends at once would lose it. */
  settle(): Promise<void>;
}

export interface CliOptions {
  quiet: boolean;
  /** `--python`, before the target's own. */
  python?: string | undefined;
  workspace: string;
  /** `--allow-secret`: files whose secrets are sent without asking. */
  allowSecret?: readonly string[];
}

export function cliServices(options: CliOptions): CliServices {
  const stateDir = stateDirectory();
  const runnerDir = join(__dirname, "runner");
  const interpreter = (target: Target): Promise<InterpreterInfo & { executable: string }> => {
    const wanted = target.settings["python"];
    return probe(options.python ?? (typeof wanted === "string" ? wanted : "python3"), options.workspace, stateDir);
  };
  const contents = new ContentStore(stateDir);
  const knownFiles = new KnownFiles(stateDir, buildOf(__filename));
  const asides: Promise<void>[] = [];
  return {
    stateDir,
    runnerDir,
    jobs: new JobStore(stateDir),
    contents,
    backends: new Registry({ stateDir, runnerDir, interpreter, log: (message) => { say(options.quiet, message); } }),
    approvals: new Approvals(stateDir),
    interpreter,
    takeSnapshot: (request, signal) => Promise.resolve(knownFiles.take(request, contents, signal)),
    secrets: {
      search: (files, signal) => new SecretSearch(stateDir).search(files, (sha256) => contents.read(sha256), signal),
      decisions: allowing(new SecretDecisions(stateDir), options.allowSecret ?? [], options.workspace, process.cwd()),
      ask: askAboutSecrets,
    },
    secret: (name) => Promise.resolve(process.env[`SLINGSHOT_SECRET_${name}`]),
    approve: askApproval,
    progress: () => undefined,
    aside: (work) => { asides.push(work); },
    settle: async () => { await within(Promise.all(asides), settleLimit); },
  };
}

/** Tells the build of this program at `path` from any other. */
export function buildOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${String(size)}-${String(mtimeMs)}`;
}

/** The interpreter for a snapshot without a launch: a version needs none on this machine. */
export async function snapshotInterpreter(python: string | undefined, workspace: string, stateDir: string): Promise<InterpreterInfo | null> {
  if (python !== undefined && /^\d+(\.\d+){0,2}$/.test(python)) return interpreterFor(python);
  if (python !== undefined) return probe(python, workspace, stateDir);
  return findProgram("python3", workspace) === undefined ? null : probe("python3", workspace, stateDir);
}

async function probe(name: string, workspace: string, stateDir: string): Promise<InterpreterInfo & { executable: string }> {
  const executable = findProgram(name, workspace);
  if (executable === undefined) {
    throw new SlingshotError("unavailable", "no-interpreter", `There is no Python interpreter "${name}" on this machine.`, "Install Python 3.8 or later, or set `python` of the target.");
  }
  return probeInterpreter(executable, join(stateDir, "caches"));
}

/** Asks on a terminal; without one the answer is no. */
export async function askApproval(request: ApprovalRequest): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  process.stderr.write(`The project file's target "${request.target}" names programs or hosts:\n${request.changed.map((line) => `  ${line}\n`).join("")}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question("Use them on this machine? [y/N] ")).trim());
  } finally {
    terminal.close();
  }
}
