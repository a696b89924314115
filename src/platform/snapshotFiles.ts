/**
 * Files of snapshots as a read-only file system, byte for byte as stored: `slingshot-snapshot:/<path>?<sha256>`. The digest
 * alone says which bytes; the path is what people read.
 */
import { readFile, stat } from "node:fs/promises";
import * as vscode from "vscode";
import { isErrno } from "../base/errors.js";
import type { ManifestFile } from "../snapshot/manifest.js";

export const snapshotScheme = "slingshot-snapshot";

/** Where content lies by its digest; `bundle/contentStore.ts` is one. */
export interface StoredContent {
  path(sha256: string): string;
}

/** A snapshot's file by itself: the first characters of the snapshot's id show in the title. */
export function snapshotUri(snapshot: string, file: Pick<ManifestFile, "path" | "sha256">): vscode.Uri {
  return vscode.Uri.from({ scheme: snapshotScheme, path: `/${snapshot.slice(0, 8)}/${file.path}`, query: file.sha256 });
}

/** The same beside another version of the file: an editor that compares takes another path for a renamed file. */
export function snapshotUriAt(place: vscode.Uri, sha256: string): vscode.Uri {
  return vscode.Uri.from({ scheme: snapshotScheme, path: place.path, query: sha256 });
}

export function registerSnapshotFiles(contents: StoredContent): vscode.Disposable {
  const why = new vscode.MarkdownString("This is what a job was given: the files of a snapshot never change.");
  return vscode.workspace.registerFileSystemProvider(snapshotScheme, new SnapshotFiles(contents), { isCaseSensitive: true, isReadonly: why });
}

class SnapshotFiles implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** Never fires: a digest names its bytes for good. */
  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly contents: StoredContent) {}

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { size } = await this.content(uri, (path) => stat(path));
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size, permissions: vscode.FilePermission.Readonly };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.content(uri, (path) => readFile(path));
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private async content<T>(uri: vscode.Uri, read: (path: string) => Promise<T>): Promise<T> {
    if (!/^[0-9a-f]{64}$/.test(uri.query)) throw vscode.FileSystemError.FileNotFound(uri);
    try {
      return await read(this.contents.path(uri.query));
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
      throw vscode.FileSystemError.FileNotFound(`${uri.path} is no longer in Slingshot's store: its job was forgotten.`);
    }
  }
}
