// Builds the suites of `host/` and runs them in the extension host of a real VS Code; their listing and results are printed and written here.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { startVsCode } from "./harness/startVsCode.js";

const root = resolve(__dirname, "../..");
const limitMs = 300_000;

interface Results { readonly tests: readonly { readonly title: string; readonly state: string; readonly error?: string }[] }

async function main(): Promise<void> {
  const out = join(root, "out", "integration");
  rmSync(out, { recursive: true, force: true });
  const suites = readdirSync(join(__dirname, "host")).filter((name) => name.endsWith(".test.ts")).map((name) => join(__dirname, "host", name));
  await build({ entryPoints: [join(__dirname, "harness", "hostMain.ts"), ...suites], entryNames: "[name]", outdir: out, bundle: true, platform: "node", format: "cjs",
    target: "node20", sourcemap: "inline", external: ["vscode", "mocha"], logLevel: "warning" });
  const home = mkdtempSync(join(tmpdir(), "slingshot-host-"));
  const workspace = join(home, "workspace");
  mkdirSync(workspace);
  const results = join(home, "results.json");
  const code = await startVsCode({ home, extensions: [], environment: { SLINGSHOT_TEST_REPORTER: join(root, "scripts", "test", "reporter.cjs"), SLINGSHOT_TEST_RESULTS: results } });
  const timer = setTimeout(() => { console.error(`The suites in the extension host did not end within ${String(limitMs / 1000)} s.`); void code.stop().finally(() => process.exit(1)); }, limitMs);
  const exitCode = await code.runInHost({ folder: workspace, extensionDevelopmentPath: root, extensionTestsPath: join(out, "hostMain.js") });
  clearTimeout(timer);
  await code.stop();
  if (!existsSync(results)) throw new Error(`The extension host ended with ${String(exitCode)} before its suites did.`);
  const { tests } = JSON.parse(readFileSync(results, "utf8")) as Results;
  for (const test of tests) console.log(`  ${marks[test.state] ?? test.state} ${test.title}${test.error === undefined ? "" : `\n${test.error}\n`}`);
  const own = process.env["SLINGSHOT_TEST_RESULTS"];
  if (own !== undefined) writeFileSync(own, JSON.stringify({ tests }));
  rmSync(home, { recursive: true, force: true });
  process.exitCode = exitCode;
}

const marks: Readonly<Record<string, string>> = { passed: "✔", failed: "✘", skipped: "-" };

void main().catch((error: unknown) => { console.error(error); process.exit(1); });
