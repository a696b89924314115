/** The jobs of the window under test, as its state directory has them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface ManifestOnDisk {
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly origin: string }[];
}

function stateDir(): string {
  return process.env["SLINGSHOT_STATE_DIR"] ?? join(process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"), "slingshot");
}

export function jobIds(): string[] {
  const folder = join(stateDir(), "jobs");
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^[0-9A-Z]{26}$/.test(name)) : [];
}

export function jobFolder(id: string): string {
  return join(stateDir(), "jobs", id);
}

export function manifestOf(id: string): ManifestOnDisk {
  return JSON.parse(readFileSync(join(jobFolder(id), "manifest.json"), "utf8")) as ManifestOnDisk;
}

export function storedText(sha256: string): string {
  return readFileSync(join(stateDir(), "store", sha256.slice(0, 2), sha256), "utf8");
}
