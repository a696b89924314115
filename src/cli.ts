/** The same flow from a shell: `slingshot bundle | run | jobs | logs | cancel | diff | restore | clean | targets`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorText, explain, SlingshotError } from "./base/errors.js";
import { bundleCommand } from "./cli/bundleCommand.js";
import { cleanCommand } from "./cli/cleanCommand.js";
import { cancelCommand, jobsCommand, logsCommand, targetsCommand } from "./cli/jobsCommands.js";
import { help } from "./cli/help.js";
import { usage } from "./cli/options.js";
import { print, say } from "./cli/output.js";
import { runCommand } from "./cli/runCommand.js";
import { diffCommand, restoreCommand } from "./cli/snapshotCommands.js";

const commands: Readonly<Record<string, (words: string[]) => Promise<number>>> = {
  bundle: bundleCommand,
  run: runCommand,
  jobs: jobsCommand,
  logs: logsCommand,
  cancel: cancelCommand,
  diff: diffCommand,
  restore: restoreCommand,
  clean: cleanCommand,
  targets: targetsCommand,
};

async function main(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  const end = rest.indexOf("--");
  if (name === undefined || name === "--help" || name === "-h" || name === "help" || (end === -1 ? rest : rest.slice(0, end)).includes("--help")) {
    print(help);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version") {
    print((JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8")) as { version: string }).version);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw usage(`There is no command "${name}".`);
  return command(rest);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exit(code);
  },
  (thrown: unknown) => {
    const error = explain(thrown);
    say(false, error instanceof SlingshotError ? errorText(error) : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(error instanceof SlingshotError ? error.exitCode : 1);
  },
);
