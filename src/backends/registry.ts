/** All backends. Each is loaded when a target first asks for it: nobody waits for the code of engines that they don't use. */
import { errorText, SlingshotError } from "../base/errors.js";
import type { Vocabularies } from "../project/checkTarget.js";
import type { SettingSpec } from "../project/vocabulary.js";
import type { Backend, BackendContext } from "./backend.js";
import { localSettings } from "./local/settings.js";
import { hostSettings } from "./shared/ssh/hostPlace.js";
import { sparkSettings } from "./spark/settings.js";

interface BackendKind {
  settings: Readonly<Record<string, SettingSpec>>;
  load: () => Promise<(context: BackendContext) => Backend>;
}

/** One entry for each engine. */
const kinds: Readonly<Record<string, BackendKind>> = {
  local: { settings: localSettings, load: async () => (await import("./local/index.js")).localBackend },
  spark: { settings: sparkSettings, load: async () => (await import("./spark/index.js")).sparkBackend },
  ssh: { settings: hostSettings, load: async () => (await import("./ssh/index.js")).sshBackend },
};

/** Keys of a target beyond the common ones, by backend. */
export function backendVocabularies(): Vocabularies {
  return Object.fromEntries(Object.entries(kinds).map(([id, kind]) => [id, kind.settings]));
}

export class Registry {
  readonly vocabularies = backendVocabularies();
  readonly ids = Object.keys(kinds);
  private readonly backends = new Map<string, Promise<Backend>>();

  constructor(private readonly context: BackendContext) {}

  /** Rejects with a usage error that lists the backends, or with one that says why this backend can't be had; others go on. */
  get(id: string): Promise<Backend> {
    const known = this.backends.get(id);
    if (known !== undefined) return known;
    const backend = this.build(id);
    this.backends.set(id, backend);
    return backend;
  }

  private async build(id: string): Promise<Backend> {
    const kind = Object.hasOwn(kinds, id) ? kinds[id] : undefined;
    if (kind === undefined) throw new SlingshotError("usage", "unknown-backend", `There is no backend named "${id}".`, `Backends: ${this.ids.join(", ")}.`);
    try {
      return (await kind.load())(this.context);
    } catch (error) {
      throw new SlingshotError("unavailable", "backend-broken", `The backend ${id} can't be loaded: ${errorText(error)}`, "Install Slingshot again.", { cause: error });
    }
  }
}
