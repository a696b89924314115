/** All backends, each built on its own: one that fails to build takes no other with it. */
import { SlingshotError } from "../base/errors.js";
import type { Backend, BackendContext } from "./backend.js";
import type { Vocabularies } from "../project/checkTarget.js";
import { localBackend } from "./local/index.js";

export class Registry {
  private readonly backends = new Map<string, Backend>();

  constructor(context: BackendContext) {
    for (const build of [localBackend]) {
      try {
        const backend = build(context);
        this.backends.set(backend.id, backend);
      } catch (error) {
        context.log(`A backend is not available: ${String(error)}`);
      }
    }
  }

  get ids(): string[] {
    return [...this.backends.keys()];
  }

  /** Keys of a target, by backend. */
  get vocabularies(): Vocabularies {
    return Object.fromEntries([...this.backends].map(([id, backend]) => [id, backend.settings]));
  }

  /** Throws a usage error that lists the backends. */
  get(id: string): Backend {
    const backend = this.backends.get(id);
    if (backend !== undefined) return backend;
    throw new SlingshotError("usage", "unknown-backend", `There is no backend named "${id}".`, `Backends: ${this.ids.join(", ")}.`);
  }
}
