// Measures the budgets: sets up what the parts need, builds, and runs the measurements. Ends with 0 where every budget held.
//   npm run bench [-- PART…] [--install]     parts: see `needs` below
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";
import { mustRun, run, SetupError } from "./setup/command.mjs";
import { setUpPythonEnvironment } from "./setup/pythonEnvironments.mjs";

/** For each part in its order: what it needs of the set-up, and the suite whose system packages it needs too. */
const needs = {
  start: { parts: ["python"] },
  snapshot: { parts: ["python"] },
  closure: { parts: ["python"], peers: true },
  peers: { parts: ["python"], peers: true },
  projects: { parts: ["python"], peers: true, projects: true },
  egg: { parts: ["python", "spark"], peers: true, like: "engines" },
  jobs: { parts: [] },
  spark: { parts: ["python", "spark"], like: "engines" },
  ssh: { parts: ["python"], like: "contract" },
  activation: { parts: ["python", "vscode"], like: "integration" },
  window: { parts: ["python", "vscode"], like: "integration" },
  size: { parts: [], vsix: true },
};
const limitMs = 3 * 3_600_000;

// A variable of this shell must not make one side faster or slower than it is for others.
for (const name of Object.keys(process.env)) if (name.startsWith("PYTHON")) delete process.env[name];

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith("-"));
const unknown = named.filter((name) => !Object.hasOwn(needs, name));
if (unknown.length > 0) {
  console.error(`bench: no part is named ${unknown.join(", ")}; the parts are ${Object.keys(needs).join(", ")}.`);
  process.exit(2);
}

try {
  process.exitCode = await bench(Object.keys(needs).filter((name) => named.length === 0 || named.includes(name)));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\nset-up failed: ${error.message}\nWhat to do: ${error.remedy}`);
  process.exitCode = 1;
}

async function bench(wanted) {
  const { environment, cannotRun } = await setUp(["node", "system", ...wanted.flatMap((name) => needs[name].parts)], { install: words.includes("--install") });
  const leftOut = wanted.filter((name) => cannotRun.has(needs[name].like));
  const chosen = wanted.filter((name) => !leftOut.includes(name));
  if (chosen.some((name) => needs[name].peers)) {
    const { python } = await setUpPythonEnvironment(root, "bench");
    environment.SLINGSHOT_BENCH_PYTHON = python;
  }
  if (chosen.some((name) => needs[name].projects)) {
    const { python } = await setUpPythonEnvironment(root, "benchProjects");
    environment.SLINGSHOT_BENCH_PROJECTS = await packagesOf(python);
  }
  await mustRun("build", "Mend what esbuild says.", process.execPath, ["esbuild.mjs"], { cwd: root });
  if (chosen.some((name) => needs[name].vsix)) await packageVsix();
  const code = chosen.length === 0 ? 0 : (await run(process.execPath, ["--import", "tsx", join(root, "test", "bench", "main.ts"), ...chosen],
    { cwd: root, show: true, limitMs, env: { ...process.env, ...environment } })).code;
  for (const name of leftOut) console.error(`left out: ${name}: ${cannotRun.get(needs[name].like)}`);
  // What was not measured has not held.
  return code === 0 && leftOut.length > 0 ? 1 : code;
}

/** The folder that packages are installed in. */
async function packagesOf(python) {
  const { output } = await run(python, ["-c", "import sysconfig; print(sysconfig.get_path('platlib'))"]);
  return output.trim();
}

/** What is wrong with the package's content is said, and is no reason not to weigh it. */
async function packageVsix() {
  const { code, output } = await run(process.execPath, ["scripts/package.mjs", "--keep"], { cwd: root });
  if (code !== 0) console.error(`package: ${output.trim().split("\n").slice(-3).join("\n")}`);
}
