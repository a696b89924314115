/** What client and server say to each other beyond the Language Server Protocol's own messages. */
import type { JobSettings } from "../snapshot/documentImports.js";
import type { JobPatterns, Launchables } from "./jobFunctions.js";

/** Asks for what can be launched in an open document's live text; null: the document is not open. */
export interface LaunchablesParams {
  uri: string;
  patterns: JobPatterns;
}
export type LaunchablesAnswer = Launchables | null;

/** What a job of a document would be launched with, as the extension knows it. */
export interface JobContext {
  /** Where the document stands in the workspace view: absolute, or below `.slingshot/untitled/`. */
  path: string;
  settings: JobSettings;
  /** Name of the chosen target. */
  target: string;
  /** Whether hovers, diagnostics and quick fixes for imports are wanted. */
  enabled: boolean;
}

/** Files and folders that came, went or were written, by absolute path. */
export interface FileNews {
  moved: string[];
  changed: string[];
  /** There was more than is told here. */
  missed: boolean;
}

export const requests = {
  launchables: "slingshot/launchables",
  /** `WireRequest` → `WireAnswer`. */
  snapshot: "slingshot/snapshot",
  /** From the server: document uri → `JobContext`, or null for a document that no job can hold. */
  jobContext: "slingshot/jobContext",
  /** `SecretsParams` → `SearchedContent[]`. */
  secrets: "slingshot/secrets",
} as const;

export const notifications = {
  /** `WarmParams`: reads ahead what the next snapshot of this file will need. */
  warm: "slingshot/warm",
  stopReadingAhead: "slingshot/stopReadingAhead",
  /** From the server, for what takes longer than a second: `ReadingAhead`, or null once it is over. */
  readingAhead: "slingshot/readingAhead",
  /** All `JobContext`s may differ now. */
  contextChanged: "slingshot/contextChanged",
  /** `FileNews`. */
  files: "slingshot/files",
} as const;

export interface WarmParams {
  uri: string;
}

export interface ReadingAhead {
  /** Path of the program that is read ahead, relative to its workspace folder. */
  file: string;
  /** Modules followed so far. */
  modules: number;
}
