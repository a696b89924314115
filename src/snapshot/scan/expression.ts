/** The part of Python's expressions that is read: enough to evaluate paths, names and literal lists. */

export type Expression =
  | { kind: "name"; id: string; at: number }
  | { kind: "string"; value: string; at: number }
  | { kind: "number"; value: number }
  | { kind: "format"; parts: (string | Expression)[]; at: number }
  | { kind: "attribute"; of: Expression; name: string }
  | { kind: "call"; callee: Expression; args: Expression[]; keywords: { name: string; value: Expression }[]; at: number }
  | { kind: "subscript"; of: Expression; index: Expression }
  | { kind: "binary"; operator: string; left: Expression; right: Expression }
  | { kind: "sequence"; items: Expression[] }
  | { kind: "star"; of: Expression }
  /** `a if condition else b`. */
  | { kind: "either"; choices: Expression[]; condition: Expression }
  | { kind: "other"; parts: Expression[] };

/** The parts directly below `expression`, in source order. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "format":
      return expression.parts.filter((part): part is Expression => typeof part !== "string");
    case "attribute":
    case "star":
      return [expression.of];
    case "call":
      return [expression.callee, ...expression.args, ...expression.keywords.map((keyword) => keyword.value)];
    case "subscript":
      return [expression.of, expression.index];
    case "binary":
      return [expression.left, expression.right];
    case "sequence":
      return expression.items;
    case "either":
      return [...expression.choices, expression.condition];
    case "other":
      return expression.parts;
    default:
      return [];
  }
}

/** `a.b.c` of names and attributes, or null. */
export function dottedName(expression: Expression): string | null {
  if (expression.kind === "name") return expression.id;
  if (expression.kind !== "attribute") return null;
  const base = dottedName(expression.of);
  return base === null ? null : `${base}.${expression.name}`;
}
