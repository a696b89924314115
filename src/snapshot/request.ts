/** What the snapshot step is asked for, and what it answers. Plain data: it crosses process boundaries. */
import type { Manifest } from "./manifest.js";

/** One document as it stood in the editor when the launch was frozen, already encoded as a plain save would write it. */
export interface Overlay {
  /** Absolute path on disk, or `.slingshot/untitled/<name>.py` for a document that has none. */
  path: string;
  bytes: Uint8Array;
  /** Document version, for the check that the answer used this very text. */
  version?: number;
}

/** What is known about a Python interpreter, read once by running it outside the workspace (never its code). */
export interface InterpreterInfo {
  /** Absolute path, or null where only a version is known. */
  executable: string | null;
  /** `[major, minor, micro]`. */
  version: [number, number, number];
  /** `sys.implementation.cache_tag`, e.g. `cpython-311`. */
  cacheTag: string;
  /** `importlib.machinery.EXTENSION_SUFFIXES`, in order. */
  extensionSuffixes: string[];
  /** site-packages directories in `sys.path` order, absolute. */
  sitePaths: string[];
  /** `sys.stdlib_module_names` plus builtins; empty means: use the table for the version. */
  stdlib: string[];
}

/** `bundle` of the project file. */
export interface BundleSettings {
  roots?: string[];
  include?: string[];
  exclude?: string[];
  /** Bytes of the whole snapshot. */
  maxSize?: number;
  /** Bytes of a data file that goes along unasked because a source names it; 0: none does. */
  maxDataFile?: number;
}

export interface SnapshotRequest {
  /** Absolute workspace folder. */
  workspace: string;
  /** Other workspace folders, absolute (multi-root): import roots may lie there. */
  folders?: string[];
  /** `file`: absolute path, or an untitled overlay's path. Exactly one of `file`, `module`. */
  entry: { file?: string; function?: string; module?: string };
  /** Working directory of a `-m` run (its first import root) and of the command line; absolute. */
  cwd: string;
  overlays: Overlay[];
  /** `--root`: replaces all inference; relative to the workspace folder. Absent: infer. */
  roots?: string[];
  /** `--site`: replaces the interpreter's site-packages; absolute. */
  site?: string[];
  /** Entries of PYTHONPATH that the job will have, absolute. */
  pythonPath?: string[];
  interpreter: InterpreterInfo | null;
  bundle: BundleSettings;
  /** Extra include globs of this launch (`--include`). */
  include?: string[];
}

/** Where the bytes of a snapshot go. `bundle --json` uses a sink that keeps nothing. */
export interface ContentSink {
  has(sha256: string): boolean;
  put(sha256: string, bytes: Uint8Array): void;
}

/** A refusal: nothing was sent. `code` is one of the catalogue in base/errors.ts. */
export interface Snapshot {
  manifest: Manifest;
}
