/** Changes to `.vscode/slingshot.json` as replacements of its text: comments, order and layout of what stands there are kept. */
import { findNodeAtLocation, getNodeValue, modify, parseTree, printParseErrorCode, type FormattingOptions, type JSONPath, type Node, type ParseError } from "jsonc-parser";
import { SlingshotError } from "../base/errors.js";
import { projectFileName } from "./projectFile.js";

/** One change: a string at the end of a list of `bundle`, or any value at a place such as `["targets", "gpu", "requirements"]`. */
export type ProjectChange = { add: "roots" | "include" | "exclude"; value: string } | { set: readonly string[]; value: unknown };

/** `length` UTF-16 units at `offset` become `text`; the offsets of a list are those of the text before all of them. */
export interface Replacement {
  offset: number;
  length: number;
  text: string;
}

/**
 * The replacements that make `change` in the project file's `text` ("" where there is no file yet), sorted by offset; none where it
 * holds already. The file stays as it is in all else.
 * @throws SlingshotError `project-file` where the text is no JSON object, or holds something else in that place
 */
export function editProject(text: string, change: ProjectChange): Replacement[] {
  const root = text.trim() === "" ? undefined : parsed(text);
  const path: JSONPath = "add" in change ? ["bundle", change.add] : [...change.set];
  if (root !== undefined) onlyObjects(root, path.slice(0, -1));
  const node = root === undefined ? undefined : findNodeAtLocation(root, path);
  const options = { formattingOptions: layout(text) };
  if (!("add" in change)) {
    if (node !== undefined && JSON.stringify(getNodeValue(node)) === JSON.stringify(change.value)) return [];
    return inOrder(modify(text, path, change.value, options));
  }
  if (node === undefined) return inOrder(modify(text, path, [change.value], options));
  if (node.type !== "array") throw refusal(`\`${path.join(".")}\` is no list`);
  const items = node.children ?? [];
  if (items.some((item) => item.value === change.value)) return [];
  const below = lineBelow(text, node, change.value, options.formattingOptions.eol ?? "\n");
  return below ?? inOrder(modify(text, [...path, -1], change.value, { ...options, isArrayInsertion: true }));
}

/** `text` with `replacements`, as the editor would make them. */
export function applyReplacements(text: string, replacements: readonly Replacement[]): string {
  return [...replacements].reverse().reduce((edited, { offset, length, text: inserted }) => edited.slice(0, offset) + inserted + edited.slice(offset + length), text);
}

const comments = /\/\/[^\r\n]*|\/\*[^]*?\*\//g;
/** What may follow the last item on its line: a comma and comments that end there. */
const restOfLine = /^[ \t]*(,?)(?:[ \t]|\/\*(?:(?!\*\/)[^\r\n])*\*\/)*(?:\/\/[^\r\n]*)?(?=[\r\n])/;

/** The value on a line of its own below the list's last item, which keeps the comment behind it; null where that item shares its line. */
function lineBelow(text: string, list: Node, value: string, eol: string): Replacement[] | null {
  const last = list.children?.at(-1);
  if (last === undefined) return null;
  const indent = /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(0, last.offset))?.[1];
  const end = last.offset + last.length;
  const rest = restOfLine.exec(text.slice(end));
  if (indent === undefined || rest === null) return null;
  const comma = rest[1] === ",";
  if (!comma && text.slice(end, list.offset + list.length).replace(comments, "").includes(",")) return null;
  const added = { offset: end + rest[0].length, length: 0, text: `${eol}${indent}${JSON.stringify(value)}${comma ? "," : ""}` };
  return comma ? [added] : [{ offset: end, length: 0, text: "," }, added];
}

function parsed(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  // A file of comments alone is as good as an empty one.
  if (root === undefined && text.replace(comments, "").trim() === "") return undefined;
  const [first] = errors;
  if (first !== undefined) throw refusal(`line ${String(text.slice(0, first.offset).split("\n").length)} is malformed JSON (${printParseErrorCode(first.error)})`);
  if (root?.type !== "object") throw refusal("it holds no JSON object");
  return root;
}

function onlyObjects(root: Node, path: JSONPath): void {
  for (let length = 1; length <= path.length; length++) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node === undefined) return;
    if (node.type !== "object") throw refusal(`\`${path.slice(0, length).join(".")}\` is no object`);
  }
}

function refusal(why: string): SlingshotError {
  return new SlingshotError("usage", "project-file", `${projectFileName} can't be edited: ${why}.`, "Mend it, then try again.");
}

/** Indentation and line ends as the text has them. */
function layout(text: string): FormattingOptions {
  const indent = /\n([ \t]+)["/{[]/.exec(text)?.[1] ?? "  ";
  return { insertSpaces: !indent.startsWith("\t"), tabSize: indent.startsWith("\t") ? 1 : indent.length, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

function inOrder(edits: readonly { offset: number; length: number; content: string }[]): Replacement[] {
  return edits.map(({ offset, length, content }) => ({ offset, length, text: content })).sort((left, right) => left.offset - right.offset);
}
