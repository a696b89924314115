// Makes this clone ready to build and test: npm packages, system packages, Python environments, a VS Code. Fast when there is nothing to do.
//   node scripts/setup.mjs [PART]… [--install]     parts: node system python spark spark35 hdfs setuptools newestPython pythonParser projects vscode (default: all)
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SetupError } from "./setup/command.mjs";
import { setUpHdfs } from "./setup/hdfs.mjs";
import { setUpNewestPython } from "./setup/newestPython.mjs";
import { setUpNode } from "./setup/nodePackages.mjs";
import { findPython, setUpPythonEnvironment } from "./setup/pythonEnvironments.mjs";
import { setUpPythonParser } from "./setup/pythonParser.mjs";
import { setUpRealProjects } from "./setup/realProjects.mjs";
import { setUpServedVsCode } from "./setup/servedVsCode.mjs";
import { setUpSystem } from "./setup/systemPackages.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const parts = ["node", "system", "python", "spark", "spark35", "hdfs", "setuptools", "newestPython", "pythonParser", "projects", "vscode"];

/**
 * Sets up the parts in their order and prints one line for each.
 * @param {readonly string[]} wanted
 * @param {{ install?: boolean }} options `install`: system packages may be installed although this is not root
 * @returns {Promise<{ environment: Record<string, string>, cannotRun: Map<string, string> }>} variables for the suites; suites that can't run, and why
 */
export async function setUp(wanted, { install = false } = {}) {
  const environment = {};
  let cannotRun = new Map();
  const steps = {
    node: () => setUpNode(root),
    system: async () => { cannotRun = await setUpSystem(install); return cannotRun.size === 0 ? "complete" : `incomplete for ${[...cannotRun.keys()].join(", ")}`; },
    python: async () => { const python = await findPython(); environment.SLINGSHOT_TEST_PYTHON = python.path; return `${python.version}, ${python.path}`; },
    spark: async () => {
      // Without Java a Python with pyspark would only make tests fail that can say what they miss.
      if (cannotRun.has("engines")) return `left out: ${cannotRun.get("engines")}`;
      const { python, made } = await setUpPythonEnvironment(root, "spark");
      environment.SLINGSHOT_SPARK_PYTHON = python;
      return stateOf(made, python);
    },
    spark35: async () => { const { python, made } = await setUpPythonEnvironment(root, "spark35"); environment.SLINGSHOT_SPARK35_PYTHON = python; return stateOf(made, python); },
    hdfs: async () => {
      if (cannotRun.has("engines")) return `left out: ${cannotRun.get("engines")}`;
      const { jar, made } = await setUpHdfs((await setUpPythonEnvironment(root, "spark")).python);
      environment.SLINGSHOT_HDFS_JAR = jar;
      return stateOf(made, jar);
    },
    setuptools: async () => { const { python, made } = await setUpPythonEnvironment(root, "setuptools"); environment.SLINGSHOT_SETUPTOOLS_PYTHON = python; return stateOf(made, python); },
    newestPython: async () => { const { folder, made } = await setUpNewestPython(); environment.SLINGSHOT_NEWEST_PYTHON = folder; return stateOf(made, folder); },
    pythonParser: async () => { const { folder, made } = await setUpPythonParser(); environment.SLINGSHOT_PYTHON_PARSER = folder; return stateOf(made, folder); },
    projects: async () => {
      const { python, sources, made } = await setUpRealProjects(root);
      Object.assign(environment, { SLINGSHOT_PROJECTS_PYTHON: python, SLINGSHOT_PROJECT_SOURCES: sources });
      return stateOf(made, sources);
    },
    vscode: async () => {
      if (process.env.SLINGSHOT_VSCODE) return `the desktop one, ${process.env.SLINGSHOT_VSCODE}`;
      if (cannotRun.has("integration")) return `left out: ${cannotRun.get("integration")}`;
      const { folder, made } = await setUpServedVsCode();
      environment.SLINGSHOT_VSCODE_SERVER = folder;
      return stateOf(made, folder);
    },
  };
  for (const part of parts.filter((one) => wanted.includes(one))) {
    const started = performance.now();
    const note = setTimeout(() => { console.log(`set-up: ${part}: working (downloads on the first run)`); }, 3_000);
    try {
      const said = await steps[part]();
      console.log(`set-up: ${part}: ${said} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    } finally {
      clearTimeout(note);
    }
  }
  return { environment, cannotRun };
}

function stateOf(made, where) {
  return `${made ? "installed" : "ready"}, ${where}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
  const unknown = named.filter((name) => !parts.includes(name));
  if (unknown.length > 0) {
    console.error(`setup: no part is named ${unknown.join(", ")}; the parts are ${parts.join(", ")}.`);
    process.exit(2);
  }
  try {
    await setUp(named.length > 0 ? named : parts, { install: process.argv.includes("--install") });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`set-up failed: ${error.message}\nWhat to do: ${error.remedy}`);
    process.exit(1);
  }
}
