/** Asks for an entry's arguments, one box after the other, with the values given last. */
import * as vscode from "vscode";
import { errorText } from "../base/errors.js";
import type { ArgumentValue } from "../jobs/job.js";
import type { LaunchableFunction, Parameter } from "../language/jobFunctions.js";
import { joinArguments, splitArguments } from "./argumentLine.js";
import { argumentText, askedParameters } from "./entryArguments.js";
import type { EntryArguments } from "./launchMemory.js";

/** Undefined where the user cancels. */
export async function askScriptArguments(title: string, last: EntryArguments): Promise<EntryArguments | undefined> {
  const line = await vscode.window.showInputBox({
    title: `Arguments of ${title}`,
    prompt: "As on a command line; quotes group words, nothing is expanded.",
    value: joinArguments(last.argv),
    ignoreFocusOut: true,
    validateInput: (value) => fault(() => splitArguments(value)),
  });
  return line === undefined ? undefined : { argv: splitArguments(line), arguments: {} };
}

/** Asks per parameter of the signature; an empty box of a parameter with a default leaves it out. Undefined: cancelled. */
export async function askFunctionArguments(entry: LaunchableFunction, last: EntryArguments): Promise<EntryArguments | undefined> {
  const parameters = askedParameters(entry);
  const given: Record<string, ArgumentValue> = {};
  for (const [index, parameter] of parameters.entries()) {
    const before = last.arguments[parameter.name];
    const value = await askParameter(`${entry.name}(${parameter.name}) · ${String(index + 1)} of ${String(parameters.length)}`, parameter, before);
    if (value === undefined) return undefined;
    if (value !== "" || (parameter.default === null && isText(parameter))) given[parameter.name] = { text: value };
  }
  return { argv: [], arguments: given };
}

async function askParameter(title: string, parameter: Parameter, before: ArgumentValue | undefined): Promise<string | undefined> {
  const type = parameter.annotation ?? "text";
  const required = parameter.default === null;
  return vscode.window.showInputBox({
    title,
    prompt: required ? `${type}, required` : `${type}; left empty: ${parameter.default ?? ""}`,
    value: before === undefined ? "" : argumentText(before),
    placeHolder: parameter.default ?? "",
    ignoreFocusOut: true,
    validateInput: (value) => (required && value === "" && !isText(parameter) ? `${parameter.name} is required.` : undefined),
  });
}

function isText(parameter: Parameter): boolean {
  return parameter.annotation === "str" || parameter.annotation === '"str"';
}

function fault(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
