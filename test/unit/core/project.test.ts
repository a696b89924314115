import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlingshotError } from "../../../src/base/errors.js";
import { Approvals } from "../../../src/project/approval.js";
import type { Vocabularies } from "../../../src/project/checkTarget.js";
import { chooseTarget, readProject } from "../../../src/project/projectFile.js";
import { parseDuration, parseSize } from "../../../src/project/quantities.js";
import { resolveTarget, resolveText } from "../../../src/project/references.js";
import type { Target } from "../../../src/project/target.js";

const vocabularies: Vocabularies = {
  local: {},
  spark: { master: { type: "string", description: "The master.", required: true, sensitive: true }, conf: { type: "map", description: "Configuration." } },
};

function mistake(text: string): SlingshotError {
  try {
    readProject("/w", vocabularies, {}, text);
  } catch (error) {
    if (error instanceof SlingshotError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("project file", () => {
  it("is optional: the target local always exists", () => {
    const project = readProject("/nowhere", vocabularies);
    assert.deepEqual(chooseTarget(project, undefined), { name: "local", backend: "local", settings: {}, source: "builtin" });
  });

  it("takes comments and trailing commas, bundle and jobs settings", () => {
    const project = readProject("/w", vocabularies, { mine: { backend: "local" } }, `{
      // the cluster
      "defaultTarget": "dev",
      "targets": { "dev": { "backend": "spark", "master": "spark://m:7077", "conf": { "a": "b" } }, },
      "bundle": { "roots": ["src"], "maxSize": "10 MB" }, "jobs": { "functions": ["*_job"] },
    }`);
    assert.equal(chooseTarget(project, undefined).name, "dev");
    assert.deepEqual(project.targets.map((target) => [target.name, target.source]), [["local", "builtin"], ["mine", "user"], ["dev", "project"]]);
    assert.deepEqual(project.bundle, { roots: ["src"], maxSize: 10_000_000 });
    assert.deepEqual(project.jobs, { decorators: [], functions: ["*_job"] });
  });

  it("names file and line of every mistake, and lists the right keys", () => {
    const cases: [string, number, RegExp, RegExp][] = [
      ['{\n "targets": {\n', 3, /malformed JSON/, /Mend/],
      ['{\n\n "target": {} }', 3, /unknown key `target`/, /defaultTarget, targets, bundle, jobs/],
      ['{ "targets": {\n "a": { "backend": "spork" } } }', 2, /unknown backend "spork"/, /local, spark/],
      ['{ "targets": {\n "a": { "backend": "spark",\n "masterr": "x", "master": "y" } } }', 3, /unknown key `masterr`/, /master, conf/],
      ['{ "targets": {\n "a": { "backend": "spark" } } }', 2, /`master` is missing/, /The master/],
      ['{ "targets": { "a": { "backend": "local",\n "cpus": "many" } } }', 2, /`cpus` must be a whole number/, /cores/],
      ['{ "targets": { "a": { "backend": "local",\n "memory": "lots" } } }', 2, /`memory` must be a size/, /4 GB/],
      ['{\n "defaultTarget": "b" }', 2, /names no target: "b"/, /local/],
      ['{\n "bundle": { "include": "conf" } }', 2, /must be a list of strings/, /\[/],
      ["[]", 1, /one JSON object/, /targets/],
    ];
    for (const [text, line, message, remedy] of cases) {
      const error = mistake(text);
      assert.equal(error.exitCode, 2);
      assert.equal(error.line, line, `${text}: ${error.message}`);
      assert.match(error.message, message);
      assert.match(error.remedy, remedy);
    }
  });

  it("lists the targets when one is unknown", () => {
    assert.throws(() => chooseTarget(readProject("/w", vocabularies), "gpu"), /no target "gpu"/);
  });
});

describe("references", () => {
  const sources = { workspace: "/w", env: { HOST: "h" }, secret: (name: string) => Promise.resolve(name === "K" ? "v" : undefined) };

  it("are resolved at any depth, and the target itself is left as it was", async () => {
    const target = { name: "t", backend: "spark", settings: { master: "spark://${env:HOST}:1", conf: { a: "${secret:K}", b: "${workspaceFolder}/x" } }, source: "user" as const };
    assert.deepEqual((await resolveTarget(target, sources)).settings, { master: "spark://h:1", conf: { a: "v", b: "/w/x" } });
    assert.equal(target.settings.conf.a, "${secret:K}");
  });

  it("are asked for one after the other", async () => {
    let open = 0;
    const secret = async (name: string): Promise<string> => {
      assert.equal(++open, 1, "two questions at once hide each other");
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return name;
    };
    const target: Target = { name: "a", backend: "local", settings: { env: { A: "${secret:x}", B: "${secret:y}" }, requirements: ["${secret:z}", "${secret:z}"] }, source: "user" };
    assert.deepEqual((await resolveTarget(target, { workspace: "/w", env: {}, secret })).settings, { env: { A: "x", B: "y" }, requirements: ["z", "z"] });
  });

  it("stop the launch by name where one is missing or unknown", async () => {
    await assert.rejects(resolveText("${env:NOPE}", sources, "here"), /environment variable NOPE/);
    await assert.rejects(resolveText("${secret:NOPE}", sources, "here"), /secret NOPE/);
    await assert.rejects(resolveText("${file}", sources, "here"), /unknown reference \$\{file\}/);
  });
});

describe("approval", () => {
  it("is asked once per content; a change asks again and shows what changed", () => {
    const folder = mkdtempSync(join(tmpdir(), "slingshot-approve-"));
    const approvals = new Approvals(folder);
    const target = (master: string, source: "project" | "user" = "project") => ({ name: "t", backend: "spark", settings: { master, conf: { x: "y" } }, source });
    const first = approvals.pending("/w", target("a"), vocabularies);
    assert.deepEqual(first?.changed, ['+ master = "a"']);
    approvals.approve("/w", first);
    assert.equal(new Approvals(folder).pending("/w", target("a"), vocabularies), undefined);
    assert.deepEqual(approvals.pending("/w", target("b"), vocabularies)?.changed, ['- master = "a"', '+ master = "b"']);
    assert.ok(approvals.pending("/other", target("a"), vocabularies), "another workspace is another question");
    assert.equal(approvals.pending("/w", target("b", "user"), vocabularies), undefined);
    rmSync(folder, { recursive: true });
  });

  it("counts for nothing where its file is damaged", () => {
    const folder = mkdtempSync(join(tmpdir(), "slingshot-approval-"));
    const target: Target = { name: "a", backend: "local", settings: { python: "./python" }, source: "project" };
    for (const text of ["null", "7", "{}", '{"approved":null}', '{"approved":{"/w\\na":7}}', "{"]) {
      writeFileSync(join(folder, "approvals.json"), text);
      assert.deepEqual(new Approvals(folder).pending("/w", target, vocabularies)?.changed, ['+ python = "./python"'], text);
    }
    rmSync(folder, { recursive: true });
  });
});

describe("quantities", () => {
  it("reads sizes and durations as people write them", () => {
    assert.deepEqual(["100 MB", "4g", "1.5 GiB", 12, "x", "-1", "1 parsec"].map(parseSize), [100_000_000, 4 * 1024 ** 3, 1.5 * 1024 ** 3, 12, undefined, undefined, undefined]);
    assert.deepEqual(["02:00:00", "1-00:00:01", "90m", "45s", 30, "soon"].map(parseDuration), [7200, 86401, 5400, 45, 30, undefined]);
  });
});
