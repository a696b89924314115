import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasControls } from "../../../src/panel/hasControls.js";

describe("a log as text", () => {
  it("is the spool itself where it is plain", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slingshot-plain-"));
    const path = join(folder, "out.log");
    const chunk = 1 << 18;
    const cases: [string, boolean][] = [
      ["", false],
      ["plain\nlines\n", false],
      ["windows\r\nlines\r\n", false],
      ["10%\r20%\n", true],
      ["\u001b[31mred\n", true],
      [`${"x".repeat(chunk - 1)}\r\ny`, false],
      [`${"x".repeat(chunk - 1)}\ry`, true],
      [`${"x".repeat(2 * chunk)}\u001b`, true],
    ];
    for (const [text, expected] of cases) {
      writeFileSync(path, text);
      assert.equal(await hasControls(path, Math.max(1, text.length)), expected, JSON.stringify(text.slice(-20)));
    }
    rmSync(folder, { recursive: true, force: true });
  });
});
