/** Prints a job as it goes: raw bytes by stream, or JSON lines. */
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ChangeSignal } from "../base/changeSignal.js";
import { wholeCharacters } from "../base/wholeCharacters.js";
import { isFinal, type JobStatus } from "../jobs/job.js";
import type { JobStore } from "../jobs/jobStore.js";
import { SpoolReader, type LogChunk } from "../jobs/spoolReader.js";
import { writeAll } from "./output.js";

export class JobPrinter {
  private seq = 0;
  private readonly unfinished = new Map<string, Buffer>();
  private lastState = "";
  private lastProgress = "";
  private messages = 0;
  private tail = "";

  constructor(
    private readonly jobs: JobStore,
    private readonly id: string,
    private readonly json: boolean,
  ) {}

  /** Prints until the job has ended and its log is whole, or the signal aborts, or nobody reads. Returns the last status. */
  async follow(signal: AbortSignal): Promise<JobStatus | undefined> {
    const paths = this.jobs.paths(this.id);
    const change = new ChangeSignal(paths.folder);
    let attempt = this.jobs.get(this.id)?.status.attempt ?? 1;
    let spool = new SpoolReader(paths, attempt);
    try {
      for (;;) {
        // The status is read before the log: what a job had printed by its end is in the log by then.
        const status = this.jobs.get(this.id)?.status;
        if (status === undefined) return undefined;
        this.status(status);
        let chunks = spool.read();
        for (; chunks.length > 0; chunks = spool.read()) if (!this.print(chunks)) return status;
        if (status.attempt !== attempt) {
          attempt = status.attempt;
          spool.close();
          spool = new SpoolReader(paths, attempt);
          continue;
        }
        if (isFinal(status.state)) {
          this.flush();
          this.results();
          return status;
        }
        if (signal.aborted) return status;
        await change.wait(100, signal);
      }
    } finally {
      spool.close();
      change.close();
    }
  }

  /** One JSON line; nothing without `--json`. */
  emit(type: string, fields: Record<string, unknown>): void {
    if (this.json) writeAll(1, Buffer.from(JSON.stringify({ type, seq: this.seq++, job: this.id, ...fields }) + "\n"));
  }

  /** Whether the program's own last words hold `text` already: then it need not be said again. */
  endsWith(text: string | undefined): boolean {
    return text !== undefined && this.tail.includes(text);
  }

  private print(chunks: LogChunk[]): boolean {
    this.tail = Buffer.concat([Buffer.from(this.tail), ...chunks.slice(-8).map((chunk) => chunk.bytes)]).subarray(-4096).toString("utf8");
    if (this.json) {
      for (const { piece, bytes } of chunks) this.log(piece.stream, bytes);
      return true;
    }
    // Neighbours of one stream are written at once.
    for (let at = 0; at < chunks.length; ) {
      const error = chunks[at]?.piece.stream === "stderr";
      const start = at;
      while (at < chunks.length && (chunks[at]?.piece.stream === "stderr") === error) at += 1;
      if (!writeAll(error ? 2 : 1, Buffer.concat(chunks.slice(start, at).map((chunk) => chunk.bytes)))) return false;
    }
    return true;
  }

  private log(stream: string, fresh: Buffer): void {
    const bytes = Buffer.concat([this.unfinished.get(stream) ?? Buffer.alloc(0), fresh]);
    const end = wholeCharacters(bytes);
    const [whole, rest] = [bytes.subarray(0, end), bytes.subarray(end)];
    this.unfinished.set(stream, rest);
    if (whole.length > 0) this.emit("log", isUtf8(whole) ? { stream, text: whole.toString("utf8") } : { stream, base64: whole.toString("base64") });
  }

  private flush(): void {
    for (const [stream, rest] of this.unfinished) if (rest.length > 0) this.emit("log", { stream, base64: rest.toString("base64") });
    this.unfinished.clear();
  }

  private status(status: JobStatus): void {
    for (const message of status.messages.slice(this.messages)) this.emit("message", { severity: message.severity, text: message.text });
    this.messages = status.messages.length;
    if (status.progress !== null && JSON.stringify(status.progress) !== this.lastProgress) {
      this.lastProgress = JSON.stringify(status.progress);
      this.emit("progress", { progress: status.progress });
    }
    if (status.state !== this.lastState && !isFinal(status.state)) {
      this.lastState = status.state;
      this.emit("state", { state: status.state });
    }
  }

  private results(): void {
    const folder = this.jobs.paths(this.id).results;
    try {
      const results = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { file: string }[];
      for (const result of results) this.emit("result", { ...result, path: join(folder, result.file) });
    } catch {
      // No results.
    }
    const status = this.jobs.get(this.id)?.status;
    if (status !== undefined) this.emit("state", { state: status.state, exit: status.exit });
  }
}
