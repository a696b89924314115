// The suites in the order in which they run: what each needs of the set-up, its mocha runs, and the time after which a run is stopped.
/** One mocha process over all `*.test.ts` below a folder; `timeoutMs` is for one test. `*.long.test.ts` run with `--long` only. */
const mochaRun = (name, folder, limitMinutes, timeoutMs, more = {}) => ({ name, folder, limitMinutes, timeoutMs, ...more });

export const suites = [
  { name: "check", needs: [], steps: [
    { name: "types", argv: [process.execPath, "scripts/check.mjs"] },
    { name: "lint", argv: [process.execPath, "node_modules/eslint/bin/eslint.js", "."] },
    { name: "package", argv: [process.execPath, "scripts/package.mjs"] },
  ] },
  { name: "unit", needs: ["spark", "setuptools", "newestPython", "pythonParser", "projects"], runs: [mochaRun("unit", "test/unit", 15, 60_000, { longLimitMinutes: 60 })] },
  { name: "projects", needs: ["projects"], runs: [mochaRun("projects", "test/realProjects", 10, 300_000, { longLimitMinutes: 60 })] },
  { name: "contract", needs: ["spark"], runs: [mochaRun("contract", "test/contract", 15, 120_000)] },
  { name: "engines", needs: ["spark", "spark35", "hdfs"], runs: [mochaRun("engines", "test/engines", 25, 300_000, { longLimitMinutes: 60 })] },
  { name: "integration", needs: ["spark", "vscode"], runs: [
    { name: "extension host", program: "test/integration/runHost.ts", limitMinutes: 8 },
    mochaRun("window", "test/integration/window", 20, 300_000, { longLimitMinutes: 60 }),
  ] },
];
