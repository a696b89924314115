/**
 * The agent's frames (src/runner/agent_wire.py): `SLF1`, the lengths of header and body as big-endian u32, the header
 * as JSON, the body. `"z": 1` in the header says that the body is compressed by zlib.
 */
import { promisify } from "node:util";
import { deflate, inflateSync } from "node:zlib";

export interface Frame {
  header: Record<string, unknown>;
  body: Buffer;
}

const magic = "SLF1";
const headSize = 12;
const largest = 1 << 26;
const deflated = promisify(deflate);

/** One frame; the body is compressed where that makes it smaller. */
export async function encodeFrame(header: Record<string, unknown>, body?: Uint8Array): Promise<Buffer> {
  let content = body ?? Buffer.alloc(0);
  let extra = {};
  if (content.length >= 1024) {
    const smaller = await deflated(content, { level: 1 });
    if (smaller.length < content.length * 0.9) [content, extra] = [smaller, { z: 1 }];
  }
  const words = Buffer.from(JSON.stringify({ ...header, ...extra }));
  const head = Buffer.alloc(headSize);
  head.write(magic, "latin1");
  head.writeUInt32BE(words.length, 4);
  head.writeUInt32BE(content.length, 8);
  return Buffer.concat([head, words, content]);
}

/** Takes bytes as they come and gives whole frames. Throws for what is no frame. */
export class FrameReader {
  private held: Buffer[] = [];
  private size = 0;
  private needed = headSize;

  *add(chunk: Buffer): Generator<Frame> {
    this.held.push(chunk);
    this.size += chunk.length;
    while (this.size >= this.needed) {
      const all = this.held.length === 1 && this.held[0] !== undefined ? this.held[0] : Buffer.concat(this.held);
      this.held = [all];
      if (all.toString("latin1", 0, 4) !== magic) throw new Error("what came from the host is no frame");
      const [words, content] = [all.readUInt32BE(4), all.readUInt32BE(8)];
      if (words > largest || content > largest) throw new Error("a frame from the host is too large");
      this.needed = headSize + words + content;
      if (this.size < this.needed) return;
      const header = JSON.parse(all.toString("utf8", headSize, headSize + words)) as Record<string, unknown>;
      const body = all.subarray(headSize + words, this.needed);
      const rest = all.subarray(this.needed);
      this.held = [rest];
      this.size = rest.length;
      this.needed = headSize;
      yield { header, body: header["z"] === 1 ? inflateSync(body, { maxOutputLength: largest }) : body };
    }
  }
}
