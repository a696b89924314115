/**
 * The snapshot manifest: what `slingshot bundle --json` prints and what every engine receives.
 * Its shape is a contract; other programs read it.
 */
import { createHash } from "node:crypto";

/** Where a file's bytes came from: the editor's buffer or the disk. */
export type Origin = "buffer" | "disk";

/** Unix permission of a file in the tree, as printed in octal. */
export type FileMode = "644" | "755";

/** Why a file is part of the snapshot. `by` and `line` name the importer and its 1-based line. */
export interface Reason {
  kind:
    | "entry"
    | "import"
    | "parent-package"
    | "dynamic-import"
    | "include"
    | "data-reference"
    | "shadows-stdlib"
    | "conftest"
    | "native-extension";
  by?: string;
  line?: number;
  /** The rule or name that led here, in words for people. */
  detail?: string;
}

export interface ManifestFile {
  /** POSIX path relative to the workspace folder, or below `.slingshot/roots/<name>/` or `.slingshot/untitled/`. */
  path: string;
  mode: FileMode;
  /** Bytes. */
  size: number;
  sha256: string;
  origin: Origin;
  reason: Reason;
}

export type Severity = "error" | "warning" | "info";

/** One honest remark about the snapshot. `kind:subject` identifies it. */
export interface Note {
  kind: string;
  subject: string;
  severity: Severity;
  file?: string;
  /** 1-based. */
  line?: number;
  text: string;
}

export interface EntryPoint {
  /** Manifest path of the entry file; null for `-m MODULE` where no file was found. */
  file: string | null;
  function: string | null;
  module: string | null;
  /** The launch named the folder of `file`, which runs as `python folder/` would; no part of the id. */
  folder?: true;
}

export interface FallbackRoots {
  declared: string[];
  guessed: string[];
}

/** `excluded[].rule` of a file that the user left out when asked about secrets. */
export const leftOutAsSecret = "your decision: it looks like a secret";

export interface Manifest {
  id: string;
  /** Absolute path of the workspace folder. */
  workspace: string;
  entry: EntryPoint;
  /** Manifest paths of directories in `sys.path` order; "." is the workspace folder. */
  importRoots: string[];
  fallbackRoots: FallbackRoots;
  files: ManifestFile[];
  external: string[];
  notes: Note[];
  excluded: { path: string; rule: string }[];
  timings: { closureMs: number; hashMs: number; packMs: number };
}

/**
 * The snapshot's id: SHA-256 of the UTF-8 lines that say what runs (DESIGN 4.1).
 * Equal content gives an equal id on every machine.
 */
export function snapshotId(manifest: Pick<Manifest, "entry" | "importRoots" | "fallbackRoots" | "files">): string {
  const { entry } = manifest;
  const lines = ["slingshot 1", `entry ${entry.file ?? "-"} ${entry.function ?? "-"} ${entry.module ?? "-"}`];
  for (const root of manifest.importRoots) lines.push(`root ${root}`);
  for (const root of manifest.fallbackRoots.declared) lines.push(`declared ${root}`);
  for (const root of manifest.fallbackRoots.guessed) lines.push(`guessed ${root}`);
  for (const file of manifest.files) lines.push(fileLine(file));
  return createHash("sha256").update(lines.join("\n") + "\n").digest("hex");
}

/** The digest that names a tree or a layer: SHA-256 over its files' `<mode> <sha256> <size> <path>` lines. */
export function filesDigest(files: readonly ManifestFile[]): string {
  return createHash("sha256").update(files.map((file) => fileLine(file) + "\n").join("")).digest("hex");
}

function fileLine(file: ManifestFile): string {
  return `${file.mode} ${file.sha256} ${String(file.size)} ${file.path}`;
}
