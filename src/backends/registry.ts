/** All backends, each built on its own: one that fails to build takes no other with it. */
import { SlingshotError } from "../base/errors.js";
import type { Vocabularies } from "../project/checkTarget.js";
import type { SettingSpec } from "../project/vocabulary.js";
import type { Backend, BackendContext } from "./backend.js";
import { localBackend, localSettings } from "./local/index.js";
import { sparkBackend, sparkSettings } from "./spark/index.js";

interface BackendKind {
  settings: Readonly<Record<string, SettingSpec>>;
  build: (context: BackendContext) => Backend;
}

/** One line for each engine. */
const kinds: Readonly<Record<string, BackendKind>> = {
  local: { settings: localSettings, build: localBackend },
  spark: { settings: sparkSettings, build: sparkBackend },
};

/** Keys of a target beyond the common ones, by backend. */
export function backendVocabularies(): Vocabularies {
  return Object.fromEntries(Object.entries(kinds).map(([id, kind]) => [id, kind.settings]));
}

export class Registry {
  readonly vocabularies = backendVocabularies();
  private readonly backends = new Map<string, Backend>();

  constructor(context: BackendContext) {
    for (const [id, kind] of Object.entries(kinds)) {
      try {
        this.backends.set(id, kind.build(context));
      } catch (error) {
        context.log(`The backend ${id} is not available: ${String(error)}`);
      }
    }
  }

  get ids(): string[] {
    return [...this.backends.keys()];
  }

  /** Throws a usage error that lists the backends. */
  get(id: string): Backend {
    const backend = this.backends.get(id);
    if (backend !== undefined) return backend;
    throw new SlingshotError("usage", "unknown-backend", `There is no backend named "${id}".`, `Backends: ${this.ids.join(", ")}.`);
  }
}
