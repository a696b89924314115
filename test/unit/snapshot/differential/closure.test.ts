import assert from "node:assert/strict";
import { python } from "../astOracle.js";
import { compare } from "./comparison.js";
import { Recorder } from "./recorder.js";
import { generate, type GeneratedWorkspace } from "./workspace.js";

/** Workspaces in a run and the first seed: SLINGSHOT_CLOSURE_WORKSPACES, SLINGSHOT_CLOSURE_SEED for a hunt. */
const count = Number(process.env["SLINGSHOT_CLOSURE_WORKSPACES"] ?? (process.env["SLINGSHOT_TEST_LONG"] === undefined ? 300 : 5000));
const firstSeed = Number(process.env["SLINGSHOT_CLOSURE_SEED"] ?? 1);

describe("the closure against CPython", () => {
  it(`holds what CPython loads in ${String(count)} generated workspaces`, async () => {
    const recorder = new Recorder(python());
    const found: string[] = [];
    let loaded = 0;
    let next = firstSeed;
    const work = async (): Promise<void> => {
      while (next < firstSeed + count && found.length < 20) {
        const workspace = generate(next++);
        const { wrong, loaded: files, said } = await compare(workspace, recorder);
        loaded += files;
        if (wrong.length > 0) found.push(description(workspace, wrong, said));
      }
    };
    try {
      await Promise.all([work(), work()]);
    } finally {
      recorder.remove();
    }
    assert.deepEqual(found, [], found.join("\n\n"));
    assert.ok(loaded > count * 3, `only ${String(loaded)} files were loaded`);
  }).timeout(3_600_000);
});

function description(workspace: GeneratedWorkspace, wrong: readonly string[], said: readonly string[]): string {
  const { seed, exact, launch, roots, layout } = workspace;
  const texts = process.env["SLINGSHOT_CLOSURE_SHOW"] === undefined ? [] : Object.entries(workspace.files).map(([path, text]) => `--- ${path}\n${text}`);
  return [`seed ${String(seed)}${exact ? ", exact" : ""}: ${JSON.stringify(launch)} roots ${roots.join(":")}`, ...wrong, ...said.map((line) => `  said ${line}`), ...layout.links.map(({ link, target }) => `  link ${link} -> ${target}`), ...texts].join("\n");
}
