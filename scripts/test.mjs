// Sets up, builds, checks, then runs the suites; the last line is `N passed, N failed` (and `, N skipped`).
//   npm test [-- SUITE… | --suite=SUITE] [--install] [--long]     suites: check unit projects contract engines integration
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";
import { run, SetupError } from "./setup/command.mjs";
import { suites } from "./test/suites.mjs";

const words = process.argv.slice(2);
const long = words.includes("--long");
const named = words.flatMap((word) => word.startsWith("--suite=") ? word.slice("--suite=".length).split(",") : word.startsWith("-") ? [] : [word]);
const unknown = named.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`test: no suite is named ${unknown.join(", ")}; the suites are ${suites.map((suite) => suite.name).join(", ")}.`);
  process.exit(2);
}
const chosen = suites.filter((suite) => named.length === 0 || named.includes(suite.name));
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

try {
  const needed = ["node", "system", "python", ...new Set(chosen.flatMap((suite) => suite.needs))];
  const { environment, cannotRun } = await setUp(needed, { install: words.includes("--install") });
  const built = await step("build", [process.execPath, "esbuild.mjs"]);
  for (const suite of built ? chosen : []) {
    const why = cannotRun.get(suite.name);
    if (why === undefined) await runSuite(suite, environment);
    else leaveOut(suite, why);
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\nset-up failed: ${error.message}\nWhat to do: ${error.remedy}`);
  fail("set-up", error.message);
}
report();

/** A step that counts as one test. */
async function step(name, [program, ...argv], limitMs = 300_000) {
  const started = performance.now();
  const result = await run(program, argv, { cwd: root, limitMs });
  if (result.code === 0) total.passed += 1;
  else fail(name, `${result.timedOut ? `stopped after ${limitMs / 1000} s\n` : ""}${result.output}`);
  console.log(`\n== ${name}: ${result.code === 0 ? "passed" : "FAILED"} (${seconds(started)})`);
  if (result.code !== 0) console.log(result.output);
  return result.code === 0;
}

async function runSuite(suite, environment) {
  if (suite.steps !== undefined) {
    for (const { name, argv } of suite.steps) await step(name, argv);
    return;
  }
  const started = performance.now();
  console.log(`\n== ${suite.name}`);
  const before = { ...total };
  for (const part of suite.runs) await runPart(suite, part, environment);
  console.log(`== ${suite.name}: ${total.passed - before.passed} passed, ${total.failed - before.failed} failed (${seconds(started)})`);
}

/** One mocha process: its listing goes to our output, its results come from a file. No test at all is a failure. */
async function runPart(suite, part, environment) {
  const out = mkdtempSync(join(tmpdir(), "slingshot-test-"));
  const results = join(out, "results.json");
  const limitMs = (long ? part.longLimitMinutes ?? part.limitMinutes : part.limitMinutes) * 60_000;
  const argv = part.program === undefined ? mocha(part) : ["--import", "tsx", part.program];
  try {
    if (argv === undefined) { fail(suite.name, `there is no test file in ${part.folder}`); return; }
    const { code, timedOut } = await run(process.execPath, argv, { cwd: root, show: true, limitMs,
      env: { ...process.env, ...environment, ...(long ? { SLINGSHOT_TEST_LONG: "1" } : {}), SLINGSHOT_TEST_RESULTS: results } });
    const tests = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")).tests : [];
    for (const test of tests) {
      if (test.state === "failed") fail(`${suite.name}: ${test.title}`, test.error ?? "");
      else total[test.state] += 1;
    }
    if (timedOut) fail(suite.name, `${part.name} did not end within ${limitMs / 60_000} minutes and was stopped`);
    else if (tests.length === 0) fail(suite.name, `${part.name} ran no test (exit code ${code})`);
    else if (code !== 0 && !tests.some((test) => test.state === "failed")) fail(suite.name, `${part.name} ended with ${code} although no test failed`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** mocha's command line for the test files below the folder; undefined where there are none. */
function mocha({ folder, timeoutMs }) {
  const files = !existsSync(join(root, folder)) ? [] : readdirSync(join(root, folder), { recursive: true }).map(String)
    .filter((file) => file.endsWith(".test.ts") && (long || !file.endsWith(".long.test.ts"))).map((file) => join(root, folder, file)).sort();
  if (files.length === 0) return undefined;
  return ["--import", "tsx", join(root, "node_modules/mocha/bin/mocha.js"), "--reporter", join(root, "scripts/test/reporter.cjs"), "--timeout", String(timeoutMs), "--exit", ...files];
}

function leaveOut(suite, why) {
  console.log(`\n== ${suite.name}: left out: ${why}`);
  if (process.env.CI) fail(suite.name, `left out although CI is set: ${why}`);
  else total.skipped += 1;
}

function fail(title, text) {
  total.failed += 1;
  failures.push({ title, text });
}

function report() {
  if (process.env.CI && total.skipped > 0) fail("skipped tests", `${total.skipped} tests were skipped although CI is set`);
  if (failures.length > 0) console.log("\nFailures:");
  for (const { title, text } of failures) console.log(`\n✘ ${title}\n${text.trim().split("\n").slice(-60).map((line) => `    ${line}`).join("\n")}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
  console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
