/** Whether a file system's times can prove that a file is still what was read. */
import { statfsSync } from "node:fs";
import { isErrno } from "../base/errors.js";

/**
 * Types (`f_type` of statfs(2), Linux) that keep attributes of another machine for a while, or times that are set by
 * whoever writes: network file systems, FUSE, shared folders of virtual machines, FAT.
 */
const unproven: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x65735546, // FUSE
  0x01021997, // 9P
  0x786f4256, // VirtualBox
  0xbacbacbc, // VMware
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x5346414f, // AFS
  0x47504653, // GPFS
  0x19830326, // BeeGFS
  0x01161970, // GFS2
  0x7461636f, // OCFS2
  0x4d44, // FAT
  0x2011bab0, // exFAT
]);

const known = new Map<number, boolean>();

/** `dev`: the device that holds `path`. Asked once for each device; where the system can't say, its times are believed. */
export function timesProveContent(dev: number, path: string): boolean {
  let proves = known.get(dev);
  if (proves === undefined) {
    proves = process.platform !== "linux" || !unproven.has(typeOf(path));
    known.set(dev, proves);
  }
  return proves;
}

function typeOf(path: string): number {
  try {
    return statfsSync(path).type >>> 0;
  } catch (error) {
    if (isErrno(error)) return 0;
    throw error;
  }
}
