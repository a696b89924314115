/** What client and server say to each other beyond the Language Server Protocol's own messages. */
import type { JobPatterns, Launchables } from "./jobFunctions.js";

/** Asks for what can be launched in an open document's live text; null: the document is not open. */
export interface LaunchablesParams {
  uri: string;
  patterns: JobPatterns;
}
export type LaunchablesAnswer = Launchables | null;

export const requests = {
  launchables: "slingshot/launchables",
  /** `WireRequest` → `WireAnswer`. */
  snapshot: "slingshot/snapshot",
} as const;

export const notifications = {
  /** `SnapshotRequest` without overlays and interpreter: reads ahead what the next snapshot of this entry will need. */
  warm: "slingshot/warm",
} as const;

export interface WarmParams {
  workspace: string;
  /** Absolute path. */
  file: string;
}
