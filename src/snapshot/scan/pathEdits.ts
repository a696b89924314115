/** Statements that change `sys.path` or a package's `__path__`. */
import { qualifiedName } from "./condition.js";
import { children, type Expression } from "./expression.js";
import type { Statement } from "./parser.js";
import type { PathEdit } from "./sourceScan.js";

type Aliases = Readonly<Record<string, string>>;

/** The change that `statement` makes, or null. */
export function readPathEdit(statement: Statement, aliases: Aliases, line: number, scope: number): PathEdit | null {
  const target = statement.targets[0];
  const value = statement.values[0];
  if (target !== undefined && value !== undefined) {
    const path = editedPath(target, aliases) ?? (target.kind === "subscript" ? editedPath(target.of, aliases) : null);
    if (path === null) return null;
    const edit = (operation: PathEdit["operation"], entries: Expression[], index: number | null = null): PathEdit => ({ path, operation, entries, index, line, scope });
    if (statement.operator === "+=") return edit("append", spread(value));
    if (statement.operator !== "=") return null;
    if (target.kind === "subscript") {
      if (target.index.kind === "number") return edit("insert", [value], target.index.value);
      return edit("prepend", spread(value)); // sys.path[:0] = [...], sys.path[1:1] = [...]
    }
    if (isExtendPath(value, aliases)) return edit("extend_path", []);
    if (value.kind === "binary" && value.operator === "+") {
      if (editedPath(unwrap(value.left), aliases) === path) return edit("append", spread(value.right));
      if (editedPath(unwrap(value.right), aliases) === path) return edit("prepend", spread(value.left));
    }
    return edit("replace", spread(value));
  }
  for (const expression of statement.values) {
    const found = callIn(expression, aliases, line, scope);
    if (found !== null) return found;
  }
  return null;
}

function callIn(expression: Expression, aliases: Aliases, line: number, scope: number): PathEdit | null {
  if (expression.kind === "call") {
    const name = qualifiedName(expression.callee, aliases);
    if (name === "site.addsitedir") return { path: "sys.path", operation: "append", entries: expression.args.slice(0, 1), index: null, line, scope };
    if (expression.callee.kind === "attribute") {
      const path = editedPath(expression.callee.of, aliases);
      const method = expression.callee.name;
      const [first, second] = expression.args;
      if (path !== null && (method === "remove" || method === "pop" || method === "clear")) return { path, operation: "remove", entries: [], index: null, line, scope };
      if (path !== null && first !== undefined) {
        if (method === "append") return { path, operation: "append", entries: [first], index: null, line, scope };
        if (method === "extend") return { path, operation: "append", entries: spread(first), index: null, line, scope };
        if (method === "insert" && second !== undefined) return { path, operation: "insert", entries: [second], index: first.kind === "number" ? first.value : null, line, scope };
      }
    }
  }
  for (const child of children(expression)) {
    const found = callIn(child, aliases, line, scope);
    if (found !== null) return found;
  }
  return null;
}

function editedPath(expression: Expression, aliases: Aliases): PathEdit["path"] | null {
  const name = qualifiedName(expression, aliases);
  return name === "sys.path" || name === "__path__" ? name : null;
}

function unwrap(expression: Expression): Expression {
  const first = expression.kind === "call" ? expression.args[0] : undefined;
  return first !== undefined && expression.kind === "call" && expression.callee.kind === "name" && expression.callee.id === "list" ? first : expression.kind === "subscript" ? expression.of : expression;
}

function spread(expression: Expression): Expression[] {
  return expression.kind === "sequence" ? expression.items : [{ kind: "star", of: expression }];
}

function isExtendPath(expression: Expression, aliases: Aliases): boolean {
  return expression.kind === "call" && (qualifiedName(expression.callee, aliases)?.endsWith("extend_path") === true || (expression.callee.kind === "attribute" && expression.callee.name === "extend_path"));
}
