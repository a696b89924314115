/** `slingshot clean`: removes what is beyond the limits now; other commands let it be done once a day. */
import { parseArgs } from "node:util";
import { stateDirectory } from "../base/stateDir.js";
import { clean } from "../jobs/cleaning/clean.js";
import { isDue, limitsFor } from "../jobs/cleaning/limits.js";
import { reportText } from "../jobs/cleaning/reportText.js";
import { usage } from "./options.js";
import { print, say } from "./output.js";

export async function cleanCommand(words: string[]): Promise<number> {
  const { values, positionals } = read(words);
  if (positionals.length > 0) throw usage(`Too many words: ${positionals.join(" ")}.`);
  const stateDir = stateDirectory();
  const options = { ...(values["max-age"] === undefined ? {} : { maxAge: values["max-age"] }), ...(values["max-size"] === undefined ? {} : { maxSize: values["max-size"] }) };
  const dryRun = values["dry-run"] ?? false;
  const report = await clean(stateDir, { limits: limitsFor(stateDir, process.env, options), dryRun, hurried: true });
  if (report === undefined) {
    say(false, "another process is cleaning already");
    return 0;
  }
  if (values.json === true) print(JSON.stringify(report));
  else {
    for (const id of report.jobs) print(id);
    say(false, reportText(report, dryRun));
  }
  return report.problem === null ? 0 : 1;
}

/** Cleans beside a command that waits for its job, where it is time; killed with it, it leaves nothing wrong. */
export function cleanBeside(stateDir: string, after = 5_000): { dispose(): void } {
  const abort = new AbortController();
  const timer = setTimeout(() => {
    try {
      if (!isDue(stateDir)) return;
      clean(stateDir, { limits: limitsFor(stateDir, process.env), signal: abort.signal }).catch(() => undefined);
    } catch {
      // A limit that says nothing: `slingshot clean` tells.
    }
  }, after);
  timer.unref();
  return {
    dispose: () => {
      clearTimeout(timer);
      abort.abort();
    },
  };
}

function read(words: string[]) {
  try {
    return parseArgs({ args: words, options: { "dry-run": { type: "boolean" }, json: { type: "boolean" }, "max-age": { type: "string" }, "max-size": { type: "string" } }, allowPositionals: true, strict: true });
  } catch (error) {
    throw error instanceof TypeError ? usage(error.message) : error;
  }
}
