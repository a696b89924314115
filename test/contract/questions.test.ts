/** A launch that asks something: what runs is what stood on the disk at the click, and nothing that is not approved is touched before. */
import assert from "node:assert/strict";
import { SlingshotError } from "../../src/base/errors.js";
import { launch, relaunch, type LaunchRequest, type LaunchServices } from "../../src/launch.js";
import type { SecretAnswer } from "../../src/snapshot/secrets/screenSecrets.js";
import { password } from "../unit/snapshot/secrets/secretTexts.js";
import { Workbench } from "./workbench.js";

describe("questions of a launch", () => {
  let workbench: Workbench;
  const signal = new AbortController().signal;

  beforeEach(() => {
    workbench = new Workbench({ backend: "local" });
    workbench.write({ "main.py": "import lib\nprint(lib.WORD)\n", "lib.py": "WORD = 'clicked'\n" });
  });
  afterEach(() => { workbench.dispose(); });

  const save = (): void => { workbench.write({ "lib.py": "WORD = 'saved meanwhile'\n" }); };
  const run = async (request: LaunchRequest, services: Partial<LaunchServices>): Promise<string> => {
    const record = await launch(request, { ...workbench.services, ...services }, signal);
    return (await workbench.end(record)).stdout;
  };
  const ofProject = (settings: Record<string, unknown>): LaunchRequest => {
    const request = workbench.request({ entry: "main.py" });
    return { ...request, target: { ...request.target, source: "project", settings } };
  };

  it("runs the text of the click when a file is saved while a secret is asked for", async () => {
    const secret = (): Promise<string> => {
      save();
      return Promise.resolve("s");
    };
    assert.equal(await run(ofProject({ env: { TOKEN: "${secret:TOKEN}" } }), { secret }), "clicked\n");
  });

  it("runs the text of the click when a file is saved while the finding of a secret is decided", async () => {
    workbench.write({ "main.py": `import lib\nprint(lib.WORD)\npassword = "${password()}"\n` });
    const ask = (): Promise<SecretAnswer> => {
      save();
      return Promise.resolve("send");
    };
    assert.equal(await run(workbench.request({ entry: "main.py" }), { secrets: { ...workbench.services.secrets, ask } }), "clicked\n");
  });

  it("asks no interpreter that the project file names before it is approved, and refuses where a file was saved meanwhile", async () => {
    const events: string[] = [];
    const services = (approve: () => void, answer: boolean): Partial<LaunchServices> => ({
      interpreter: (target) => {
        events.push("interpreter");
        return workbench.services.interpreter(target);
      },
      approve: () => {
        events.push("approve");
        approve();
        return Promise.resolve(answer);
      },
    });
    const request = ofProject({ python: workbench.python });
    await assert.rejects(run(request, services(() => undefined, false)), (error: unknown) => error instanceof SlingshotError && error.code === "not-approved");
    assert.deepEqual(events, ["approve"]);
    await assert.rejects(run(request, services(save, true)), (error: unknown) => error instanceof SlingshotError && error.code === "changed" && error.message.startsWith("lib.py "));
    assert.deepEqual(workbench.jobs.list(), []);
    assert.equal(await run(request, services(() => assert.fail("approved already"), false)), "saved meanwhile\n");
  });

  it("runs at once after an approval where nothing changed", async () => {
    assert.equal(await run(ofProject({ python: workbench.python }), {}), "clicked\n");
  });

  it("leaves no job behind where the answer is no, and runs a stored snapshot again without asking what was decided", async () => {
    workbench.write({ "main.py": `print(1)\npassword = "${password()}"\n` });
    const request = workbench.request({ entry: "main.py" });
    const answering = (answer: SecretAnswer): LaunchServices => ({ ...workbench.services, secrets: { ...workbench.services.secrets, ask: () => Promise.resolve(answer) } });
    await assert.rejects(launch(request, answering("cancel"), signal), (error: unknown) => error instanceof SlingshotError && error.kind === "cancelled");
    assert.deepEqual(workbench.jobs.list(), []);
    const first = await launch(request, answering("send"), signal);
    await workbench.end(first);
    const manifest = workbench.jobs.manifest(first.id);
    assert.ok(manifest.notes.some(({ kind, subject }) => kind === "secret" && subject === "main.py"));
    const again = await relaunch(manifest, request, answering("nobody"), signal);
    assert.equal(again.snapshot, first.snapshot);
    await workbench.end(again);
    workbench.secretDecisions.forget(workbench.workspace);
    await assert.rejects(relaunch(manifest, request, answering("nobody"), signal), (error: unknown) => error instanceof SlingshotError && error.code === "secret");
  });
});
