/** The failure card from `results/error.json` (src/runner/failure.py): the exception, where it came from, what to do. */
import type { Failure } from "./messages.js";
import { list, nullable, object, text, whole } from "./schema.js";

const frame = object({ file: text(8192), line: nullable(whole(0, 1e9)), name: text(4096), text: (value): value is string | null | undefined => value === null || value === undefined || typeof value === "string" });
const exception = object({ type: text(1000), message: text(200_000), frames: list(frame, 1000) });
const notes = object({ notes: list(text(100_000), 20) });
const syntax = object({ syntax: object({ file: text(8192), line: nullable(whole(0, 1e9)), text: nullable(text(100_000)) }) });

/** Frames that the card shows: the outermost and the innermost ones. */
const shownFrames = 24;

/** Null where `data` is no exception. Frames of the tree have manifest paths; others are absolute. Without a remedy yet. */
export function failureOf(data: unknown): Failure | null {
  if (!exception(data)) return null;
  const found = data.frames.map(({ file, line, name, text: code }) => ({
    file,
    line: line ?? 0,
    function: name.slice(0, 200),
    code: (code ?? "").slice(0, 500),
    linked: !file.startsWith("/") && !file.startsWith("<") && !/^[A-Za-z]:/.test(file),
  }));
  if (syntax(data)) {
    const { file, line, text: code } = data.syntax;
    found.push({ file, line: line ?? 0, function: "", code: (code ?? "").trim().slice(0, 500), linked: !file.startsWith("/") && !file.startsWith("<") });
  }
  const extra = notes(data) ? data.notes : [];
  return {
    title: data.type,
    message: [data.message, ...extra].join("\n").slice(0, 8000),
    frames: found.length <= shownFrames ? found : [...found.slice(0, 4), ...found.slice(4 - shownFrames)],
    remedy: null,
  };
}
