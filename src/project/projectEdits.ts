/** Changes to `.vscode/slingshot.json` as replacements of its text: comments, order and layout of what stands there are kept. */
import { findNodeAtLocation, getNodeValue, modify, parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
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
  const path: string[] = "add" in change ? ["bundle", change.add] : [...change.set];
  if (root !== undefined) onlyObjects(root, path.slice(0, -1));
  const node = root === undefined ? undefined : findNodeAtLocation(root, path);
  const layout = layoutOf(text);
  const options = { formattingOptions: { insertSpaces: layout.unit !== "\t", tabSize: layout.unit.length, eol: layout.eol } };
  if (!("add" in change)) {
    if (node !== undefined && JSON.stringify(getNodeValue(node)) === JSON.stringify(change.value)) return [];
    if (node !== undefined) return inOrder(modify(text, path, change.value, options));
  } else if (node !== undefined) {
    if (node.type !== "array") throw refusal(`\`${path.join(".")}\` is no list`);
    if ((node.children ?? []).some((item) => item.value === change.value)) return [];
    return lineBelow(text, node, JSON.stringify(change.value), layout) ?? inOrder(modify(text, [...path, -1], change.value, { ...options, isArrayInsertion: true }));
  }
  const value: unknown = "add" in change ? [change.value] : change.value;
  const below = root === undefined ? null : propertyBelow(text, root, path, value, layout);
  return below ?? inOrder(modify(text, path, value, options));
}

/** The property as the last one of the innermost object that is there; null where `modify` must find a place. */
function propertyBelow(text: string, root: Node, path: readonly string[], value: unknown, layout: Layout): Replacement[] | null {
  let depth = path.length - 1;
  while (depth > 0 && findNodeAtLocation(root, path.slice(0, depth)) === undefined) depth--;
  const owner = findNodeAtLocation(root, path.slice(0, depth));
  const nested = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return owner === undefined ? null : lineBelow(text, owner, (indent) => `${JSON.stringify(path[depth])}: ${written(nested, indent, layout)}`, layout);
}

/** Objects over several lines, lists on one. */
function written(value: unknown, indent: string, { unit, eol }: Layout): string {
  if (Array.isArray(value)) return `[${value.map((item) => written(item, indent, { unit, eol })).join(", ")}]`;
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return JSON.stringify(value);
  const inner = Object.entries(value).map(([key, item]) => `${eol}${indent}${unit}${JSON.stringify(key)}: ${written(item, indent + unit, { unit, eol })}`);
  return `{${inner.join(",")}${eol}${indent}}`;
}

/** `text` with `replacements`, as the editor would make them. */
export function applyReplacements(text: string, replacements: readonly Replacement[]): string {
  return [...replacements].reverse().reduce((edited, { offset, length, text: inserted }) => edited.slice(0, offset) + inserted + edited.slice(offset + length), text);
}

const comments = /\/\/[^\r\n]*|\/\*[^]*?\*\//g;
/** What may follow the last item on its line: a comma and comments that end there. */
const restOfLine = /^[ \t]*(,?)(?:[ \t]|\/\*(?:(?!\*\/)[^\r\n])*\*\/)*(?:\/\/[^\r\n]*)?(?=[\r\n])/;

/** `added` on a line of its own below the last part of a list or an object, which keeps the comment behind it; null where that part shares its line. */
function lineBelow(text: string, owner: Node, added: string | ((indent: string) => string), { eol }: Layout): Replacement[] | null {
  const last = owner.children?.at(-1);
  if (last === undefined) return null;
  const indent = /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(0, last.offset))?.[1];
  const end = last.offset + last.length;
  const rest = restOfLine.exec(text.slice(end));
  if (indent === undefined || rest === null) return null;
  const comma = rest[1] === ",";
  if (!comma && text.slice(end, owner.offset + owner.length).replace(comments, "").includes(",")) return null;
  const line = { offset: end + rest[0].length, length: 0, text: `${eol}${indent}${typeof added === "string" ? added : added(indent)}${comma ? "," : ""}` };
  return comma ? [line] : [{ offset: end, length: 0, text: "," }, line];
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

function onlyObjects(root: Node, path: readonly string[]): void {
  for (let length = 1; length <= path.length; length++) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node === undefined) return;
    if (node.type !== "object") throw refusal(`\`${path.slice(0, length).join(".")}\` is no object`);
  }
}

function refusal(why: string): SlingshotError {
  return new SlingshotError("usage", "project-file", `${projectFileName} can't be edited: ${why}.`, "Mend it, then try again.");
}

interface Layout {
  /** One step of indentation. */
  unit: string;
  eol: string;
}

/** Indentation and line ends as the text has them. */
function layoutOf(text: string): Layout {
  const indent = /\n([ \t]+)["/{[]/.exec(text)?.[1] ?? "  ";
  return { unit: indent.startsWith("\t") ? "\t" : indent, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

function inOrder(edits: readonly { offset: number; length: number; content: string }[]): Replacement[] {
  return edits.map(({ offset, length, content }) => ({ offset, length, text: content })).sort((left, right) => left.offset - right.offset);
}
