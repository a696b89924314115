/** A line of terminal text as styled spans: plain data, drawn by the panel with `textContent`. */
import { createAnsiSequenceParser, namedColors, type Color, type DecorationType, type ParseToken } from "ansi-sequence-parser";
import { parts } from "./terminalText.js";

export interface Span {
  text: string;
  /** Space-separated class names, from a fixed set: `fg-red`, `bg-brightBlue`, `bold`, … */
  classes: string;
  /** `rgb(…)` where the colour is no theme colour. */
  foreground: string | null;
  background: string | null;
  /** An http or https address. */
  link: string | null;
}

/** Spans of one line; `line` is without its line end. */
export function ansiSpans(line: string): Span[] {
  const parser = createAnsiSequenceParser();
  const spans: Span[] = [];
  let link: string | null = null;
  for (const part of parts(line)) {
    if ("link" in part) link = part.link;
    else if ("colour" in part) parser.parse(`\u001b[${part.colour}m`);
    else for (const token of parser.parse(part.text)) spans.push(span(token, link));
  }
  return spans;
}

function span(token: ParseToken, link: string | null): Span {
  const reverse = token.decorations.has("reverse");
  const [front, back] = reverse ? [token.background, token.foreground] : [token.foreground, token.background];
  const classes = [...token.decorations].map((decoration) => decorationClasses[decoration]);
  const foreground = paint(front, "fg", classes);
  const background = paint(back, "bg", classes);
  if (reverse && front === null) classes.push("fg-reverse");
  if (reverse && back === null) classes.push("bg-reverse");
  return { text: token.value, classes: classes.filter((name) => name !== "").join(" "), foreground, background, link };
}

/** `hidden` shows as dim: a log must not hide what the program printed. */
const decorationClasses: Record<DecorationType, string> = {
  bold: "bold",
  dim: "dim",
  italic: "italic",
  underline: "underline",
  overline: "overline",
  strikethrough: "strikethrough",
  hidden: "dim",
  reverse: "",
};

function paint(color: Color | null, kind: "fg" | "bg", classes: string[]): string | null {
  if (color === null) return null;
  const named = color.type === "named" ? color.name : color.type === "table" ? namedColors[color.index] : undefined;
  if (named !== undefined) {
    classes.push(`${kind}-${named}`);
    return null;
  }
  const [red, green, blue] = color.type === "rgb" ? color.rgb : color.type === "table" ? tableColor(color.index) : [0, 0, 0];
  return `rgb(${String(red)},${String(green)},${String(blue)})`;
}

/** Entries 16 to 255 of the xterm colour table: a 6×6×6 cube, then 24 greys. */
function tableColor(index: number): [number, number, number] {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const level = (step: number): number => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}
