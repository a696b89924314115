/** What a job leaves on its host, into its folder here: results, collected outputs and their list. */
import { existsSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makePrivateFolder } from "../../../base/files.js";
import type { JobPaths } from "../../../jobs/jobPaths.js";
import type { AgentSession } from "./agentSession.js";

const pieceSize = 1 << 18;
const atOnce = 8;

/** Files that are here already, as an interrupted fetch left them, are not asked for again. Throws where the host is lost. */
export async function fetchRecord(session: AgentSession, id: string, paths: JobPaths, signal: AbortSignal): Promise<void> {
  const { header } = await session.request({ do: "files", id }, undefined, signal);
  const files = (header["files"] as [string, number][]).filter(([path]) => isInside(path));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) await fetchFile(session, id, paths, file, signal);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function fetchFile(session: AgentSession, id: string, paths: JobPaths, [path, size]: [string, number], signal: AbortSignal): Promise<void> {
  const target = join(paths.folder, ...path.split("/"));
  if (existsSync(target) && statSync(target).size === size) return;
  makePrivateFolder(dirname(target));
  const beside = `${target}.part`;
  const handle = await open(beside, "w", 0o600);
  try {
    for (let offset = 0; offset < size; ) {
      const { body } = await session.request({ do: "read", id, path, offset, length: Math.min(pieceSize, size - offset) }, undefined, signal);
      // Shorter than it was: something on the host still writes to it.
      if (body.length === 0) break;
      await handle.writeFile(body);
      offset += body.length;
    }
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(beside, target);
}

/** The list comes from another machine: nothing outside the folders of the record is written. */
function isInside(path: string): boolean {
  const parts = path.split("/");
  const place = parts[0] === "results" || parts[0] === "outputs" || path === "run/outputs.json";
  return place && parts.length > 1 && parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\0\\]/.test(part));
}
