import assert from "node:assert/strict";
import { mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { noteNames, paths, within } from "../snapshot/workspaces.js";

describe("FAULTS 48: symbolic links", () => {
  it("48: data behind a link that leads outside is not followed, and reported; what stays inside is", () => {
    within({ "secret.txt": "x", "more/s.txt": "" }, (outside) => {
      within({ "main.py": "open('conf/passwd')\nopen('conf/by_dots.txt')\n", "conf/a.yaml": "", "shared/b.yaml": "" }, (workspace) => {
        symlinkSync("/etc/passwd", workspace.path("conf/passwd"));
        symlinkSync("../../".repeat(12) + outside.path("secret.txt").slice(1), workspace.path("conf/by_dots.txt"));
        symlinkSync(outside.path("more"), workspace.path("conf/folder"));
        symlinkSync("../shared", workspace.path("conf/inside"));
        const manifest = workspace.take("main.py", { include: ["conf/**"] });
        assert.deepEqual(paths(manifest), ["conf/a.yaml", "conf/inside/b.yaml", "main.py"]);
        for (const name of ["passwd", "by_dots.txt", "folder"]) assert.ok(noteNames(manifest).includes(`link-outside:conf/${name}`), name);
        assert.equal(manifest.notes.filter((note) => note.kind === "link-outside").every((note) => note.severity === "warning"), true);
      });
    });
  });

  it("48: code behind a link that leads outside runs, as it would from the workspace, and is reported; other files under a name of code are not sent", () => {
    within({ "lib/shared.py": "", "pkg/__init__.py": "", "pkg/deep.py": "" }, (outside) => {
      within({ "main.py": "import shared\nimport pkg.deep\nimport passwd\n" }, (workspace) => {
        symlinkSync(outside.path("lib/shared.py"), workspace.path("shared.py"));
        symlinkSync(outside.path("pkg"), workspace.path("pkg"));
        symlinkSync("/etc/passwd", workspace.path("passwd.py"));
        const manifest = workspace.take("main.py");
        assert.deepEqual(paths(manifest), ["main.py", "pkg/__init__.py", "pkg/deep.py", "shared.py"]);
        for (const name of ["shared.py", "pkg", "passwd.py"]) assert.ok(noteNames(manifest).includes(`link-outside:${name}`), `${name} among ${noteNames(manifest).join(", ")}`);
        assert.deepEqual(manifest.excluded, [{ path: "passwd.py", rule: "a link to /etc/passwd" }]);
      });
    });
  });

  it("48: links that lead in circles, to themselves or nowhere end the walk, and the last are reported", () => {
    within({ "main.py": "import a.b\nimport gone\n", "d/x.txt": "", "a/__init__.py": "", "a/b.py": "" }, (workspace) => {
      symlinkSync("..", workspace.path("d/up"));
      symlinkSync(".", workspace.path("d/here"));
      mkdirSync(workspace.path("d/e"));
      symlinkSync("../../d", workspace.path("d/e/round"));
      symlinkSync("self.txt", workspace.path("d/self.txt"));
      symlinkSync("two.txt", workspace.path("d/one.txt"));
      symlinkSync("one.txt", workspace.path("d/two.txt"));
      symlinkSync("nowhere", workspace.path("d/gone.txt"));
      symlinkSync("nowhere.py", workspace.path("gone.py"));
      symlinkSync("../a", workspace.path("a/again"));
      assert.equal(readlinkSync(workspace.path("d/self.txt")), "self.txt");
      const manifest = workspace.take("main.py", { include: ["d/**/*.txt"] });
      assert.ok(paths(manifest).includes("d/x.txt"));
      assert.ok(paths(manifest).length < 20, paths(manifest).join("\n"));
      for (const name of ["gone.txt", "self.txt", "one.txt", "two.txt"]) assert.ok(noteNames(manifest).includes(`dangling-link:d/${name}`), name);
      assert.ok(noteNames(manifest).includes("unresolved:gone"));
    });
  });
});
