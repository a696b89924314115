/** `slingshot bundle`: what would be sent, as JSON, as text for people, or as a zip that runs anywhere. */
import { statSync } from "node:fs";
import { writeBundleZip } from "../bundle/bundleZip.js";
import { stateDirectory } from "../base/stateDir.js";
import { readProject } from "../project/projectFile.js";
import { errorText, explain } from "../base/errors.js";
import { JobStore } from "../jobs/jobStore.js";
import { previousRun } from "../jobs/previousRun.js";
import type { Manifest } from "../snapshot/manifest.js";
import type { ContentSink, SnapshotRequest } from "../snapshot/request.js";
import { judgeSecrets } from "../snapshot/secrets/screenSecrets.js";
import { SecretSearch } from "../snapshot/secrets/secretSearch.js";
import { SecretDecisions } from "../project/secretDecisions.js";
import { KnownFiles } from "../snapshot/knownFiles.js";
import { bundleText, type LastRun } from "./bundleText.js";
import { parseEntryOptions, usage } from "./options.js";
import { print, say } from "./output.js";
import { buildOf, snapshotInterpreter } from "./services.js";
import { join } from "node:path";
import { backendVocabularies } from "../backends/registry.js";

/** Bytes of one snapshot. What nobody will read counts as there already, so that it is not kept. */
class MemorySink implements ContentSink {
  private readonly contents = new Map<string, Uint8Array>();
  constructor(private readonly idle: (sha256: string) => boolean) {}
  has(sha256: string): boolean {
    return this.contents.has(sha256) || this.idle(sha256);
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
  const { manifest, sink } = await judgedSnapshot({ ...options.snapshot, interpreter, bundle: project.bundle }, options.out !== undefined);
  if (options.out !== undefined) {
    const started = performance.now();
    await writeBundleZip(options.out, manifest, sink, join(__dirname, "runner"));
    manifest.timings.packMs = performance.now() - started;
    for (const note of manifest.notes) if (note.kind === "secret") say(options.quiet || options.json, `${note.severity}: ${note.text}`);
    say(options.quiet || options.json, `wrote ${options.out}`);
  }
  if (options.json) print(JSON.stringify(manifest, null, 1));
  else if (options.out === undefined) print(bundleText(manifest, lastRun(manifest, options.quiet)));
  return 0;
}

/** Nothing leaves the machine here, so what looks like a secret is told and stops nothing. `keep`: whether the bytes are wanted. */
async function judgedSnapshot(request: SnapshotRequest, keep: boolean): Promise<{ manifest: Manifest; sink: MemorySink }> {
  const search = new SecretSearch(stateDirectory());
  const known = new KnownFiles(stateDirectory(), buildOf(__filename));
  let sink = new MemorySink((sha256) => !keep && search.knows(sha256));
  let { manifest } = known.take(request, sink);
  const read = (sha256: string): Buffer => sink.read(sha256);
  if (!keep && !search.covers(manifest.files.filter(({ sha256 }) => search.knows(sha256)))) {
    // Known bytes in a file of another kind must be searched once more.
    sink = new MemorySink(() => false);
    ({ manifest } = known.take(request, sink));
  }
  return { manifest: judgeSecrets(manifest, await search.search(manifest.files, read), new SecretDecisions(stateDirectory())), sink };
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
