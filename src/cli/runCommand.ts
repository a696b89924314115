/** `slingshot run`: the whole flow, following the job to its end. */
import { constants } from "node:os";
import { createInterface } from "node:readline/promises";
import { errorText, exitCodes } from "../base/errors.js";
import type { JobStatus } from "../jobs/job.js";
import { Follower } from "../jobs/follower.js";
import { cancelJob } from "../jobs/jobActions.js";
import { launch } from "../launch.js";
import { chooseTarget, readProject } from "../project/projectFile.js";
import { sizeText } from "../base/quantities.js";
import { readUserTargets } from "../project/userTargets.js";
import { cleanBeside } from "./cleanCommand.js";
import { JobPrinter } from "./jobPrinter.js";
import { parseEntryOptions } from "./options.js";
import { print, say } from "./output.js";
import { cliServices, type CliServices } from "./services.js";

/** Returns the exit code (DESIGN 4.6). */
export async function runCommand(words: string[]): Promise<number> {
  const options = parseEntryOptions(words, "run", process.cwd(), process.env);
  const quiet = options.quiet || options.json;
  const services = cliServices({ quiet, python: options.python, workspace: options.workspace, allowSecret: options.allowSecret });
  const project = readProject(options.workspace, services.backends.vocabularies, readUserTargets());
  const target = chooseTarget(project, options.target);
  const interrupt = new Interrupt();
  const request = { project, target, snapshot: options.snapshot, argv: options.argv, arguments: options.arguments, env: options.env };
  services.review = (manifest) => {
    for (const note of manifest.notes) {
      if (note.severity !== "info") say(quiet, `${note.severity}: ${note.text}`);
    }
    const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
    const edited = manifest.files.filter((file) => file.origin === "buffer").length;
    say(quiet, `${String(manifest.files.length)} files (${sizeText(bytes)}${edited > 0 ? `, ${String(edited)} unsaved` : ""}) to ${target.name}`);
    return Promise.resolve(true);
  };
  const record = await launch(request, services, interrupt.signal);
  if (options.detach) {
    if (options.json) new JobPrinter(services.jobs, record.id, true).emit("state", { state: "queued" });
    else print(record.id);
    await services.settle();
    return 0;
  }
  const follower = new Follower(services.jobs, services.backends, (message) => { say(quiet, message); });
  void follower.follow(record.id);
  const cleaning = cleanBeside(services.stateDir);
  const printer = new JobPrinter(services.jobs, record.id, options.json);
  const ended = new AbortController();
  interrupt.onInterrupt = () => {
    decide(services, record.id, quiet, ended).catch((error: unknown) => { say(false, errorText(error)); });
  };
  let status: JobStatus | undefined;
  try {
    status = await printer.follow(ended.signal);
  } finally {
    interrupt.dispose();
    cleaning.dispose();
    follower.dispose();
    await services.settle();
  }
  if (ended.signal.aborted) return 0;
  return report(status, record.id, quiet || printer.endsWith(status?.exit?.message));
}

/** Ctrl-C: on a terminal cancel or detach, as the user says; elsewhere cancel. */
async function decide(services: CliServices, id: string, quiet: boolean, ended: AbortController): Promise<void> {
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // Ctrl-C once more means cancel, and so does the end of the input.
    const impatient = new AbortController();
    terminal.once("SIGINT", () => { impatient.abort(); });
    terminal.once("close", () => { impatient.abort(); });
    const answer = await terminal.question("\nCancel the job, detach from it, or go on? [c/d/G] ", { signal: impatient.signal }).catch(() => "c");
    terminal.close();
    if (/^d/i.test(answer)) {
      say(quiet, `the job goes on; \`slingshot logs ${id} --follow\` shows it`);
      ended.abort();
      return;
    }
    if (!/^c/i.test(answer)) return;
  }
  say(quiet, "cancelling");
  const outcome = await cancelJob(services.jobs, services.backends, id);
  if (!outcome.confirmed) say(quiet, outcome.message ?? "the cancellation is not confirmed yet");
}

/** The job's exit code, and a last word on standard error where it did not succeed. */
export function report(status: JobStatus | undefined, id: string, quiet: boolean): number {
  if (status === undefined) say(quiet, `job ${id} was forgotten meanwhile: how it ended is not known`);
  const exit = status?.exit;
  if (exit === null || exit === undefined) return 1;
  const { outcome, code, signal, message } = exit;
  if (message !== undefined) say(quiet, message);
  if (outcome === "cancelled") return exitCodes.cancelled;
  if (outcome === "lost") {
    say(quiet, `job ${id} is lost`);
    return exitCodes.lost;
  }
  if (signal !== null) return 128 + signalNumber(signal);
  // An engine may call a job failed whose program ended with 0: that is no success.
  return outcome === "succeeded" ? (code ?? 0) : code === null || code === 0 ? 1 : code;
}

/** Of `SIGKILL`, or of `signal 35`, as signals without a name are told; real-time signals are those of Linux. */
function signalNumber(name: string): number {
  const known: Partial<Record<string, number>> = { ...constants.signals, SIGRTMIN: 34, SIGRTMAX: 64 };
  return known[name] ?? Number(/^signal (\d+)$/.exec(name)?.[1] ?? 0);
}

/** Ctrl-C before and after the submission. */
class Interrupt {
  private readonly controller = new AbortController();
  onInterrupt: () => void = () => { this.controller.abort(); };
  private readonly listener = (): void => { this.onInterrupt(); };

  constructor() {
    process.on("SIGINT", this.listener);
  }
  get signal(): AbortSignal {
    return this.controller.signal;
  }
  dispose(): void {
    process.off("SIGINT", this.listener);
  }
}
