/**
 * The rules of secretlint, loaded when a text is suspicious, and not before. They are run without its core, which adds to the
 * process's timeline with every file and never clears it, and without its comments that switch rules off: who wrote a file
 * must not decide for who sends it.
 */
import type { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { Place } from "./searchText.js";

type Rule = (typeof rules)[number];
type Context = Parameters<Rule["create"]>[0];
type Source = Parameters<NonNullable<ReturnType<Rule["create"]>["file"]>>[0];

/** A token of nothing but `x` is a form to fill in. */
const fillIn = /([a-z0-9*.])\1{11}/i;

/** `name`: the file's name; some rules read one kind of file only. No rule's message is kept: it would quote the secret. */
export async function lintText(text: string, name: string): Promise<Place[]> {
  const places: Place[] = [];
  const source = sourceOf(text, name);
  for (const rule of await lintRules()) {
    const context: Context = {
      sharedOptions: {},
      createTranslator: () => (messageId) => ({ messageId: String(messageId), message: "", data: {} }),
      ignore: () => undefined,
      report: ({ range: [start, end] }) => {
        if (!fillIn.test(text.slice(start, end))) places.push({ rule: shortId(rule), start, end });
      },
    };
    await rule.create(context, {}).file?.(source);
  }
  return places;
}

export async function lintRules(): Promise<Rule[]> {
  const { rules } = await import("@secretlint/secretlint-rule-preset-recommend");
  return rules.filter(({ meta }) => !meta.id.endsWith("-filter-comments"));
}

/** For example `github`. */
export function shortId({ meta }: Rule): string {
  return meta.id.replace(/^.*secretlint-rule-/, "");
}

/** Rules read content, name and ending; places are told as offsets, so nothing asks for lines. */
function sourceOf(content: string, name: string): Source {
  const nowhere = { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } };
  return {
    content,
    contentType: "text",
    hasBOM: false,
    // A rule for binary key stores would open the file.
    ext: name.endsWith(".json") ? ".json" : ".txt",
    filePath: name,
    physicalFilePath: undefined,
    getFilePath: () => name,
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, 0],
    rangeToLocation: () => nowhere,
    positionToIndex: () => 0,
    indexToPosition: () => nowhere.start,
  };
}
