/** Checks one target against the vocabulary of its backend. */
import type { SlingshotError } from "../base/errors.js";
import { parseDuration, parseSize } from "./quantities.js";
import type { Target } from "./target.js";
import { commonSettings, type SettingSpec } from "./vocabulary.js";

/** Keys of a target by backend id, beyond the common ones. */
export type Vocabularies = Readonly<Record<string, Readonly<Record<string, SettingSpec>>>>;

/** Makes the error; `key` names the setting that is wrong. */
export type Complain = (message: string, remedy: string, key?: string) => SlingshotError;

export function checkTarget(name: string, value: unknown, source: Target["source"], vocabularies: Vocabularies, complain: Complain): Target {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw complain("it must be an object", 'Write { "backend": … }.');
  const { backend, ...settings } = value as Record<string, unknown>;
  const known = Object.keys(vocabularies);
  if (typeof backend !== "string" || !known.includes(backend)) {
    throw complain(backend === undefined ? "`backend` is missing" : `unknown backend ${JSON.stringify(backend)}`, `Backends: ${known.join(", ")}.`, "backend");
  }
  const vocabulary = vocabularyOf(backend, vocabularies);
  for (const [key, setting] of Object.entries(settings)) {
    const spec = vocabulary[key];
    if (spec === undefined) throw complain(`unknown key \`${key}\``, `Keys of a ${backend} target: ${["backend", ...Object.keys(vocabulary)].join(", ")}.`, key);
    const wrong = fault(setting, spec);
    if (wrong !== undefined) throw complain(`\`${key}\` ${wrong}`, spec.description, key);
  }
  for (const [key, spec] of Object.entries(vocabulary)) {
    if (spec.required === true && settings[key] === undefined) throw complain(`\`${key}\` is missing`, spec.description);
  }
  return { name, backend, settings, source };
}

/** All keys of a backend's targets: the common ones and its own. */
export function vocabularyOf(backend: string, vocabularies: Vocabularies): Record<string, SettingSpec> {
  return { ...commonSettings, ...vocabularies[backend] };
}

function fault(value: unknown, spec: SettingSpec): string | undefined {
  const reference = typeof value === "string" && value.includes("${");
  switch (spec.type) {
    case "string":
      if (typeof value !== "string") return "must be a string";
      return spec.values === undefined || reference || spec.values.includes(value) ? undefined : `must be one of ${spec.values.join(", ")}`;
    case "integer":
      return Number.isInteger(value) && Number(value) >= 0 ? undefined : "must be a whole number";
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be true or false";
    case "string[]":
      return typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string")) ? undefined : "must be a list of strings";
    case "map":
      return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isScalar) ? undefined : "must be an object of strings";
    case "duration":
      return reference || parseDuration(value) !== undefined ? undefined : "must be a duration such as `02:00:00` or `90m`";
    case "size":
      return reference || parseSize(value) !== undefined ? undefined : "must be a size such as `4 GB`";
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
