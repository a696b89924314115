/** Hovers, diagnostics and quick fixes as the real server gives them. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { DiagnosticSeverity, type Diagnostic } from "vscode-languageserver/node";
import { notifications, type JobContext } from "../../../src/language/protocol.js";
import { interpreterFor } from "../../../src/snapshot/interpreter.js";
import { Workspace } from "../snapshot/workspaces.js";
import { ServerProcess } from "./serverProcess.js";

const files = {
  "job.py": "",
  "etl/__init__.py": "from etl import clean\ndef load(): pass\n",
  "etl/clean.py": "x = 1\n",
  "tools/deep/wanted.py": "",
  "random.py": "",
  "conf/a.cfg": "",
  ".gitignore": "*.cfg\n",
  "site-packages/yaml/__init__.py": "",
  "site-packages/PyYAML-6.0.1.dist-info/top_level.txt": "yaml\n",
};

describe("imports in the editor", () => {
  let server: ServerProcess;
  let workspace: Workspace;
  let changes: Partial<JobContext>;

  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());
  beforeEach(() => {
    workspace = new Workspace(files);
    changes = {};
    const settings = { workspace: workspace.folder, interpreter: { ...interpreterFor("3.11"), executable: "/python", sitePaths: [workspace.path("site-packages")] }, bundle: {} };
    server.context = (uri) => ({ path: uri.startsWith("untitled:") ? ".slingshot/untitled/Untitled-1.py" : decodeURIComponent(new URL(uri).pathname), settings, target: "local", enabled: true, ...changes });
  });
  afterEach(async () => {
    for (const uri of server.diagnostics.keys()) await server.close(uri);
    workspace.remove();
  });

  const short = (diagnostics: readonly Diagnostic[]): string[] =>
    diagnostics.map(({ range: { start, end }, code, severity }) => `${String(start.line + 1)}:${String(start.character)}-${String(end.character)} ${String(code)} ${String(severity)}`).sort();

  it("says on hover what an import is for the job, and nothing about the standard library", async () => {
    const uri = await server.open(workspace.path("job.py"), "import os\nimport etl.clean\nfrom etl import (  # etl\n    load as clean,\n    clean as c,\n)\nimport yaml, gone\nfrom importlib import import_module\nimport_module('etl.clean')\ntry:\n    import fast\nexcept ImportError:\n    pass\nx = 'etl'\n");
    assert.equal(await server.hover(uri, 0, 8), null);
    assert.equal(await server.hover(uri, 1, 12), "**Slingshot**: local, sent along, 2 files (45 B) with what it imports  \n`etl/clean.py`, import root: the workspace folder");
    assert.match((await server.hover(uri, 2, 6)) ?? "", /^\*\*Slingshot\*\*: local, sent along, 2 files/);
    assert.match((await server.hover(uri, 3, 5)) ?? "", /`etl\/__init__\.py`/);
    assert.match((await server.hover(uri, 4, 5)) ?? "", /`etl\/clean\.py`/);
    assert.equal(await server.hover(uri, 6, 8), "**Slingshot**: PyYAML 6\\.0\\.1, installed for `local` (Python 3.11.0), is not sent along.");
    // What is missing is said by a diagnostic, which VS Code shows in the same hover.
    assert.equal(await server.hover(uri, 6, 14), null);
    assert.match((await server.hover(uri, 8, 18)) ?? "", /`etl\/clean\.py`/);
    assert.equal(await server.hover(uri, 10, 12), "**Slingshot**: `fast` is neither local nor installed for `local` (Python 3.11.0). The program does without it.");
    for (const [line, character] of [[13, 6], [1, 2], [40, 0], [7, 25]] as const) assert.equal(await server.hover(uri, line, character), null);
  });

  it("marks what a job would not find, at its place, over the text on the screen", async () => {
    const text = 'import os, nowhere.x\nfrom etl import load, missing, clean\nimport random\ntry:\n    import fast\nexcept ImportError:\n    pass\nfrom . import y\nopen("conf/a.cfg")\nif __name__ == "__main__":\n    from importlib import import_module\n    import_module("etl.none")\n';
    const uri = await server.open(workspace.path("job.py"), text);
    assert.deepEqual(short(await server.until(uri, (all) => all.length > 0)), [
      `12:19-27 missing-import ${String(DiagnosticSeverity.Warning)}`,
      `1:11-20 missing-import ${String(DiagnosticSeverity.Warning)}`,
      `2:22-29 missing-import ${String(DiagnosticSeverity.Warning)}`,
      `3:7-13 hides-standard-library ${String(DiagnosticSeverity.Warning)}`,
      `8:5-6 outside-package ${String(DiagnosticSeverity.Warning)}`,
      `9:5-17 not-sent ${String(DiagnosticSeverity.Information)}`,
    ].sort());
    for (const { source } of server.diagnostics.get(uri) ?? []) assert.equal(source, "Slingshot");
    await server.type(uri, "import os\n");
    await server.until(uri, (all) => all.length === 0);
    await server.type(uri, "\n\nimport nowhere\n");
    assert.deepEqual(short(await server.until(uri, (all) => all.length > 0)), ["3:7-14 missing-import 2"]);
  });

  it("works in a document that has no file, and says nothing about what is installed where no interpreter was asked", async () => {
    const context = server.context;
    server.context = async (uri) => {
      const known = await context(uri);
      return known === null ? null : { ...known, settings: { ...known.settings, interpreter: null } };
    };
    const uri = await server.open("untitled:Untitled-1", "import numpy\nimport etl.gone\n");
    assert.deepEqual(short(await server.until(uri, (all) => all.length > 0)), ["2:7-15 missing-import 2"]);
    assert.match((await server.hover(uri, 0, 8)) ?? "", /no interpreter was asked/);
  });

  it("follows files that come and go, and packages that are installed without any event", async () => {
    const uri = await server.open(workspace.path("job.py"), "import later\nimport numpy\n");
    await server.until(uri, (all) => all.length === 2);
    workspace.write("later.py", "");
    await server.tell(notifications.files, { moved: [workspace.path("later.py")], changed: [], missed: false });
    assert.deepEqual(short(await server.until(uri, (all) => all.length === 1)), ["2:7-12 missing-import 2"]);
    rmSync(workspace.path("later.py"));
    await server.tell(notifications.files, { moved: [workspace.path("later.py")], changed: [], missed: false });
    await server.until(uri, (all) => all.length === 2);
    workspace.write("later.py", "");
    await server.tell(notifications.files, { moved: [], changed: [], missed: true });
    await server.until(uri, (all) => all.length === 1);
    workspace.write("site-packages/numpy/__init__.py", "");
    await server.tell(notifications.warm, { uri });
    await server.until(uri, (all) => all.length === 0);
  });

  it("offers to add the import root that a module lies under, and to send a file along", async () => {
    const uri = await server.open(workspace.path("job.py"), 'import wanted\nopen("conf/a.cfg")\nimport nowhere\n');
    const diagnostics = await server.until(uri, (all) => all.length === 3);
    const actions = await server.fixes(uri, diagnostics);
    assert.deepEqual(actions.map(({ title, kind, command }) => [title, kind, command?.command, command?.arguments]), [
      ['Add import root "tools/deep" (bundle.roots in .vscode/slingshot.json)', "quickfix", "_slingshot.project.edit", [workspace.folder, { add: "roots", value: "tools/deep" }]],
      ['Send "conf/a.cfg" along with jobs (bundle.include in .vscode/slingshot.json)', "quickfix", "_slingshot.project.edit", [workspace.folder, { add: "include", value: "conf/a.cfg" }]],
    ]);
    const context = await server.context(uri);
    if (context !== null) server.context = () => ({ ...context, settings: { ...context.settings, bundle: { roots: ["tools/deep"], include: ["conf/a.cfg"] } } });
    await server.tell(notifications.contextChanged);
    assert.deepEqual(short(await server.until(uri, (all) => all.length === 1)), ["3:7-14 missing-import 2"]);
    assert.match((await server.hover(uri, 0, 8)) ?? "", /import root: `tools\/deep`/);
  });

  it("is silent while it is switched off", async () => {
    const uri = await server.open(workspace.path("job.py"), "import nowhere\n");
    const diagnostics = await server.until(uri, (all) => all.length === 1);
    changes = { enabled: false };
    await server.tell(notifications.contextChanged);
    await server.until(uri, (all) => all.length === 0);
    assert.equal(await server.hover(uri, 0, 8), null);
    assert.deepEqual(await server.fixes(uri, diagnostics), []);
    changes = {};
    await server.tell(notifications.contextChanged);
    await server.until(uri, (all) => all.length === 1);
  });

  it("shows names as text, whatever they hold", async () => {
    workspace.write("a`b [x](command:y)/mod.py", "");
    const context = await server.context("file:///x");
    if (context !== null) server.context = () => ({ ...context, path: workspace.path("job.py"), target: "`*evil*` <b>", settings: { ...context.settings, bundle: { roots: ["a`b [x](command:y)"] } } });
    const uri = await server.open(workspace.path("job.py"), "import mod\ntry:\n    import gone\nexcept ImportError:\n    pass\n");
    assert.equal(await server.hover(uri, 0, 8), "**Slingshot**: local, sent along, 1 file (0 B)  \n`` a`b [x](command:y)/mod.py ``, import root: `` a`b [x](command:y) ``");
    assert.equal(await server.hover(uri, 2, 12), "**Slingshot**: `gone` is neither local nor installed for `` `*evil*` <b> `` (Python 3.11.0). The program does without it.");
  });
});
