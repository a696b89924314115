/** What stands for Python's import system in a job that has not started: who finds names, and the closure that follows them. */
import { Closure } from "./closure.js";
import { Finder } from "./finder.js";
import { holdsPython } from "./holdsPython.js";
import type { Naming } from "./naming.js";
import type { Notes } from "./notes.js";
import type { SnapshotRequest } from "./request.js";
import { Resolver } from "./resolver.js";
import type { RootPlan } from "./rootPlan.js";
import { stdlibNames } from "./stdlib.js";
import type { WorkspaceView } from "./workspaceView.js";

export interface ImportSystem {
  closure: Closure;
  finder: Finder;
  /** Top-level names of the standard library of the job's Python. */
  stdlib: ReadonlySet<string>;
}

/** The import system over `plan`, nothing imported yet; `firstRoot` is `sys.path[0]`. Without an interpreter: Python 3.11's. */
export function importSystem(request: Pick<SnapshotRequest, "workspace" | "interpreter">, view: WorkspaceView, naming: Naming, notes: Notes, firstRoot: string, plan: RootPlan): ImportSystem {
  const { interpreter } = request;
  const [major, minor] = interpreter?.version ?? [3, 11];
  const listed = interpreter?.stdlib ?? [];
  const stdlib = listed.length > 0 ? new Set([...listed, "__main__"]) : stdlibNames(major, minor);
  const suffixes = interpreter?.extensionSuffixes ?? [".abi3.so", ".so"];
  const known = interpreter !== null && interpreter.executable !== null;
  const finder = new Finder(view, suffixes, plan.site.map((root) => root.directory), known ? null : `.cpython-${String(major)}${String(minor)}-`);
  const closure = new Closure({ view, notes, name: (path) => naming.name(path), cwd: request.workspace, firstRoot, siteKnown: plan.siteKnown });
  closure.resolver = new Resolver(finder, plan, stdlib, (module) => { closure.openPackage(module); }, (directory) => holdsPython(view, directory));
  return { closure, finder, stdlib };
}
