/** How long until the user's first line: on `local` from a ready bundle, and through the command line from a cold process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Workbench } from "../contract/workbench.js";
import { medianDifference, paired, type Row } from "./measure.js";
import { generateWorkspace } from "./workspaces.js";

const cli = resolve(import.meta.dirname, "../../dist/cli.js");

/** Milliseconds from `start` (nanoseconds since the epoch) to the time that the program printed. */
function elapsed(printed: string, start: bigint): number {
  return Number(BigInt(printed.trim().split("\n").pop() ?? "0") - start) / 1e6;
}

const now = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));

async function plain(command: string, argv: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const start = now();
  const child = spawn(command, argv, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(child, "close");
  return elapsed(Buffer.concat(chunks).toString(), start);
}

export async function benchStart(times: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const reached of [1, 200]) {
    const bench = new Workbench({ backend: "local" });
    const { entry, library } = generateWorkspace(bench.workspace, Math.max(reached, 50), reached === 1 ? 0 : reached);
    const text = readFileSync(reached === 1 ? entry : library, "utf8");
    const edited = reached === 1 ? "job.py" : "pkg0/m3.py";
    let edits = 0;
    const viaBundle = async (edit: boolean): Promise<number> => {
      if (edit) edits += 1;
      const overlays = edits === 0 ? {} : { [edited]: `${text}# edit ${String(edits)}\n` };
      const record = await bench.start({ entry: "job.py", overlays });
      const submitted = BigInt(Math.round((bench.submitStarted ?? 0) * 1e6));
      const { stdout } = await bench.end(record);
      return elapsed(stdout, submitted);
    };
    const python = (): Promise<number> => plain(bench.python, [entry], bench.workspace);
    for (const edit of [false, true]) {
      const figures = await paired(times, () => viaBundle(edit), python);
      const more = medianDifference(figures.ours, figures.theirs);
      rows.push({
        what: `first line on local from bundle ready, closure of ${String(reached)}, ${edit ? "after a one-line edit" : "again"}; against python file.py`,
        ...figures, unit: "ms", budget: `less than 60 ms more (${more.toFixed(1)})`, holds: more < 60,
      });
    }
    const env = { ...process.env, SLINGSHOT_STATE_DIR: bench.stateDir };
    const figures = await paired(times, () => plain(process.execPath, [cli, "run", "--quiet", "job.py"], bench.workspace, env), python);
    const more = medianDifference(figures.ours, figures.theirs);
    rows.push({ what: `first line through slingshot run, cold process, closure of ${String(reached)}; against python file.py`, ...figures, unit: "ms", budget: `less than 250 ms more (${more.toFixed(1)})`, holds: more < 250 });
    bench.dispose();
  }
  return rows;
}

/** Submit to first printed line on Spark, against spark-submit by hand with the same master. */
export async function benchSpark(times: number, python: string): Promise<Row[]> {
  const bench = new Workbench({ backend: "spark", master: "local[2]" }, python);
  bench.write({
    "first.py": "import time\nprint(time.time_ns(), flush=True)\n",
    "count.py": "import time\nfrom pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nspark.range(100).count()\nprint(time.time_ns(), flush=True)\nspark.stop()\n",
  });
  const submit = join(python, "..", "spark-submit");
  const env = { ...process.env, PYSPARK_PYTHON: python };
  const rows: Row[] = [];
  for (const [entry, what, budget] of [["first.py", "first printed line", "no slower"], ["count.py", "first result of a Spark action", "none: for information"]] as const) {
    const ours = async (): Promise<number> => {
      const start = now();
      const { stdout } = await bench.run({ entry });
      return elapsed(stdout, start);
    };
    const figures = await paired(times, ours, () => plain(submit, ["--master", "local[2]", join(bench.workspace, entry)], bench.workspace, env));
    const more = medianDifference(figures.ours, figures.theirs);
    rows.push({ what: `Spark local[2], submit to ${what}; against spark-submit`, ...figures, unit: "ms", budget, holds: budget !== "no slower" || more <= 0 });
  }
  bench.dispose();
  return rows;
}
