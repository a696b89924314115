/** What the sources of a closure hold that no import list can settle. */
import type { Closure } from "./closure.js";

const fileName = /\.(py|pyc|ya?ml|json|jsonl|csv|tsv|txt|toml|ini|cfg|conf|log|md|html?|xml|sql|parquet|avro|orc|gz|zip|tar|png|jpe?g|svg|pkl|pickle|npy|npz|h5|pt|bin|env|lock|sh|js|ts|css|db|sqlite|proto|tmpl|j2|com|org|net|io)$/i;

/** Adds notes on `exec`, suspicious sources and strings that name local modules outside the closure. */
export function addRemarks(closure: Closure): void {
  const { notes, name } = closure.context;
  const said = new Set<string>();
  for (const { module, scan } of closure.executed) {
    if (scan.execs.length === 0 && scan.suspicious === null && scan.strings.length === 0) continue;
    const file = name(module.file ?? "");
    for (const line of scan.execs) notes.add("exec", `${file}:${String(line)}`, "info", `${file}:${String(line)} runs text as code; what that text imports is not known.`, file, line);
    if (scan.suspicious !== null) {
      notes.add("suspicious-source", file, "warning", `${file}:${String(scan.suspicious.line)}: ${scan.suspicious.what}; ${scan.suspicious.complete === true ? "Python can't read it" : "its imports may be incomplete"}.`, file, scan.suspicious.line);
    }
    for (const { text, line } of scan.strings) {
      const dotted = text.split(":", 1)[0] ?? text;
      if (said.has(dotted) || fileName.test(dotted)) continue;
      said.add(dotted);
      if (namesUnseenModule(closure, dotted)) notes.add("string-candidate", dotted, "info", `${file}:${String(line)} holds the text "${text}", which names a local module that nothing imports; include its file if the job needs it.`, file, line);
    }
  }
}

function namesUnseenModule(closure: Closure, dotted: string): boolean {
  const { resolver, graph } = closure;
  const parts = dotted.split(".");
  let deepest: string | null = null;
  for (let count = 1; count <= parts.length; count++) {
    const module = resolver.resolve(parts.slice(0, count).join("."));
    if (module === null) break;
    if (module.kind === "external" || module.kind === "stdlib") return false;
    if (module.file !== null) deepest = module.file;
    if (module.search === null) break;
  }
  return deepest !== null && !graph.has(deepest) && closure.context.view.zipOf(deepest) === null;
}
