/** The content of one result, read and bounded for the webview. */
import { join } from "node:path";
import type { JobPaths } from "../jobs/jobPaths.js";
import { fileBelow, readResults, readStart } from "./jobFolder.js";
import type { HostMessage } from "./messages.js";
import { tableOf } from "./tableModel.js";

type ResultMessage = Extract<HostMessage, { type: "resultText" | "resultTable" | "resultImage" | "resultProblem" }>;

/** Bytes that are read of a text, and of an image or table. */
const textLimit = 1_000_000;
const wholeLimit = 32 << 20;

/** `name` as listed by `readResults`. */
export async function resultMessage(paths: JobPaths, name: string): Promise<ResultMessage> {
  const item = (await readResults(paths)).find((known) => known.name === name);
  const path = item === undefined ? null : await fileBelow(paths.results, name);
  if (item === undefined || path === null) return { type: "resultProblem", name, problem: "This result is no longer there." };
  if (item.kind === "text" || item.kind === "json") {
    const bytes = await readStart(join(path), textLimit);
    return { type: "resultText", name, text: bytes.toString("utf8"), cut: item.size > bytes.length };
  }
  if (item.size > wholeLimit) return { type: "resultProblem", name, problem: "This result is too large to be shown here. Open it in the editor." };
  const bytes = await readStart(path, wholeLimit);
  if (item.kind === "image") return { type: "resultImage", name, mime: item.mime, bytes: new Uint8Array(bytes).buffer };
  const table = tableOf(parsed(bytes.toString("utf8")));
  if (table === null) return { type: "resultProblem", name, problem: "This table can't be read. Open it in the editor." };
  return { type: "resultTable", name, table };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
