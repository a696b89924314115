/** Zip archives on an import root: their members by directory, from the central directory. */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { isErrno } from "../base/errors.js";
import { entryKind, type EntryKind } from "./diskCache.js";

export interface ZipDirectory {
  /** Entries of a directory inside the archive ("" is its top), or null. */
  list(directory: string): ReadonlyMap<string, EntryKind> | null;
  /** Content of a member, or null. */
  read(member: string): Uint8Array | null;
}

/** Reads the archive at `path`; null where it is none (APPNOTE 4.3, without ZIP64). */
export function zipDirectory(path: string): ZipDirectory | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (isErrno(error)) return null;
    throw error;
  }
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > bytes.length) return null;
  const count = bytes.readUInt16LE(end + 10);
  const members = new Map<string, { method: number; size: number; header: number }>();
  const directories = new Map<string, Map<string, EntryKind>>([["", new Map()]]);
  let at = end - bytes.readUInt32LE(end + 12);
  const shift = at - bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count && at >= 0 && at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50; index++) {
    const length = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + length);
    members.set(name, { method: bytes.readUInt16LE(at + 10), size: bytes.readUInt32LE(at + 20), header: bytes.readUInt32LE(at + 42) + shift });
    enter(directories, name);
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return {
    list: (directory) => directories.get(directory) ?? null,
    read: (member) => {
      const found = members.get(member);
      if (found === undefined || found.header < 0 || found.header + 30 > bytes.length) return null;
      const start = found.header + 30 + bytes.readUInt16LE(found.header + 26) + bytes.readUInt16LE(found.header + 28);
      const content = bytes.subarray(start, start + found.size);
      return found.method === 0 ? content : found.method === 8 ? inflateRawSync(content) : null;
    },
  };
}

function enter(directories: Map<string, Map<string, EntryKind>>, name: string): void {
  const parts = name.split("/");
  let directory = "";
  parts.forEach((part, index) => {
    if (part === "") return;
    const last = index === parts.length - 1;
    const entries = directories.get(directory) ?? new Map<string, EntryKind>();
    directories.set(directory, entries);
    if (!entries.has(part)) entries.set(part, last ? entryKind.file : entryKind.directory);
    directory = directory === "" ? part : `${directory}/${part}`;
  });
}
