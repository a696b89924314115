/** Pure: what `ssh` is started with, and what the host is told first. */
import { deflateSync } from "node:zlib";
import type { HostPlace } from "./hostPlace.js";

/** Seconds: the server is asked for a sign of life every so often, and given up after so many without one. */
const aliveEvery = 5;
const aliveMost = 3;

/**
 * Arguments of `ssh`. The user's configuration, agent and jump hosts count; what would take the connection for something
 * else (forwardings, a terminal, a command of its own) is switched off for it. Nothing is asked: there is nobody to answer.
 */
export function sshArguments(place: HostPlace): string[] {
  const options = [
    "BatchMode=yes", "ConnectTimeout=10", `ServerAliveInterval=${String(aliveEvery)}`, `ServerAliveCountMax=${String(aliveMost)}`,
    "ClearAllForwardings=yes", "ControlMaster=no", "ForwardX11=no", "PermitLocalCommand=no", "RemoteCommand=none", "RequestTTY=no",
  ];
  const words = ["-T", ...options.flatMap((option) => ["-o", option])];
  if (place.sshConfig !== null) words.push("-F", place.sshConfig);
  if (place.identityFile !== null) words.push("-i", place.identityFile);
  if (place.jumpHost !== null) words.push("-J", place.jumpHost);
  if (place.port !== null) words.push("-p", String(place.port));
  if (place.user !== null) words.push("-l", place.user);
  return [...words, "--", place.host.replace(/^\[|\]$/g, ""), hostCommand(place.python)];
}

/** Reads Python up to a `~` from standard input, a byte at a time so that the rest stays there, and runs it. */
const loader = 'import os;exec(b"".join(iter(lambda:os.read(0,1)or os._exit(1),b"~")).decode())';

/**
 * What the login shell is given, whichever shell it is: only words in single quotes, which sh, bash, zsh, csh and fish
 * read alike.
 */
export function hostCommand(python: string | null): string {
  if (python === null) {
    return `exec /bin/sh -c 'for p in python3 python; do command -v $p >/dev/null 2>&1 && exec $p -c "$0"; done; exit 127' '${loader}'`;
  }
  const program = python.startsWith("~/") ? `~/'${python.slice(2)}'` : `'${python}'`;
  return `exec /bin/sh -c 'exec "$0" -c "$1"' ${program} '${loader}'`;
}

/**
 * The first bytes that the host's Python reads: the boot program, then the agent's modules by name, in the order in which
 * they are loaded. `nonce`: what the agent's first line carries, so that nothing else that a login prints is taken for it.
 */
export function bootBytes(nonce: string, search: boolean, boot: string, modules: Readonly<Record<string, string>>): Buffer {
  const first = `nonce=${pythonText(nonce)};search=${search ? "1" : "0"};source=${pythonText(boot)};exec(source)`;
  if (first.includes("~")) throw new Error("the boot program must not contain the character that ends it");
  const rest = deflateSync(Buffer.from(JSON.stringify(modules)), { level: 9 });
  return Buffer.concat([Buffer.from(`${first}~${String(rest.length).padStart(10, "0")}`), rest]);
}

/** A literal that Python 2 and 3 read as this text (ASCII only). */
function pythonText(text: string): string {
  if (/[^\n\x20-\x7e]/.test(text)) throw new Error("the boot program must be plain ASCII");
  return JSON.stringify(text);
}
