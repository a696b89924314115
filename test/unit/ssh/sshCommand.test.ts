import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { exitOf } from "../../../src/backends/shared/ssh/watchHost.js";
import { hostPlace, placeOf, sshCommandLine } from "../../../src/backends/shared/ssh/hostPlace.js";
import { hostRefusal } from "../../../src/backends/shared/ssh/hostRefusal.js";
import { bootBytes, hostCommand, sshArguments } from "../../../src/backends/shared/ssh/sshCommand.js";

const place = hostPlace({ name: "t", backend: "ssh", source: "user", settings: { host: "me@box", port: 2222, identityFile: "~/.ssh/my key", jumpHost: "you@gate:22,[fe80::1]", python: "~/envs/a b/bin/python" } });

describe("the command that reaches a host", () => {
  it("has each setting as a word of its own, and the host behind --", () => {
    const words = sshArguments(place);
    const at = words.indexOf("--");
    assert.deepEqual(words.slice(at), ["--", "box", hostCommand("~/envs/a b/bin/python")]);
    assert.deepEqual(words.slice(at - 8, at), ["-i", "~/.ssh/my key", "-J", "you@gate:22,[fe80::1]", "-p", "2222", "-l", "me"]);
    assert.equal(words.filter((word) => word === "BatchMode=yes").length, 1);
    assert.equal(sshCommandLine(place), "ssh -i ~/.ssh/my key -J you@gate:22,[fe80::1] -p 2222 me@box");
    assert.deepEqual(placeOf(JSON.parse(JSON.stringify(place)) as Record<string, string>), place);
  });

  it("boots Python 3 with bytes that end in the agent's modules", () => {
    const boot = readFileSync("src/runner/agent_boot.py", "utf8");
    const bytes = bootBytes("0123", true, boot, { agent: "import os\ndef main(nonce):\n    os.write(1, ('agent ' + nonce).encode())\n" });
    const { stdout, status } = spawnSync("/bin/sh", ["-c", hostCommand(null)], { input: bytes, encoding: "utf8" });
    assert.deepEqual([status, stdout], [0, "agent 0123"]);
    assert.throws(() => bootBytes("0123", true, "x = '~'", {}), /character/);
    assert.throws(() => bootBytes("0123", true, "x = 'é'", {}), /ASCII/);
  });

  it("ends at once where what follows never comes", () => {
    assert.equal(spawnSync("/bin/sh", ["-c", hostCommand(null)], { input: "nonce=" }).status, 1);
  });
});

describe("what a host's end is called", () => {
  it("knows ssh's words, and says the last of them where it doesn't", () => {
    const said = (stderr: string, code: number | null = 255): string => hostRefusal(place, { code, stderr, printed: "", connected: false }).code;
    assert.equal(said("me@box: Permission denied (publickey,password)."), "permission-denied");
    assert.equal(said("ssh: Could not resolve hostname box: Name or service not known"), "no-such-host");
    assert.equal(said("ssh: connect to host box port 22: Connection timed out"), "no-answer");
    assert.equal(said("sh: 1: exec: python: not found", 127), "no-python");
    assert.match(hostRefusal(place, { code: 255, stderr: "something new\n", printed: "", connected: false }).message, /something new/);
    assert.equal(hostRefusal(place, { code: 255, stderr: "Permission denied (publickey).", printed: "", connected: true }).lasting, false, "it was let in before");
  });

  it("tells ends from losses", () => {
    assert.equal(exitOf({ state: "running" }, "box", 0), undefined);
    const report = { outcome: "succeeded", code: 0, signal: null, message: null, startedAt: 1, endedAt: 2, logBytes: 10 };
    assert.deepEqual(exitOf({ state: "ended", exit: report }, "box", 10), { outcome: "succeeded", code: 0, signal: null });
    assert.match(exitOf({ state: "ended", exit: report }, "box", 4)?.message ?? "", /6 bytes at the end of its log are missing/);
    assert.equal(exitOf({ state: "dead", cancelled: true }, "box", 0)?.outcome, "cancelled");
    assert.match(exitOf({ state: "gone" }, "box", 0)?.message ?? "", /not on box/);
  });
});
