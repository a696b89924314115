// The module that VS Code loads in its extension host (`extensionTestsPath`): runs the suites beside it with mocha.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

/** Resolves when all tests passed, rejects otherwise: VS Code makes that its exit code. */
export function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false, reporter: process.env["SLINGSHOT_TEST_REPORTER"] ?? "spec" });
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith(".test.js")) mocha.addFile(join(__dirname, name));
  }
  return new Promise((resolve, reject) => {
    mocha.run((failures) => { if (failures === 0) resolve(); else reject(new Error(`${String(failures)} tests failed in the extension host.`)); });
  });
}
