/** One or two lines on what an import is for the job, as Markdown that no name can break out of. */
import { sizeText } from "../base/quantities.js";
import type { Distribution } from "../snapshot/distributions.js";
import type { ImportFact, ImportPlace } from "../snapshot/importFacts.js";
import { scopes } from "../snapshot/scan/sourceScan.js";
import type { JobContext } from "./protocol.js";

export interface HoverDetails {
  /** What the import brings along; undefined where counting takes too long or fails. */
  reach: { files: number; bytes: number } | undefined;
  distribution: Distribution | null;
  /** Manifest path of an absolute path. */
  shown: (path: string) => string;
}

/** Null where there is nothing to say: the standard library, and what a diagnostic says at the same place. */
export function importHover(fact: ImportFact, context: JobContext, details: HoverDetails): string | null {
  const lines = said(fact, fact.place, context, details);
  if (lines === null) return null;
  const [first = "", ...rest] = lines;
  return [`**Slingshot**: ${first}`, ...rest].join("  \n");
}

function said(fact: ImportFact, place: ImportPlace, { target, settings }: JobContext, { reach, distribution, shown }: HoverDetails): string[] | null {
  const { interpreter } = settings;
  const python = interpreter === null ? "" : `Python ${interpreter.version.join(".")}`;
  const isOptional = (fact.scope & scopes.guarded) !== 0;
  switch (place.kind) {
    case "standard-library":
      return null;
    case "unknown":
      return [`${code(fact.name)} is not local. What the target has is not known: no interpreter was asked.`];
    case "outside-package":
      return isOptional ? [`${code(fact.name)} leads out of this file's package. The program does without it.`] : null;
    case "installed":
      return [distribution === null ? `${code(place.top)} is installed for ${code(target)} (${python}) and not sent along.` : `${escaped(distribution.name)} ${escaped(distribution.version)}, installed for ${code(target)} (${python}), is not sent along.`];
    case "missing":
      return isOptional ? [`${code(place.gone)} is ${place.owner === null ? `neither local nor installed for ${code(target)} (${python})` : `not in the local package ${code(place.owner)}`}. The program does without it.`] : null;
    case "local": {
      const count = reach === undefined ? "sent along" : reach.files === 1 ? `sent along, 1 file (${sizeText(reach.bytes)})` : `sent along, ${reach.files.toLocaleString("en")} files (${sizeText(reach.bytes)}) with what it imports`;
      const where = { import: "", declared: "", guessed: " (a guess: no build file names one)", beside: " (only in jobs that start there)" }[place.rootKind];
      const root = shown(place.root);
      const hides = place.hidesStandard && place.rootKind === "import" ? ["It takes the place of the standard library's module."] : [];
      return [`local, ${count}`, `${code(shown(place.file))}, import root: ${root === "." ? "the workspace folder" : code(root)}${where}`, ...hides];
    }
  }
}

/** A code span that holds `text` whatever it is. */
function code(text: string): string {
  const plain = text.replace(/\s+/g, " ");
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${plain}\`` : `${fence} ${plain} ${fence}`;
}

function escaped(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, "\\$&");
}
