import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { posixLauncher } from "../../../src/platform/terminalCommand.js";

describe("the command of integrated terminals", () => {
  it("passes every word on as it is, whatever the paths are called", function () {
    if (process.platform === "win32") return this.skip();
    const parent = mkdtempSync(join(tmpdir(), "slingshot-"));
    const folder = join(parent, "it's $HOME `x` \"q\"");
    mkdirSync(folder);
    const program = join(folder, "node");
    const cli = join(folder, "cli.js");
    symlinkSync(process.execPath, program);
    writeFileSync(cli, "process.stdout.write(JSON.stringify(process.argv.slice(2)))");
    const launcher = join(folder, "slingshot");
    writeFileSync(launcher, posixLauncher(program, cli));
    chmodSync(launcher, 0o755);
    const words = ["run", "a b.py", "--", "$(id)", "'", "", "*", "\n"];
    assert.deepEqual(JSON.parse(execFileSync(launcher, words).toString()), words);
    rmSync(parent, { recursive: true });
  });
});
