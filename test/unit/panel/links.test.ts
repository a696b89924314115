import assert from "node:assert/strict";
import { frameFile, treeMarkers } from "../../../src/panel/frameFile.js";
import { fileLinks } from "../../../src/panel/tracebackLinks.js";
import type { ManifestFile } from "../../../src/snapshot/manifest.js";

const job = { id: "01JD9GZ6T3W8Q0X5V7N2M4K1YB", tree: "0123456789abcdef".repeat(4) };
const file = (path: string): ManifestFile => ({ path, mode: "644", size: 1, sha256: "0".repeat(64), origin: "disk", reason: { kind: "entry" } });
const manifest = { files: [file("etl/jobs/daily.py"), file("conf/a.yaml"), file(".slingshot/roots/lib/lib/a.py")] };

describe("links of a traceback", () => {
  it("are found in the text that Python prints, for files of the job only", () => {
    const tree = `/home/ada/.local/state/slingshot/trees/${job.tree}`;
    const text = `  File "${tree}/etl/jobs/daily.py", line 42, in main`;
    assert.deepEqual(fileLinks(text, treeMarkers(job)), [
      { column: 7, length: text.indexOf(", in main") - 7, file: `${tree}/etl/jobs/daily.py`, line: 42 },
    ]);
    for (const other of ['File "/usr/lib/python3.11/json/decoder.py", line 1', 'File "<stdin>", line 1', "daily.py:42", 'File "unfinished, line 3']) {
      assert.deepEqual(fileLinks(other, treeMarkers(job)), []);
    }
  });

  it("lead to the manifest's file wherever the tree lay", () => {
    const cases: [string, string | null][] = [
      [`/srv/trees/${job.tree}/etl/jobs/daily.py`, "etl/jobs/daily.py"],
      [`/work/app-1/0/./ss_${job.tree.slice(0, 16)}/etl/jobs/daily.py`, "etl/jobs/daily.py"],
      [`/state/jobs/${job.id}/work/conf/a.yaml`, "conf/a.yaml"],
      [`/srv/trees/${job.tree}/.slingshot/roots/lib/lib/a.py`, ".slingshot/roots/lib/lib/a.py"],
      ["etl/jobs/daily.py", "etl/jobs/daily.py"],
      [`C:\\trees\\${job.tree}\\etl\\jobs\\daily.py`, "etl/jobs/daily.py"],
      [`/srv/trees/${job.tree}/../../etc/passwd`, null],
      [`/srv/trees/${"f".repeat(64)}/etl/jobs/daily.py`, null],
      ["/etc/passwd", null],
      ["__proto__", null],
    ];
    for (const [path, expected] of cases) assert.equal(frameFile(path, manifest, job)?.path ?? null, expected, path);
  });
});
