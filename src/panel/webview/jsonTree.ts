/** JSON as a tree of lines that open. Children are built when they are opened. */
import { element } from "./dom.js";

/** Children shown of one array or object. */
const limit = 500;

export function jsonTree(text: string): HTMLElement {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return element("pre", { class: "result-text", tabindex: "0" }, text);
  }
  return element("div", { class: "json", tabindex: "0" }, node(null, value, 0));
}

function node(key: string | null, value: unknown, depth: number): HTMLElement {
  const label = key === null ? [] : [element("span", { class: "json-key" }, key), element("span", { class: "json-mark" }, ": ")];
  if (typeof value !== "object" || value === null) {
    return element("div", { class: "json-leaf" }, ...label, element("span", { class: `json-${leafKind(value)}` }, JSON.stringify(value)));
  }
  const children: [string, unknown][] = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (children.length === 0) return element("div", { class: "json-leaf" }, ...label, open + close);
  const count = `${String(children.length)} ${Array.isArray(value) ? "items" : "keys"}`;
  const summary = element("summary", {}, ...label, element("span", { class: "json-mark" }, `${open} ${count} ${close}`));
  const details = element("details", { class: "json-node" }, summary);
  const fill = (): void => {
    if (details.childElementCount > 1) return;
    for (const [name, child] of children.slice(0, limit)) details.append(node(name, child, depth + 1));
    if (children.length > limit) details.append(element("div", { class: "note" }, `… ${String(children.length - limit)} more`));
  };
  details.addEventListener("toggle", fill);
  if (depth < 2 && children.length <= 50) {
    fill();
    details.open = true;
  }
  return details;
}

function leafKind(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "string" ? "string" : typeof value === "number" ? "number" : "boolean";
}
