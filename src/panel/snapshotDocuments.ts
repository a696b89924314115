/** Files of a snapshot as read-only documents: `slingshot-snapshot:/<id>/<path>?<sha256>`. */
import * as vscode from "vscode";
import type { ManifestFile } from "../snapshot/manifest.js";
import type { ContentSource } from "./panelHost.js";

export const snapshotScheme = "slingshot-snapshot";

/** Larger files are no documents of VS Code. */
const limit = 50_000_000;

export class SnapshotDocuments implements vscode.TextDocumentContentProvider {
  constructor(private readonly contents: ContentSource) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    const digest = uri.query;
    if (!/^[0-9a-f]{64}$/.test(digest) || !this.contents.has(digest)) {
      return "The content of this file is no longer in Slingshot's store.";
    }
    const bytes = this.contents.read(digest);
    if (bytes.length > limit) return "This file is too large to be shown.";
    return new TextDecoder(isUtf8(bytes) ? "utf-8" : "latin1").decode(bytes);
  }
}

/** `snapshot`: the snapshot's id, of which the first characters show in the title. */
export function snapshotUri(snapshot: string, file: Pick<ManifestFile, "path" | "sha256">): vscode.Uri {
  return vscode.Uri.from({ scheme: snapshotScheme, path: `/${snapshot.slice(0, 8)}/${file.path}`, query: file.sha256 });
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
