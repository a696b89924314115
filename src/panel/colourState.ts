/** The colours in force at a place in a log, so that a page from the middle looks as it does after all lines before it. */
import { normalisedColour } from "./terminalText.js";

const colour = new RegExp("\\u001b\\[([0-9;:]*)m", "g");
const unfinished = new RegExp("\\u001b(?:\\[[0-9;:]{0,60})?$");
const kept = 16;

export class ColourState {
  private codes: string[];
  private partial = "";

  constructor(state = "") {
    this.codes = state === "" ? [] : state.split("|");
  }

  /** True where bytes may change the state: those without an escape character need not be fed. */
  touchedBy(bytes: Uint8Array): boolean {
    return this.partial !== "" || bytes.includes(0x1b);
  }

  /** Takes the bytes that follow; a sequence may be split between two calls. */
  feed(bytes: Buffer): void {
    const text = this.partial + bytes.toString("latin1");
    this.partial = unfinished.exec(text)?.[0] ?? "";
    for (const [, parameters = ""] of text.matchAll(colour)) {
      const code = normalisedColour(parameters);
      if (code === "0" || code.startsWith("0;")) this.codes = code === "0" ? [] : [code.slice(2)];
      else if (code !== "" && this.codes.at(-1) !== code) this.codes.push(code);
      if (this.codes.length > kept) this.codes.shift();
    }
  }

  /** Plain data for `new ColourState(…)`. */
  get state(): string {
    return this.codes.join("|");
  }

  /** The sequence that brings a terminal into this state. */
  get prefix(): string {
    return this.codes.length === 0 ? "" : `\u001b[${this.codes.join(";")}m`;
  }
}
