import assert from "node:assert/strict";
import type { LogRow } from "../../../src/panel/messages.js";
import { capacity, RowCache } from "../../../src/panel/rowCache.js";
import { ScrollScale, tallest } from "../../../src/panel/scrollScale.js";

const row = (text: string): LogRow => ({ text, error: false, at: 0, cut: 0 });

describe("the scroll scale", () => {
  function scale(count: number): ScrollScale {
    const made = new ScrollScale();
    Object.assign(made, { count, rowHeight: 19, viewport: 400 });
    return made;
  }

  it("is one to one for a list that fits", () => {
    const small = scale(1000);
    assert.deepEqual([small.height, small.isScaled, small.topOf(123), small.scrollOf(123)], [19_000, false, 123, 123]);
    assert.deepEqual(small.visible(0), { first: 0, end: 22 });
    assert.deepEqual(small.visible(small.lastTop), { first: 978, end: 1000 });
  });

  it("reaches every line of a list of any length", () => {
    for (const count of [1_000_000, 50_000_000, 4_000_000_000]) {
      const long = scale(count);
      assert.equal(long.height, tallest);
      assert.equal(long.topOf(0), 0);
      assert.equal(long.topOf(tallest - 400), long.lastTop);
      assert.equal(long.visible(long.lastTop).end, count);
      for (const top of [0, 19 * 12_345, long.lastTop / 3, long.lastTop]) assert.ok(Math.abs(long.topOf(long.scrollOf(top)) - top) < 19, String(top));
    }
  });

  it("shows an empty and a short list from the top", () => {
    assert.deepEqual([scale(0).lastTop, scale(0).visible(0)], [0, { first: 0, end: 0 }]);
    assert.deepEqual([scale(3).lastTop, scale(3).visible(0)], [0, { first: 0, end: 3 }]);
  });
});

describe("the row cache", () => {
  it("asks for what it lacks, once", () => {
    const cache = new RowCache();
    cache.put(10, [row("a"), row("b"), row("c")]);
    assert.deepEqual(cache.missing(8, 15), { first: 8, count: 7 });
    assert.deepEqual(cache.missing(10, 15), { first: 13, count: 2 });
    assert.equal(cache.missing(10, 13), null);
  });

  it("shows an outdated row until the new one is here, and tells of real changes only", () => {
    const cache = new RowCache();
    cache.put(0, [row("50%")]);
    const before = cache.revision(0);
    cache.outdate(0);
    assert.equal(cache.get(0)?.text, "50%");
    assert.deepEqual(cache.missing(0, 1), { first: 0, count: 1 });
    cache.put(0, [row("50%")]);
    assert.equal(cache.revision(0), before);
    assert.equal(cache.missing(0, 1), null);
    cache.put(0, [row("60%")]);
    assert.notEqual(cache.revision(0), before);
  });

  it("stays bounded, and keeps what is near the last rows", () => {
    const cache = new RowCache();
    for (let at = 0; at < 10 * capacity; at += 100) cache.put(at, Array.from({ length: 100 }, (_, more) => row(String(at + more))));
    const last = 10 * capacity - 60;
    assert.equal(cache.get(last)?.text, String(last));
    assert.equal(cache.get(0), undefined);
    let held = 0;
    for (let at = 0; at < 10 * capacity + 100; at++) if (cache.get(at) !== undefined) held++;
    assert.ok(held <= capacity);
  });
});
