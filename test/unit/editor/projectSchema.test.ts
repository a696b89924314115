import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { backendVocabularies } from "../../../src/backends/registry.js";
import { projectTemplate } from "../../../src/editor/projectTemplate.js";
import { readProject } from "../../../src/project/projectFile.js";
import { projectSchema } from "../../../src/project/projectSchema.js";

const file = "media/slingshot.schema.json";
const vocabularies = backendVocabularies();

describe("schema of the project file", () => {
  it("is the one that the vocabulary gives (write it with UPDATE_SCHEMA=1)", () => {
    const text = JSON.stringify(projectSchema(vocabularies), null, 2) + "\n";
    if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(file, text);
    assert.equal(readFileSync(file, "utf8"), text);
  });

  it("knows every key of every backend", () => {
    const shipped = readFileSync(file, "utf8");
    for (const [backend, own] of Object.entries(vocabularies)) {
      assert.ok(shipped.includes(`"const": "${backend}"`));
      for (const key of Object.keys(own)) assert.ok(shipped.includes(`"${key}": {`), `${backend}.${key}`);
    }
  });

  it("accepts the template, and so does the reader", () => {
    const project = readProject("/nowhere", vocabularies, {}, projectTemplate);
    assert.equal(project.defaultTarget, "local");
    assert.deepEqual(project.jobs, { decorators: [], functions: [] });
  });
});
