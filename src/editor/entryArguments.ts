/** Which arguments an entry asks for, which are missing, and what a label says of them. */
import type { ArgumentValue } from "../jobs/job.js";
import type { LaunchableFunction, Parameter } from "../language/jobFunctions.js";
import { joinArguments } from "./argumentLine.js";
import type { EntryArguments } from "./launchMemory.js";

/** Characters of a label beyond which it is cut. */
const labelLimit = 40;

/** Parameters that people give: not the engine's session, no `*args` or `**kwargs`. */
export function askedParameters(entry: LaunchableFunction): Parameter[] {
  return entry.parameters.filter((parameter) => !parameter.session && (parameter.kind === "positional" || parameter.kind === "keyword"));
}

/** Names of required parameters that have no value. */
export function missingArguments(entry: LaunchableFunction, given: EntryArguments): string[] {
  return askedParameters(entry)
    .filter((parameter) => parameter.default === null && given.arguments[parameter.name] === undefined)
    .map((parameter) => parameter.name);
}

/** The remembered values that the signature still has: a parameter that was renamed must not stop the launch. */
export function stillKnown(entry: LaunchableFunction, given: EntryArguments): EntryArguments {
  if (entry.parameters.some((parameter) => parameter.kind === "keywords")) return given;
  const names = new Set(entry.parameters.map((parameter) => parameter.name));
  return { ...given, arguments: Object.fromEntries(Object.entries(given.arguments).filter(([name]) => names.has(name))) };
}

/** Empty where nothing is given. */
export function argumentsLabel(given: EntryArguments): string {
  const named = Object.entries(given.arguments).map(([name, value]) => `${name}=${argumentText(value)}`);
  const whole = [...named, joinArguments(given.argv)].filter((part) => part !== "").join(" ").replace(/\s+/g, " ");
  return whole.length > labelLimit ? `${whole.slice(0, labelLimit - 1)}…` : whole;
}

/** What a value looks like in a box and on a label. */
export function argumentText(value: ArgumentValue): string {
  return "text" in value ? value.text : JSON.stringify(value.json);
}
