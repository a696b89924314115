/** A library made ready to be sent after an edit: the changed layer, against the egg that oarphpy builds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { packBundle } from "../../src/bundle/pack.js";
import { Workbench } from "../contract/workbench.js";
import { medianRatio, paired, type Row } from "./measure.js";
import { generateWorkspace } from "./workspaces.js";

const modules = 200;
const factor = 50;
/** Launches that a user's long-lived process has behind it; the builder's process is long-lived too. */
const warmUp = 30;

/** `python` has pyspark; `peers` is an interpreter of the same version whose packages hold oarphpy and setuptools. Both sides are warm. */
export async function benchEgg(times: number, python: string, peers: string): Promise<Row[]> {
  const bench = new Workbench({ backend: "local" });
  const { library } = generateWorkspace(bench.workspace, modules, modules);
  const text = readFileSync(library, "utf8");
  const builder = spawn(python, [resolve(import.meta.dirname, "egg.py"), await packagesOf(peers), join(bench.workspace, "pkg0"), "pkg"], { stdio: ["pipe", "pipe", "ignore"] });
  const answers = createInterface(builder.stdout)[Symbol.asyncIterator]();
  try {
    let edits = 0;
    const ours = async (): Promise<number> => {
      edits += 1;
      const started = performance.now();
      const manifest = await bench.snapshot({ entry: "job.py", overlays: { "pkg0/m3.py": `${text}# edit ${String(edits)}\n` } });
      const bundle = packBundle(manifest, bench.contents);
      const changing = bundle.layers.find((layer) => layer.name === "changing");
      if (changing !== undefined) await bundle.archive(changing, "tar");
      const ms = performance.now() - started;
      if (manifest.files.length !== modules + 1) throw new Error(`the snapshot has ${String(manifest.files.length)} files, not ${String(modules + 1)}`);
      return ms;
    };
    const theirs = async (): Promise<number> => {
      builder.stdin.write("\n");
      const answer = await answers.next();
      if (answer.done === true) throw new Error("oarphpy built no egg: run test/bench/egg.py by hand to see why");
      const [ms, files] = answer.value.split(" ").map(Number);
      if (files !== modules || ms === undefined) throw new Error(`the egg has ${String(files)} Python files, not ${String(modules)}`);
      return ms;
    };
    for (let n = 0; n < warmUp; n++) await ours();
    const figures = await paired(times, ours, theirs);
    const faster = 1 / medianRatio(figures.ours, figures.theirs);
    return [{ what: `library of ${String(modules)} modules ready to send after one edit, warm; against oarphpy's egg`, ...figures, unit: "ms", budget: `${String(factor)} times faster (${faster.toFixed(0)})`, holds: faster >= factor }];
  } finally {
    builder.kill();
    bench.dispose();
  }
}

async function packagesOf(python: string): Promise<string> {
  const child = spawn(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"], { stdio: ["ignore", "pipe", "inherit"] });
  let path = "";
  child.stdout.on("data", (bytes: Buffer) => { path += bytes.toString(); });
  await once(child, "close");
  return path;
}
