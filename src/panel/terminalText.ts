/**
 * Terminal text made inert. Of all control sequences only colours (SGR) and web links (OSC 8 with http or https) keep a
 * meaning; the others vanish, and a control character that stands alone is shown as U+FFFD. Sequences follow ECMA-48.
 */

const esc = "\\u001b";
const terminator = `(?:\\u0007|${esc}\\\\|\\u009c)`;
const csi = `${esc}\\[([0-?]*)([ -/]*)([@-~])`;
const osc = `${esc}\\]([^\\u0007\\u001b\\u009c]*)${terminator}`;
const strings = `${esc}[PX^_][^\\u0007\\u001b\\u009c]*${terminator}`;
const short = `${esc}[ -/]*[0-~]`;
const controls = "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]";
/** Marks that change the order of text, or break a line where the log has none: shown by their number. */
const invisible = "[\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]";

const sequence = new RegExp([csi, osc, strings, short, `(${controls})`, `(${invisible})`].join("|"), "g");
const anySpecial = new RegExp(`${controls}|${invisible}`);
const colourSequence = new RegExp(`${esc}\\[[0-9;:]*m`, "g");

/** One part of a line: text, a colour change (parameters of SGR, normalised), or the start or end (null) of a web link. */
export type TextPart = { text: string } | { colour: string } | { link: string | null };

/** What a terminal would show of a line that was overwritten with carriage returns: its last state. */
export function lastState(line: string): string {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === 13) end--;
  const start = line.lastIndexOf("\r", end - 1) + 1;
  if (start === 0 || end === 0) return line.slice(0, end);
  const colours = line.slice(0, start).match(colourSequence)?.slice(-16).join("") ?? "";
  return colours + line.slice(start, end);
}

/** Parts of one line, in order. Never throws; linear in the length of the line. */
export function parts(line: string): TextPart[] {
  if (!anySpecial.test(line)) return line === "" ? [] : [{ text: line }];
  const found: TextPart[] = [];
  let at = 0;
  for (const match of line.matchAll(sequence)) {
    if (match.index > at) found.push({ text: line.slice(at, match.index) });
    at = match.index + match[0].length;
    const [, parameters, between, final, command, control, mark] = match;
    if (final === "m" && between === "" && parameters !== undefined && /^[0-9;:]*$/.test(parameters)) {
      found.push({ colour: normalisedColour(parameters) });
    } else if (command?.startsWith("8;") === true) {
      found.push({ link: webLink(command) });
    } else if (control !== undefined && control !== "\u0007" && control !== "\b" && control !== "\r") {
      found.push({ text: "\ufffd" });
    } else if (mark !== undefined) {
      found.push({ text: `[U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]` });
    }
  }
  if (at < line.length) found.push({ text: line.slice(at) });
  return found;
}

/** The characters of a line as shown, without colours: what search and copy work on. */
export function plainText(line: string): string {
  if (!anySpecial.test(line)) return line;
  const uncoloured = line.replace(colourSequence, "");
  if (!anySpecial.test(uncoloured)) return uncoloured;
  let text = "";
  for (const part of parts(line)) if ("text" in part) text += part.text;
  return text;
}

function webLink(command: string): string | null {
  const target = command.slice(command.indexOf(";", 2) + 1);
  return /^https?:\/\/[!-~]{1,2000}$/i.test(target) ? target : null;
}

/**
 * Parameters of one SGR sequence with `;` between them, an explicit `0` for a reset (which comes first), and without
 * colours out of range. Colon forms (ISO 8613-6) become their semicolon forms.
 */
export function normalisedColour(parameters: string): string {
  const codes: string[] = [];
  const list = parameters.split(";");
  for (let at = 0; at < list.length; at++) {
    const [code = "", ...sub] = (list[at] ?? "").split(":");
    const number = code === "" ? 0 : Number(code);
    if (number === 38 || number === 48) {
      const kind = sub[0] ?? list[++at];
      const count = kind === "2" ? 3 : kind === "5" ? 1 : 0;
      const values = (sub.length > 0 ? sub.slice(1) : list.slice(at + 1, at + 1 + count)).filter((v) => v !== "");
      if (sub.length === 0) at += count;
      const taken = values.slice(-count).map(Number);
      if (count > 0 && taken.length === count && taken.every((v) => v <= 255)) codes.push([number, kind, ...taken].join(";"));
    } else if (number === 0) {
      codes.length = 0;
      codes.push("0");
    } else if (number <= 107) {
      codes.push(number === 4 && sub[0] === "0" ? "24" : String(number));
    }
  }
  return codes.join(";");
}
