/**
 * The index of a log spool. `out.log` holds the bytes of standard output and standard error in order of arrival;
 * `out.idx` holds one record of 24 bytes, little endian, for each piece that was read from one stream:
 *
 *     u64 offset of the piece in out.log · u64 time of arrival (microseconds since the epoch) · u32 length · u32 stream
 *
 * Streams: 1 standard output, 2 standard error, 3 both (merged by the engine). The record's number is its sequence.
 * The bytes are written before their record, so a record never points beyond the log.
 */
import type { LogStream } from "../backends/backend.js";

export const recordSize = 24;

export interface LogPiece {
  seq: number;
  offset: number;
  length: number;
  /** Milliseconds since the epoch. */
  at: number;
  stream: Exclude<LogStream, "engine">;
}

const streams = ["stdout", "stdout", "stderr", "merged"] as const;

/** Decodes whole records; a trailing partial record (still being written) is ignored. */
export function decodePieces(bytes: Buffer, firstSeq: number): LogPiece[] {
  const pieces: LogPiece[] = [];
  for (let at = 0, seq = firstSeq; at + recordSize <= bytes.length; at += recordSize, seq++) {
    pieces.push({
      seq,
      offset: Number(bytes.readBigUInt64LE(at)),
      at: Number(bytes.readBigUInt64LE(at + 8)) / 1000,
      length: bytes.readUInt32LE(at + 16),
      stream: streams[bytes.readUInt32LE(at + 20)] ?? "merged",
    });
  }
  return pieces;
}

export function encodePiece(piece: Omit<LogPiece, "seq">): Buffer {
  const record = Buffer.alloc(recordSize);
  record.writeBigUInt64LE(BigInt(piece.offset), 0);
  record.writeBigUInt64LE(BigInt(Math.round(piece.at * 1000)), 8);
  record.writeUInt32LE(piece.length, 16);
  record.writeUInt32LE(piece.stream === "stdout" ? 1 : piece.stream === "stderr" ? 2 : 3, 20);
  return record;
}
