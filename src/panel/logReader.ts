/** Reads a growing log spool by lines: indexes it as it grows, and gives any page of lines. Holds no text. */
import { ColourState } from "./colourState.js";
import { LazyFile } from "./lazyFile.js";
import { LineIndex, stride } from "./lineIndex.js";
import { lineText, type RawLine } from "./lineText.js";
import type { LogRow } from "./messages.js";
import { StreamIndex } from "./streamIndex.js";

/** Bytes indexed at once: well below a millisecond of work for a log without colours. */
const chunkSize = 1 << 18;
/** Lines of a page at most. */
export const pageLimit = 512;

export class LogReader {
  /** Counts how often the log began anew (it was truncated by someone else). */
  generation = 0;
  private index = new LineIndex();
  private readonly streams: StreamIndex | null;
  private readonly file: LazyFile;
  private readonly chunk = Buffer.allocUnsafe(chunkSize);
  private queue: Promise<unknown> = Promise.resolve();

  /** `streamIndexPath`: the log's `out.idx`, or null for a log of one stream. Files that don't exist yet are empty. */
  constructor(
    path: string,
    streamIndexPath: string | null,
  ) {
    this.file = new LazyFile(path);
    this.streams = streamIndexPath === null ? null : new StreamIndex(streamIndexPath);
  }

  get lineCount(): number {
    return this.index.lineCount;
  }
  /** Lines that can't change any more. */
  get wholeLines(): number {
    return this.index.wholeLines;
  }
  get bytes(): number {
    return this.index.bytes;
  }

  /** Indexes the next chunk. Answers whether there is more to index at once. */
  advance(): Promise<boolean> {
    const step = this.queue.then(() => this.step());
    this.queue = step.catch(() => undefined);
    return step;
  }

  /** Lines `first` to `first + count`, fewer at the log's end. */
  async rows(first: number, count: number): Promise<LogRow[]> {
    const last = Math.min(first + Math.min(count, pageLimit), this.lineCount);
    if (first < 0 || first >= last) return [];
    const rows: LogRow[] = [];
    const offsets: number[] = [];
    let end = 0;
    const colours = new ColourState(this.index.before(first).colours);
    for await (const lines of this.batches(this.index.before(first).line)) {
      for (const raw of lines) {
        const coloured = colours.touchedBy(raw.head);
        if (raw.line >= first && raw.line < last) {
          const { text, cut } = lineText(raw);
          rows.push({ text: colours.prefix + text, error: false, at: 0, cut });
          offsets.push(raw.offset);
          end = raw.offset + Math.max(raw.length, 1);
        }
        if (coloured) colours.feed(raw.head);
      }
      if (rows.length >= last - first) break;
    }
    await this.markStreams(rows, offsets, end);
    return rows;
  }

  /** Lines from one on, in batches of about 64 KiB, until the end of what is indexed now. */
  async *batches(first: number): AsyncGenerator<RawLine[]> {
    const { index } = this;
    const limit = index.bytes;
    const start = index.before(first);
    let { line, offset } = start;
    let rest: Buffer = Buffer.alloc(0);
    while (offset < limit) {
      const block = await this.read(offset + rest.length, Math.min(stride, limit - offset - rest.length));
      const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
      const lines: RawLine[] = [];
      let from = 0;
      for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
        if (line >= first) lines.push(rawLine(line, offset + from, bytes.subarray(from, at), true));
        line++;
        from = at + 1;
      }
      offset += from;
      rest = bytes.subarray(from);
      const ended = block.length === 0 || offset + rest.length >= limit;
      if (ended || rest.length > stride) {
        const end = ended ? offset + rest.length : Math.min(index.endOfLongLine(line), limit);
        const raw = rawLine(line, offset, rest, end < limit);
        if (end > offset + rest.length) await this.extend(raw, end);
        if (line >= first && end > offset) lines.push(raw);
        line++;
        offset = ended ? limit : end + 1;
        rest = Buffer.alloc(0);
      }
      if (lines.length > 0) yield lines;
    }
  }

  /** Ends the reading; what still reads finds the log ended. */
  async close(): Promise<void> {
    await this.file.close();
    await this.queue;
    await this.streams?.close();
  }

  private async step(): Promise<boolean> {
    const file = await this.file.handle();
    if (file === null) return false;
    const { size } = await file.stat();
    if (size < this.index.bytes) {
      this.index = new LineIndex();
      this.generation++;
    }
    if (size === this.index.bytes) return false;
    const { bytesRead } = await file.read(this.chunk, 0, chunkSize, this.index.bytes);
    this.index.append(this.chunk.subarray(0, bytesRead));
    return bytesRead > 0 && this.index.bytes < size;
  }

  private async read(offset: number, length: number): Promise<Buffer> {
    const file = await this.file.handle();
    if (file === null || length <= 0) return Buffer.alloc(0);
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  }

  /** Completes a line that is longer than the stride: its last bytes, without reading those between. */
  private async extend(raw: RawLine, end: number): Promise<void> {
    raw.length = end - raw.offset;
    raw.tail = await this.read(Math.max(end - stride, raw.offset), Math.min(stride, raw.length));
  }

  private async markStreams(rows: LogRow[], offsets: number[], end: number): Promise<void> {
    const start = offsets[0];
    if (this.streams === null || start === undefined) return;
    const pieces = await this.streams.pieces(start, end);
    let at = 0;
    rows.forEach((row, place) => {
      const offset = offsets[place] ?? 0;
      for (let piece = pieces[at]; piece !== undefined && piece.offset + piece.length <= offset; piece = pieces[++at]);
      const piece = pieces[at];
      if (piece === undefined || piece.offset > offset) return;
      row.error = piece.stream === "stderr";
      row.at = piece.at;
    });
  }
}

function rawLine(line: number, offset: number, bytes: Buffer, whole: boolean): RawLine {
  return { line, offset, length: bytes.length, head: bytes, tail: null, whole };
}
