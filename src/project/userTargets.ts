/** The user's own targets outside VS Code: `$XDG_CONFIG_HOME/slingshot/targets.json`, of the shape of `slingshot.targets`. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { parse, type ParseError } from "jsonc-parser";
import { isErrno, SlingshotError } from "../base/errors.js";
import type { UserTargets } from "./projectFile.js";

export function userTargetsFile(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env["XDG_CONFIG_HOME"];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".config"), "slingshot", "targets.json");
}

/** Empty where there is no such file; a usage error where it is malformed. */
export function readUserTargets(file = userTargetsFile()): UserTargets {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return {};
    throw error;
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SlingshotError("usage", "user-targets", `${file} is malformed.`, 'It holds one JSON object: { "name": { "backend": … } }.', { file });
  }
  return value as UserTargets;
}
