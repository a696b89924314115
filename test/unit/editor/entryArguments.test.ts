import assert from "node:assert/strict";
import { argumentsLabel, askedParameters, missingArguments, stillKnown } from "../../../src/editor/entryArguments.js";
import { LaunchMemory, type Entry, type Memory } from "../../../src/editor/launchMemory.js";
import { findLaunchables, type LaunchableFunction } from "../../../src/language/jobFunctions.js";

function signature(text: string): LaunchableFunction {
  const [found] = findLaunchables(text, { decorators: [], functions: [] }).functions;
  assert.ok(found);
  return found;
}

function memory(): Memory {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: (key, value) => {
      values.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}

const load = signature("def load(spark, day: str, n: int = 3, *rest, full=False, **more): pass\n");

describe("arguments of an entry", () => {
  it("are asked for all parameters but the session and the collecting ones", () => {
    assert.deepEqual(askedParameters(load).map((one) => one.name), ["day", "n", "full"]);
  });

  it("are missing where a parameter has neither default nor value", () => {
    assert.deepEqual(missingArguments(load, { argv: [], arguments: {} }), ["day"]);
    assert.deepEqual(missingArguments(load, { argv: [], arguments: { day: { text: "" } } }), []);
  });

  it("are dropped when the signature no longer has them, unless it takes any", () => {
    const given = { argv: [], arguments: { day: { text: "mon" }, gone: { text: "1" } } };
    assert.deepEqual(Object.keys(stillKnown(signature("def f(day): pass\n"), given).arguments), ["day"]);
    assert.deepEqual(Object.keys(stillKnown(load, given).arguments), ["day", "gone"]);
  });

  it("show on a label, cut where long", () => {
    assert.equal(argumentsLabel({ argv: [], arguments: {} }), "");
    assert.equal(argumentsLabel({ argv: [], arguments: { day: { text: "mon" }, n: { json: 4 } } }), "day=mon n=4");
    assert.equal(argumentsLabel({ argv: ["--in", "a b"], arguments: {} }), "--in 'a b'");
    const long = argumentsLabel({ argv: ["x".repeat(80)], arguments: {} });
    assert.equal(long.length, 40);
    assert.ok(long.endsWith("…"));
  });

  it("are remembered per entry, the oldest forgotten first", async () => {
    const remembered = new LaunchMemory(memory());
    const entry = (n: number): Entry => ({ uri: `file:///${String(n)}.py`, function: null });
    for (let n = 0; n < 250; n++) await remembered.rememberArguments(entry(n), { argv: [String(n)], arguments: {} });
    assert.deepEqual(remembered.arguments(entry(249)).argv, ["249"]);
    assert.deepEqual(remembered.arguments(entry(50)).argv, ["50"]);
    assert.deepEqual(remembered.arguments(entry(49)).argv, []);
    assert.deepEqual(remembered.arguments({ uri: "file:///249.py", function: "f" }).argv, []);
  });
});
