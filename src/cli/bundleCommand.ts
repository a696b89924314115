/** `slingshot bundle`: what would be sent, as JSON, as text for people, or as a zip that runs anywhere. */
import { statSync } from "node:fs";
import { writeBundleZip } from "../bundle/bundleZip.js";
import { stateDirectory } from "../base/stateDir.js";
import { readProject } from "../project/projectFile.js";
import { errorText, explain } from "../base/errors.js";
import { JobStore } from "../jobs/jobStore.js";
import { previousRun } from "../jobs/previousRun.js";
import type { Manifest } from "../snapshot/manifest.js";
import type { ContentSink } from "../snapshot/request.js";
import { Snapshotter } from "../snapshot/snapshotter.js";
import { bundleText, type LastRun } from "./bundleText.js";
import { parseEntryOptions, usage } from "./options.js";
import { print, say } from "./output.js";
import { snapshotInterpreter } from "./services.js";
import { join } from "node:path";
import { backendVocabularies } from "../backends/registry.js";

/** Bytes of one snapshot, kept for the zip alone; without one nothing is lacking, so that no bytes are kept for it. */
class MemorySink implements ContentSink {
  private readonly contents = new Map<string, Uint8Array>();
  constructor(private readonly keep: boolean) {}
  has(sha256: string): boolean {
    return !this.keep || this.contents.has(sha256);
  }
  put(sha256: string, bytes: Uint8Array): void {
    this.contents.set(sha256, bytes);
  }
  read(sha256: string): Buffer {
    return Buffer.from(this.contents.get(sha256) ?? new Uint8Array());
  }
}

export async function bundleCommand(words: string[]): Promise<number> {
  const options = parseEntryOptions(words, "bundle", process.cwd(), process.env);
  if (options.out !== undefined && statSync(options.out, { throwIfNoEntry: false })?.isDirectory() === true) throw usage(`\`--out\` names a folder: ${options.out}.`);
  const project = readProject(options.workspace, backendVocabularies(), {});
  const interpreter = await snapshotInterpreter(options.python, options.workspace, stateDirectory());
  const sink = new MemorySink(options.out !== undefined);
  const { manifest } = new Snapshotter().take({ ...options.snapshot, interpreter, bundle: project.bundle }, sink);
  if (options.out !== undefined) {
    const started = performance.now();
    await writeBundleZip(options.out, manifest, sink, join(__dirname, "runner"));
    manifest.timings.packMs = performance.now() - started;
    say(options.quiet || options.json, `wrote ${options.out}`);
  }
  if (options.json) print(JSON.stringify(manifest, null, 1));
  else if (options.out === undefined) print(bundleText(manifest, lastRun(manifest, options.quiet)));
  return 0;
}

/** Undefined where the entry has not run here, null where the history of jobs can't be read. */
function lastRun(manifest: Manifest, quiet: boolean): LastRun | undefined | null {
  try {
    const jobs = new JobStore(stateDirectory());
    const job = previousRun(jobs.list(), manifest);
    return job === undefined ? undefined : { job, manifest: jobs.manifest(job.record.id) };
  } catch (error) {
    say(quiet, `the last run can't be read, so nothing is compared with it: ${errorText(explain(error))}`);
    return null;
  }
}
