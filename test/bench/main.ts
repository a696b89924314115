/**
 * The budgets, measured side by side in one run, PYTHON* variables cleared. `npm run bench [-- part …]` (scripts/bench.mjs)
 * sets up what the parts need, says where it lies in SLINGSHOT_* variables, and starts this program.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { benchClosure } from "./closure.js";
import { benchEgg } from "./egg.js";
import { benchJobs } from "./jobs.js";
import { printRows, type Row } from "./measure.js";
import { benchPeers } from "./peers.js";
import { benchProjects } from "./projects.js";
import { benchSnapshot } from "./snapshot.js";
import { benchSsh } from "./ssh.js";
import { benchSpark, benchStart } from "./start.js";
import { benchActivation, benchWindow } from "./window.js";

const root = resolve(import.meta.dirname, "../..");

for (const name of Object.keys(process.env)) if (name.startsWith("PYTHON")) Reflect.deleteProperty(process.env, name);

const wanted = process.argv.slice(2);
const parts: Record<string, () => Promise<Row[]>> = {
  start: () => benchStart(15),
  snapshot: () => benchSnapshot(100),
  closure: async () => benchClosure(9, join(await named("SLINGSHOT_BENCH_PYTHON"), "..", "ruff")),
  peers: async () => benchPeers(5, await named("SLINGSHOT_BENCH_PYTHON")),
  projects: async () => benchProjects(3, await named("SLINGSHOT_BENCH_PROJECTS"), await named("SLINGSHOT_BENCH_PYTHON"), join(await named("SLINGSHOT_BENCH_PYTHON"), "..", "ruff")),
  egg: async () => benchEgg(15, await named("SLINGSHOT_SPARK_PYTHON"), await named("SLINGSHOT_BENCH_PYTHON")),
  jobs: async () => benchJobs(15),
  spark: async () => benchSpark(5, await named("SLINGSHOT_SPARK_PYTHON")),
  ssh: () => benchSsh(15),
  activation: () => benchActivation(5),
  window: () => benchWindow(5),
  size: async () => {
    const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string; version: string };
    const vsix = join(root, `${name}-${version}.vsix`);
    if (!existsSync(vsix)) throw new Error("run npm run package first");
    const megabytes = statSync(vsix).size / 1e6;
    return [{ what: "VSIX", ours: [megabytes], theirs: [], unit: "MB", budget: "2 MB", holds: megabytes < 2 }];
  },
};

/** What the set-up has put into a variable. */
async function named(variable: string): Promise<string> {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: start this through npm run bench`);
  return value;
}

async function main(): Promise<number> {
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.error(`measuring: ${name}`);
    rows.push(...(await part()));
  }
  console.log(`${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}`);
  printRows(rows);
  return rows.every((row) => row.holds) ? 0 : 1;
}

main().then(
  (code) => { process.exit(code); },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
