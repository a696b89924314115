/** What a driver on the cluster needs: packed on this machine, under the names that spark_boot.py knows. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically, writeJson } from "../../base/files.js";
import { writeArchive, type ArchiveEntry } from "../../bundle/archive.js";
import type { Submission } from "../backend.js";
import type { RunnerSpec } from "../shared/runnerSpec.js";
import { executorPath, layerName, writeExecutorArchive, type ShimContent } from "./shim.js";

/** Local paths by their name on the stage. `folder` is private to the job. */
export async function clusterFiles(job: Submission, folder: string, shim: ShimContent, workdir: string | null): Promise<Record<string, string>> {
  const files: Record<string, string> = { "spark_boot.py": join(shim.runnerDir, "spark_boot.py") };
  for (const layer of shim.bundle.layers) files[`${layerName(layer)}.tar`] = await shim.bundle.archive(layer, "tar");
  const archive = await writeExecutorArchive(folder, shim);
  files[archive.name + ".tgz"] = archive.path;
  const packed = join(folder, "job.tar");
  await writeArchive(packed, "tar", [...runnerFiles(shim.runnerDir), text("manifest.json", shim.bundle.manifest), text("spec.json", specFor(job, shim, workdir))]);
  files["job.tar"] = packed;
  const interpreters = join(folder, "interpreter");
  writeAtomically(interpreters, shim.interpreters.join("\n") + "\n");
  files["driver/bin/interpreter"] = interpreters;
  files["driver/bin/python"] = join(shim.runnerDir, "spark_python.sh");
  return files;
}

/** Paths are relative to a folder that the driver's worker makes. */
function specFor(job: Submission, shim: ShimContent, workdir: string | null): RunnerSpec {
  return {
    version: 1,
    job: job.record.id,
    manifest: "manifest.json",
    tree: "tree",
    store: null,
    // The tree goes with the driver: bytecode kept for another job would only delay the end.
    bytecode: null,
    argv: job.argv,
    arguments: job.arguments,
    env: null,
    workdir: workdir ?? "job/work",
    prepareWorkdir: workdir === null,
    folder: "job",
    grace: 5,
    outputsLimit: 1 << 30,
    preview: { rows: 1000, columns: 200, seconds: 30 },
    spark: { properties: null, sparkHome: null, executorPython: executorPath(shim.bundle), localPython: executorPath(shim.bundle), environment: {} },
  };
}

function runnerFiles(folder: string): ArchiveEntry[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".py"));
  return names.map((name) => ({ path: `runner/${name}`, mode: "644", content: () => readFileSync(join(folder, name)) }));
}

function text(path: string, value: unknown): ArchiveEntry {
  return { path, mode: "644", content: () => Buffer.from(JSON.stringify(value)) };
}

/** What another process must know to follow or clean up; no credentials. `run/cluster.json` of the job. */
export interface ClusterPlace {
  rest: string;
  ui: string;
  stage: string;
  sparkHome: string | null;
  uiPort: number;
}

export function writePlace(folder: string, place: ClusterPlace): void {
  writeJson(join(folder, "cluster.json"), place);
}
