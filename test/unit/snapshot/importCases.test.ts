import assert from "node:assert/strict";
import { caseNames, prepareCase, takeCase } from "./importCases.js";

const code = /\.(py|ipy|pyc|so|pyd|zip)$/;

describe("import cases recorded from CPython", () => {
  for (const name of caseNames()) {
    it(name, () => {
      const { facts, folder, suffix, remove } = prepareCase(name);
      try {
        const manifest = takeCase(facts, folder);
        const files = manifest.files.map((file) => file.path).filter((path) => code.test(path));
        assert.deepEqual(files.sort(), facts.staticFiles.map((path) => path.replace("@EXT@", suffix)).sort());
        const notes = manifest.notes.flatMap((note) => [note.kind, `${note.kind}:${note.subject}`]);
        for (const report of facts.mustReport) assert.ok(notes.includes(report), `${report} is not among ${notes.join(", ")}`);
        assert.deepEqual(manifest.external, facts.expectedExternal.filter((module) => facts.externalKinds[module] === "installed").sort());
        const data = manifest.files.map((file) => file.path);
        for (const path of facts.dataFiles) assert.ok(data.includes(path), `${path} is a data file that is read`);
      } finally {
        remove();
      }
    });
  }

  it("covers every recorded case", () => {
    assert.equal(caseNames().length, 63);
  });
});
