import assert from "node:assert/strict";
import { within } from "../snapshot/workspaces.js";
import { manyFiles } from "./size.test.js";

describe("FAULTS 47: 100,000 files", function () {
  this.timeout(600_000);

  it("47: are all taken where a glob means them, and none of them is looked at where none does", () => {
    within({ "main.py": "" }, (workspace) => {
      manyFiles(workspace, "data", 100_000, "x");
      assert.equal(workspace.take("main.py", { include: ["data/**"] }).files.length, 100_001);
      assert.equal(workspace.take("main.py").files.length, 1);
    });
  });
});
