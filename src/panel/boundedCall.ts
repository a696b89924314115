/** Calls a function that may never end by itself, such as a regular expression that tries every way to match. */
import { types } from "node:util";
import { createContext, Script, type Context } from "node:vm";

const script = new Script("call()");
const sandbox: { call: () => void } = { call: () => undefined };
let context: Context | undefined;

/** Runs `work`, which must be synchronous, for so many milliseconds at most. Answers false where that was too short. */
export function boundedCall(work: () => void, milliseconds: number): boolean {
  context ??= createContext(sandbox);
  sandbox.call = work;
  try {
    script.runInContext(context, { timeout: milliseconds });
    return true;
  } catch (error) {
    // The error is one of the other context: no instance of this one's.
    if (types.isNativeError(error) && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  } finally {
    sandbox.call = () => undefined;
  }
}
