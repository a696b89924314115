/** The text of a selection in the log, as shown: without colours, with collapsed progress bars. */
import { lineText } from "./lineText.js";
import type { LogReader } from "./logReader.js";
import type { Place } from "./messages.js";
import { plainText } from "./terminalText.js";

/** Characters that are copied at most; for more there is the log as text. */
const limit = 32_000_000;

/** `cut`: there was more than is copied. */
export async function copiedText(reader: LogReader, from: Place, to: Place): Promise<{ text: string; cut: boolean }> {
  const copied: string[] = [];
  let size = 0;
  for await (const lines of reader.batches(from.line)) {
    for (const raw of lines) {
      if (raw.line > to.line || size > limit) return { text: copied.join("\n"), cut: raw.line <= to.line };
      const shown = plainText(lineText(raw).text);
      const start = raw.line === from.line ? from.column : 0;
      const end = raw.line === to.line ? to.column : shown.length;
      copied.push(shown.slice(start, end));
      size += end - start + 1;
    }
  }
  return { text: copied.join("\n"), cut: false };
}
