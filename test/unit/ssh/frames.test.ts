import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { encodeFrame, FrameReader } from "../../../src/backends/shared/ssh/frames.js";

describe("frames of the agent", () => {
  const contents = [Buffer.alloc(0), Buffer.from("é😀"), Buffer.alloc(5000, "y"), randomBytes(3000)];

  it("come out as they went in, wherever the bytes are split", async () => {
    const frames = await Promise.all(contents.map((body, n) => encodeFrame({ n, text: 'é "\\\n' }, body)));
    const whole = Buffer.concat(frames);
    assert.ok(whole.length < 4000, "what can be compressed is");
    for (let size = 1; size <= whole.length; size = size < 40 ? size + 1 : size * 3) {
      const reader = new FrameReader();
      const out = [];
      for (let at = 0; at < whole.length; at += size) out.push(...reader.add(whole.subarray(at, at + size)));
      assert.deepEqual(out.map((frame) => frame.header["n"]), [0, 1, 2, 3], `pieces of ${String(size)}`);
      out.forEach((frame, n) => { assert.ok(frame.body.equals(contents[n] ?? Buffer.from("none"))); });
    }
  });

  it("are refused where they are none, or too large", () => {
    assert.throws(() => [...new FrameReader().add(Buffer.from("Welcome to the host"))], /no frame/);
    const huge = Buffer.alloc(12);
    huge.write("SLF1");
    huge.writeUInt32BE(0xffffffff, 8);
    assert.throws(() => [...new FrameReader().add(huge)], /too large/);
  });
});
