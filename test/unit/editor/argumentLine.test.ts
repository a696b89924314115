import assert from "node:assert/strict";
import { joinArguments, splitArguments } from "../../../src/editor/argumentLine.js";
import { SlingshotError } from "../../../src/base/errors.js";

describe("argument line", () => {
  it("splits as a POSIX shell does, expanding nothing", () => {
    assert.deepEqual(splitArguments(`  --name 'a b'  "c \\"d\\" $HOME" e\\ f '' g"h"'i' `), ["--name", "a b", 'c "d" $HOME', "e f", "", "ghi"]);
    assert.deepEqual(splitArguments(""), []);
    assert.deepEqual(splitArguments("C:\\\\x '\\'"), ["C:\\x", "\\"]);
  });

  it("refuses an open quote", () => {
    assert.throws(() => splitArguments("a 'b"), SlingshotError);
    assert.throws(() => splitArguments('"'), SlingshotError);
  });

  it("joins to a line that splits to the same words", () => {
    const alphabet = ["a", " ", "'", '"', "\\", "$", "\n", "-", "é", "😀", "*", "\t", ";"];
    let seed = 1;
    const next = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 2000; round++) {
      const words = Array.from({ length: next(4) }, () => Array.from({ length: next(6) }, () => alphabet[next(alphabet.length)]).join(""));
      assert.deepEqual(splitArguments(joinArguments(words)), words);
    }
  });
});
