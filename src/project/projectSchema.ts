/** The JSON schema of `.vscode/slingshot.json`, derived from the vocabulary, so that completions never differ from what is read. */
import { vocabularyOf, type Vocabularies } from "./checkTarget.js";
import type { SettingSpec } from "./vocabulary.js";

type Schema = Record<string, unknown>;

export function projectSchema(vocabularies: Vocabularies): Schema {
  const globs = (description: string): Schema => ({ type: "array", items: { type: "string" }, markdownDescription: description });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Slingshot project file",
    type: "object",
    additionalProperties: false,
    allowTrailingCommas: true,
    properties: {
      $schema: { type: "string" },
      defaultTarget: { type: "string", markdownDescription: "The target of a launch until another one is chosen." },
      targets: {
        type: "object",
        markdownDescription: "Places where jobs run, by name. `local` exists without being named.",
        additionalProperties: targetSchema(vocabularies),
      },
      bundle: {
        type: "object",
        markdownDescription: "What is sent along.",
        additionalProperties: false,
        properties: {
          roots: globs("Folders that imports are looked up in, before those that Slingshot finds itself."),
          include: globs("Files that jobs read: globs relative to the workspace folder."),
          exclude: globs("Files that are never sent: globs relative to the workspace folder."),
          maxSize: { type: ["string", "integer"], markdownDescription: "A larger snapshot stops the launch, e.g. `100 MB`." },
          maxDataFile: { type: ["string", "integer"], markdownDescription: "A data file that the code names goes along unasked up to this size, `10 MB` where nothing is said. `0`: none does." },
        },
      },
      jobs: {
        type: "object",
        markdownDescription: "Which functions are jobs: they get a `Run on …` above them.",
        additionalProperties: false,
        properties: {
          decorators: globs("Dotted names of decorators, e.g. `mylib.job`."),
          functions: globs("Globs on function names, e.g. `*_job`."),
        },
      },
    },
  };
}

function targetSchema(vocabularies: Vocabularies): Schema {
  const backends = Object.keys(vocabularies);
  return {
    type: "object",
    required: ["backend"],
    properties: { backend: { type: "string", enum: backends, markdownDescription: "The engine." } },
    allOf: backends.map((backend) => {
      const vocabulary = Object.entries(vocabularyOf(backend, vocabularies));
      const required = vocabulary.filter(([, spec]) => spec.required === true).map(([key]) => key);
      return {
        if: { properties: { backend: { const: backend } }, required: ["backend"] },
        then: {
          properties: { backend: true, ...Object.fromEntries(vocabulary.map(([key, spec]) => [key, settingSchema(spec)])) },
          additionalProperties: false,
          ...(required.length > 0 ? { required } : {}),
        },
      };
    }),
  };
}

const reference: Schema = { type: "string", pattern: "\\$\\{" };

function settingSchema(spec: SettingSpec): Schema {
  const markdownDescription = spec.sensitive === true ? `${spec.description} You are asked once before this counts.` : spec.description;
  switch (spec.type) {
    case "string":
      return spec.values === undefined ? { type: "string", markdownDescription } : { anyOf: [{ type: "string", enum: spec.values }, reference], markdownDescription };
    case "integer":
      return { type: "integer", minimum: 0, markdownDescription };
    case "boolean":
      return { type: "boolean", markdownDescription };
    case "string[]":
      return { type: ["array", "string"], items: { type: "string" }, markdownDescription };
    case "map":
      return { type: "object", additionalProperties: { type: ["string", "number", "boolean"] }, markdownDescription };
    case "duration":
    case "size":
      return { type: ["string", "number"], markdownDescription };
  }
}
