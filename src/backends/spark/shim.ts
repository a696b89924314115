/** The Python that Spark starts for its tasks (src/runner/spark_shim.py), as a folder here and as an archive for executors. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { makePrivateFolder, writeAtomically } from "../../base/files.js";
import { writeArchive, type ArchiveEntry } from "../../bundle/archive.js";
import type { Bundle, Layer } from "../../bundle/bundle.js";

export interface ShimContent {
  runnerDir: string;
  /** Interpreters to try, in order: paths or names. */
  interpreters: readonly string[];
  bundle: Bundle;
}

/** Name of the tree in an executor's directory. */
export function treeName(bundle: Bundle): string {
  return `ss_${bundle.tree.slice(0, 16)}`;
}

/** The relative path that executors start, below their own directory. */
export function executorPath(bundle: Bundle): string {
  return `./${treeName(bundle)}/bin/python`;
}

/** Writes the folder for workers of this machine, whose files are those of `tree`; returns the path of its Python. */
export function writeLocalShim(folder: string, tree: string, content: ShimContent): string {
  for (const entry of entriesOf(content, { tree, layers: [] })) {
    const path = join(folder, ...entry.path.split("/"));
    makePrivateFolder(dirname(path));
    writeFileSync(path, entry.content(), { mode: 0o600 });
    chmodSync(path, entry.mode === "755" ? 0o700 : 0o600);
  }
  return join(folder, "bin", "python");
}

/** Name of a layer's folder beside the tree. */
export function layerName(layer: Layer): string {
  return `ssl_${layer.digest.slice(0, 16)}`;
}

/** Writes the archives for executors; returns `spark.archives` entries. Layers are written once for all jobs. */
export async function writeExecutorArchives(folder: string, content: ShimContent): Promise<string[]> {
  const layers = await Promise.all(content.bundle.layers.map(async (layer) => ({ name: layerName(layer), path: await content.bundle.archive(layer, "tar") })));
  const shim = await writeExecutorArchive(folder, content);
  return [shim, ...layers].map(({ name, path }) => `${pathToFileURL(path).href}#${name}`);
}

/**
 * Writes the tree's own archive, which holds everything but the layers' files. It is compressed because Spark keeps the
 * permission to execute only there: it unpacks a plain `.tar` by a method that forgets modes (SPARK-38632).
 */
export async function writeExecutorArchive(folder: string, content: ShimContent): Promise<{ name: string; path: string }> {
  const name = treeName(content.bundle);
  const plain = join(folder, "shim.tar");
  const path = join(folder, `${name}.tgz`);
  rmSync(plain, { force: true });
  await writeArchive(plain, "tar", entriesOf(content, { tree: null, layers: content.bundle.layers.map(layerName) }));
  writeAtomically(path, gzipSync(readFileSync(plain), { level: 1 }));
  rmSync(plain);
  return { name, path };
}

function entriesOf(content: ShimContent, layers: { tree: string | null; layers: string[] }): ArchiveEntry[] {
  const shipped = (name: string) => () => readFileSync(join(content.runnerDir, name));
  const text = (value: string) => () => Buffer.from(value);
  return [
    { path: "bin/python", mode: "755", content: shipped("spark_python.sh") },
    { path: "bin/interpreter", mode: "644", content: text(content.interpreters.filter((name) => !name.includes("\n")).join("\n") + "\n") },
    { path: "bin/spark_shim.py", mode: "644", content: shipped("spark_shim.py") },
    { path: "bin/modulepath.py", mode: "644", content: shipped("modulepath.py") },
    { path: ".slingshot/manifest.json", mode: "644", content: text(JSON.stringify(content.bundle.manifest)) },
    { path: ".slingshot/layers.json", mode: "644", content: text(JSON.stringify(layers)) },
  ];
}
