import assert from "node:assert/strict";
import { parse } from "jsonc-parser";
import { SlingshotError } from "../../../src/base/errors.js";
import { applyReplacements, editProject, type ProjectChange } from "../../../src/project/projectEdits.js";

const edited = (text: string, change: ProjectChange): string => applyReplacements(text, editProject(text, change));
const root = (value: string): ProjectChange => ({ add: "roots", value });
const include = (value: string): ProjectChange => ({ add: "include", value });

describe("edits of the project file", () => {
  it("makes the file where there is none", () => {
    assert.equal(edited("", root("src")), '{\n  "bundle": {\n    "roots": [\n      "src"\n    ]\n  }\n}');
    assert.deepEqual(parse(edited("  \n", include("a b.csv"))), { bundle: { include: ["a b.csv"] } });
  });

  it("keeps a file of comments alone", () => {
    const text = edited("// ours\n/* soon */\n", root("src"));
    assert.match(text, /\/\/ ours/);
    assert.match(text, /\/\* soon \*\//);
    assert.deepEqual(parse(text), { bundle: { roots: ["src"] } });
  });

  it("adds at the end of a list and leaves every comment where it was", () => {
    const before = '{\n  "bundle": {\n    // looked up first\n    "roots": ["lib"],\n    "include": [\n      "a", // why a\n      "b" // why b\n    ],\n  }, // the bundle\n}\n';
    const after = edited(before, include("c"));
    assert.equal(after, '{\n  "bundle": {\n    // looked up first\n    "roots": ["lib"],\n    "include": [\n      "a", // why a\n      "b", // why b\n      "c"\n    ],\n  }, // the bundle\n}\n');
    assert.deepEqual(parse(edited(after, root("src"))), { bundle: { roots: ["lib", "src"], include: ["a", "b", "c"] } });
  });

  it("adds a list and what holds it below what is there, and touches nothing else", () => {
    const before = '// ours\n{\n  "bundle": {\n    "roots": ["tools/shared"], // helpers\n  } // the bundle\n}\n';
    assert.equal(edited(before, include("a")), '// ours\n{\n  "bundle": {\n    "roots": ["tools/shared"], // helpers\n    "include": ["a"],\n  } // the bundle\n}\n');
    assert.equal(edited('{\n    "jobs": { "functions": ["x"] } // jobs\n}', root("src")), '{\n    "jobs": { "functions": ["x"] }, // jobs\n    "bundle": {\n        "roots": ["src"]\n    }\n}');
    assert.equal(edited('{\r\n\t"targets": {\r\n\t\t"a": { "backend": "spark" }\r\n\t}\r\n}', { set: ["targets", "b", "env"], value: { X: "1" } }), '{\r\n\t"targets": {\r\n\t\t"a": { "backend": "spark" },\r\n\t\t"b": {\r\n\t\t\t"env": {\r\n\t\t\t\t"X": "1"\r\n\t\t\t}\r\n\t\t}\r\n\t}\r\n}');
  });

  it("keeps comma style, line ends and indentation", () => {
    assert.equal(edited('{\r\n\t"bundle": {\r\n\t\t"include": [\r\n\t\t\t"a",\r\n\t\t]\r\n\t}\r\n}', include("b")), '{\r\n\t"bundle": {\r\n\t\t"include": [\r\n\t\t\t"a",\r\n\t\t\t"b",\r\n\t\t]\r\n\t}\r\n}');
    assert.match(edited('{\n    "jobs": {}\n}', root("src")), /\n {4}"bundle": \{\n {8}"roots"/);
  });

  const lists = ["[]", "[ ]", '["a"]', '["a",]', '[\n"a"]', '[\n"a" ,\n]', '[\n"a"\n,\n]', '[\n"a", "b"\n]', '[\n"a", /* x\n*/ "b" ]', '[\n"a" /* x\n*/ ]', '[\n"a", // x\n"b" /* y */, // z\n]', "[ /* none */ ]", "[\n// none\n]", '[\n"a" // x, ]\n]', '[\n"a", /* one */ /* two\nlines */\n]'];
  for (const list of lists) {
    it(`stays valid with the list ${JSON.stringify(list)}`, () => {
      const before = `{ "bundle": { "include": ${list} }, /* end */ }`;
      const was = (parse(before) as { bundle: { include: string[] } }).bundle.include;
      const after = edited(before, include("new"));
      assert.deepEqual(parse(after), { bundle: { include: [...was, "new"] } });
      for (const comment of before.match(/\/\*[^]*?\*\/|\/\/[^\n]*/g) ?? []) assert.ok(after.includes(comment), `${comment} is lost in ${after}`);
      assert.deepEqual(editProject(after, include("new")), []);
    });
  }

  it("does nothing where the change holds already", () => {
    assert.deepEqual(editProject('{ "bundle": { "roots": ["src"] } }', root("src")), []);
    assert.deepEqual(editProject('{ "targets": { "a": { "requirements": ["x"] } } }', { set: ["targets", "a", "requirements"], value: ["x"] }), []);
  });

  it("sets a value of a target and keeps the rest", () => {
    const after = edited('{\n  "targets": {\n    "gpu": { "backend": "spark", /* big */ "cpus": 2 }\n  }\n}', { set: ["targets", "gpu", "requirements"], value: ["numpy"] });
    assert.match(after, /\/\* big \*\//);
    assert.deepEqual(parse(after), { targets: { gpu: { backend: "spark", cpus: 2, requirements: ["numpy"] } } });
  });

  for (const [text, change] of [
    ['{ "bundle": ', root("src")],
    ["[1]", root("src")],
    ['{ "bundle": [] }', root("src")],
    ['{ "bundle": { "roots": "src" } }', root("lib")],
    ['{ "bundle": { "roots": ["src" "lib"] } }', root("x")],
    ['{ "targets": { "a": 1 } }', { set: ["targets", "a", "cpus"], value: 1 }],
  ] as const) {
    it(`refuses to edit ${text}`, () => {
      assert.throws(() => editProject(text, change), (error) => error instanceof SlingshotError && error.code === "project-file" && error.remedy !== "");
    });
  }

  it("takes any name as it is", () => {
    for (const name of ['quote".csv', "back\\slash", "emoji 🚀", "$1 $& $$", "__proto__", "new\u2028line"]) {
      assert.deepEqual((parse(edited('{\n "bundle": {\n  "include": [\n   "a"\n  ]\n }\n}', include(name))) as { bundle: { include: string[] } }).bundle.include, ["a", name]);
    }
  });
});
