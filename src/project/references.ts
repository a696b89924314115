/** Resolves `${env:NAME}`, `${secret:NAME}` and `${workspaceFolder}` at launch; the result is never stored. */
import { SlingshotError } from "../base/errors.js";
import type { Target } from "./target.js";

export interface ReferenceSources {
  workspace: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The secret's value, or undefined where there is none. */
  secret(name: string): Promise<string | undefined>;
}

const reference = /\$\{(env|secret):([^}]*)\}|\$\{workspaceFolder\}|\$\{[^}]*\}/g;

/** The target with every reference in its settings replaced. Throws a usage error that names the missing one. */
export async function resolveTarget(target: Target, sources: ReferenceSources): Promise<Target> {
  const settings = await resolveValue(target.settings, sources, `target "${target.name}"`);
  return { ...target, settings: settings as Record<string, unknown> };
}

/** References in one text. `where` names the place in messages. */
export async function resolveText(text: string, sources: ReferenceSources, where: string): Promise<string> {
  let result = "";
  let at = 0;
  for (const match of text.matchAll(reference)) {
    result += text.slice(at, match.index) + (await resolveOne(match, sources, where));
    at = match.index + match[0].length;
  }
  return result + text.slice(at);
}

async function resolveValue(value: unknown, sources: ReferenceSources, where: string): Promise<unknown> {
  if (typeof value === "string") return resolveText(value, sources, where);
  // One after the other: a secret that is not stored is asked for, and two questions at once would hide each other.
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await resolveValue(item, sources, where));
    return items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) entries.push([key, await resolveValue(item, sources, where)]);
  return Object.fromEntries(entries);
}

async function resolveOne(match: RegExpExecArray, sources: ReferenceSources, where: string): Promise<string> {
  const [whole, kind, name] = match;
  if (whole === "${workspaceFolder}") return sources.workspace;
  if (kind === "env" && name !== undefined) {
    const value = sources.env[name];
    if (value !== undefined) return value;
    throw new SlingshotError("usage", "missing-reference", `${where} needs the environment variable ${name}, which is not set.`, `Set ${name} and launch again.`);
  }
  if (kind === "secret" && name !== undefined) {
    const value = await sources.secret(name);
    if (value !== undefined) return value;
    throw new SlingshotError(
      "usage", "missing-reference", `${where} needs the secret ${name}, which is not stored.`,
      `In VS Code run "Slingshot: Set Secret"; on the command line set SLINGSHOT_SECRET_${name}.`,
    );
  }
  throw new SlingshotError("usage", "unknown-reference", `${where} has the unknown reference ${whole}.`, "Known: ${env:NAME}, ${secret:NAME}, ${workspaceFolder}.");
}
