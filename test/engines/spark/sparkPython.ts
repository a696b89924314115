/** The interpreters whose pyspark the suites use. */
import { execFileSync } from "node:child_process";

export interface SparkPython {
  executable: string;
  /** SPARK_HOME of its pyspark. */
  home: string;
}

/**
 * From an environment variable that the set-up sets. Without it the suite is skipped, in words; with `CI` set that is a failure.
 */
export function sparkPython(variable: "SLINGSHOT_SPARK_PYTHON" | "SLINGSHOT_SPARK35_PYTHON"): SparkPython | undefined {
  const executable = process.env[variable];
  if (executable === undefined || executable === "") {
    if (process.env["CI"] !== undefined && variable === "SLINGSHOT_SPARK_PYTHON") throw new Error(`${variable} is not set: run the suites by npm test`);
    process.stderr.write(`skipped: ${variable} does not name a Python with pyspark\n`);
    return undefined;
  }
  const home = execFileSync(executable, ["-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"], { encoding: "utf8" }).trim();
  return { executable, home };
}
