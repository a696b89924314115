/**
 * `npm run bench [-- part …]`: the budgets, measured side by side in one run, PYTHON* variables cleared.
 * Parts: start, snapshot, spark (needs SLINGSHOT_SPARK_PYTHON), size.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { printRows, type Row } from "./measure.js";
import { benchSnapshot, benchSpark, benchStart } from "./start.js";

for (const name of Object.keys(process.env)) if (name.startsWith("PYTHON")) Reflect.deleteProperty(process.env, name);

const wanted = process.argv.slice(2);
const parts: Record<string, () => Promise<Row[]>> = {
  start: () => benchStart(15),
  snapshot: () => benchSnapshot(100),
  spark: () => {
    const python = process.env["SLINGSHOT_SPARK_PYTHON"];
    return python === undefined ? Promise.reject(new Error("set SLINGSHOT_SPARK_PYTHON to a Python with pyspark")) : benchSpark(5, python);
  },
  size: () => {
    const vsix = existsSync("out") ? readdirSync("out").find((name) => name.endsWith(".vsix")) : undefined;
    if (vsix === undefined) return Promise.reject(new Error("run npm run package first"));
    const megabytes = statSync(`out/${vsix}`).size / 1e6;
    return Promise.resolve([{ what: "VSIX", ours: [megabytes], theirs: [], unit: "MB", budget: "2 MB", holds: megabytes < 2 }]);
  },
};

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
