/** A target: a named, configured place to run. */
import type { BundleSettings } from "../snapshot/request.js";

export interface Target {
  name: string;
  /** Backend id: `local`, `spark`, … */
  backend: string;
  /** All other keys, checked against the backend's vocabulary, references (`${env:…}`) unresolved. */
  settings: Record<string, unknown>;
  /** Where it was defined; `builtin` is the `local` target that always exists. */
  source: "builtin" | "user" | "project";
}

/** The project file `.vscode/slingshot.json`, checked, merged with the user's own targets. */
export interface Project {
  /** Absolute workspace folder. */
  workspace: string;
  /** Absolute path of the project file, whether or not it exists. */
  file: string;
  defaultTarget: string;
  targets: Target[];
  bundle: BundleSettings;
  jobs: { decorators: string[]; functions: string[] };
}
