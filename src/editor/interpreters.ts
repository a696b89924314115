/** Which Python runs a target's jobs: the target's own, else the editor's choice, else `python3`. */
import { join } from "node:path";
import { SlingshotError } from "../base/errors.js";
import { findProgram } from "../base/findProgram.js";
import type { Target } from "../project/target.js";
import type { InterpreterInfo } from "../snapshot/request.js";

export type Interpreter = InterpreterInfo & { executable: string };

export class Interpreters {
  /** The folder that a resolved target is used for: backends ask by target alone. */
  private readonly folders = new WeakMap<Target, string>();

  /** @param chosen the interpreter chosen in the editor for a folder */
  constructor(
    private readonly stateDir: string,
    private readonly chosen: (folder: string) => Promise<string | undefined>,
    private readonly defaultFolder: () => string,
  ) {}

  /** @throws SlingshotError `no-interpreter` */
  async of(target: Target, folder = this.folders.get(target) ?? this.defaultFolder()): Promise<Interpreter> {
    this.folders.set(target, folder);
    const own = target.settings["python"];
    const name = typeof own === "string" ? own : ((await this.chosen(folder)) ?? "python3");
    const executable = findProgram(name, folder);
    if (executable === undefined) {
      throw new SlingshotError("unavailable", "no-interpreter", `There is no Python interpreter "${name}" on this machine.`, "Install Python 3.8 or later, choose another interpreter, or set `python` of the target.");
    }
    const { probeInterpreter } = await import("../snapshot/interpreter.js");
    return probeInterpreter(executable, join(this.stateDir, "caches"));
  }
}
