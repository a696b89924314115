/** A host that jobs run on, as a target names it: where the system's `ssh` connects to, and what runs there. */
import { SlingshotError } from "../../../base/errors.js";
import type { Target } from "../../../project/target.js";
import type { SettingSpec } from "../../../project/vocabulary.js";
import type { JobRef } from "../../backend.js";

/** Settings of every target that is reached by ssh. */
export const hostSettings = {
  host: { type: "string", required: true, sensitive: true, description: "The host, as for `ssh`: a name of your ssh configuration, or an address; `user@host` too." },
  user: { type: "string", sensitive: true, description: "User on the host. Default: as your ssh configuration says." },
  port: { type: "integer", sensitive: true, description: "Port of the host's ssh server. Default: as your ssh configuration says." },
  identityFile: { type: "string", sensitive: true, description: "Private key, as for `ssh -i`." },
  jumpHost: { type: "string", sensitive: true, description: "Hosts to go through, as for `ssh -J`: `user@gateway:22`, several with commas." },
  sshConfig: { type: "string", sensitive: true, description: "ssh configuration file, as for `ssh -F`. Default: your own." },
  stateDir: { type: "string", sensitive: true, description: "Folder on the host for content and jobs. Default: `~/.local/state/slingshot`." },
} as const satisfies Record<string, SettingSpec>;

/** Checked. Plain data: it is kept with the job, which must be found again without its target. */
export type HostPlace = {
  host: string;
  user: string | null;
  port: number | null;
  identityFile: string | null;
  jumpHost: string | null;
  sshConfig: string | null;
  stateDir: string | null;
  /** Interpreter on the host; null: the first `python3` there that is new enough. */
  python: string | null;
};

/** What a host or user may be made of: nothing that `ssh`, its configuration's commands or a shell could take for more. */
const name = /^[A-Za-z0-9_][A-Za-z0-9._%+-]*$/;
const address = /^(?:[A-Za-z0-9_][A-Za-z0-9._%:-]*|\[[A-Fa-f0-9:.]+(?:%[A-Za-z0-9_.-]+)?\]|::[A-Fa-f0-9:.]*)$/;
/** What stands in single quotes for every login shell alike. */
const quotable = /^[^'\\!\r\n\0]+$/;

/** Throws a usage error for what can't be meant. */
export function hostPlace(target: Target): HostPlace {
  const { settings } = target;
  const text = (key: string): string | null => {
    const value = settings[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const wrong = (key: string, remedy: string): SlingshotError =>
    new SlingshotError("usage", "host-setting", `\`${key}\` of the target "${target.name}" is ${JSON.stringify(settings[key])}, which can't be used.`, remedy);
  const whole = text("host") ?? "";
  const at = whole.lastIndexOf("@");
  const host = whole.slice(at + 1);
  const user = text("user") ?? (at === -1 ? null : whole.slice(0, at));
  if (!address.test(host)) throw wrong("host", "Give a name of your ssh configuration or an address: letters, digits and `. _ : % -`, none of `-` at the start.");
  if (user !== null && !user.split("@").every((part) => name.test(part))) throw wrong(at === -1 ? "user" : "host", "Give a user name: letters, digits and `. _ @ % + -`, none of `-` at the start.");
  const port = settings["port"] ?? null;
  if (port !== null && !(Number.isInteger(port) && Number(port) > 0 && Number(port) < 65536)) throw wrong("port", "Give a number from 1 to 65535.");
  const jumpHost = text("jumpHost");
  if (jumpHost !== null && !jumpHost.split(",").every(isJump)) throw wrong("jumpHost", "Give `user@host:port`, several with commas.");
  const python = text("python");
  if (python !== null && (python.startsWith("-") || !quotable.test(python))) throw wrong("python", "Give the path of an interpreter on the host, without quotes, backslashes and `!`.");
  for (const key of ["identityFile", "sshConfig", "stateDir"]) {
    if (/[\0\r\n]/.test(text(key) ?? "")) throw wrong(key, "Give a path on one line.");
  }
  return { host, user, port: port === null ? null : Number(port), identityFile: text("identityFile"), jumpHost, sshConfig: text("sshConfig"), stateDir: text("stateDir"), python };
}

function isJump(hop: string): boolean {
  const at = hop.lastIndexOf("@");
  const [, host = "", port] = /^(.*?)(?::(\d{1,5}))?$/.exec(hop.slice(at + 1)) ?? [];
  return (at === -1 || name.test(hop.slice(0, at))) && address.test(host) && (host.startsWith("[") || !host.includes(":")) && (port === undefined || Number(port) < 65536);
}

/** The place in a job's reference. */
export function placeOf(ref: JobRef): HostPlace {
  const text = (key: string): string | null => {
    const value = ref[key];
    return typeof value === "string" ? value : null;
  };
  const port = ref["port"];
  return {
    host: text("host") ?? "", user: text("user"), port: typeof port === "number" ? port : null, identityFile: text("identityFile"),
    jumpHost: text("jumpHost"), sshConfig: text("sshConfig"), stateDir: text("stateDir"), python: text("python"),
  };
}

/** The command that a person would type in a terminal. */
export function sshCommandLine(place: HostPlace): string {
  const words = ["ssh"];
  if (place.sshConfig !== null) words.push("-F", place.sshConfig);
  if (place.identityFile !== null) words.push("-i", place.identityFile);
  if (place.jumpHost !== null) words.push("-J", place.jumpHost);
  if (place.port !== null) words.push("-p", String(place.port));
  return [...words, place.user === null ? place.host : `${place.user}@${place.host}`].join(" ");
}
