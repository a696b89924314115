/** Pure: why a connection was not made or ended, in words, from what `ssh` said. */
import { SlingshotError } from "../../../base/errors.js";
import { sshCommandLine, type HostPlace } from "./hostPlace.js";

/** The host can't be reached now. Jobs there go on. */
export class HostUnreachable extends SlingshotError {
  /** `lasting`: nothing but a person can mend it, and asking often may lock an account. */
  constructor(
    code: string,
    message: string,
    remedy: string,
    readonly lasting: boolean,
    options?: { cause?: unknown },
  ) {
    super("unavailable", code, message, remedy, options);
  }
}

export interface SshEnding {
  /** Exit code of `ssh`: 255 for its own failures, else the host's command's; null for a signal. */
  code: number | null;
  stderr: string;
  /** What the host printed instead of the agent's first words. */
  printed: string;
  /** Whether the agent had answered before. */
  connected: boolean;
}

/** Patterns of what ssh says (its messages are not translated), the first that matches counts. */
const refusals: readonly [pattern: RegExp, code: string, lasting: boolean, message: (name: string, match: RegExpExecArray) => string, remedy: (command: string, name: string) => string][] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|Offending (?!.*\bpermissions).*key in/, "host-key-changed", true,
    (name) => `The host key of ${name} is not the one that was known: the host was set up anew, or somebody stands between.`,
    (command, name) => `Ask who runs the host whether its key was replaced; if so run \`ssh-keygen -R ${name}\`, then \`${command}\` in a terminal.`],
  [/Host key verification failed|host key is known for/, "host-unknown", true,
    (name) => `The host key of ${name} is not known here yet.`,
    (command) => `Run \`${command}\` in a terminal once and compare the key before you accept it.`],
  [/Permission denied \(([^)]*)\)|Too many authentication failures|sign_and_send_pubkey: .*|No more authentication methods/, "permission-denied", true,
    (name, match) => `${name} refused the login${match[1] === undefined ? "" : ` (it takes ${match[1]})`}.`,
    (command) => `See that \`${command}\` works without a question: load a key with a passphrase by \`ssh-add\`, set \`user\` or \`identityFile\` of the target; for passwords and second factors keep a shared connection open (ControlMaster in your ssh configuration).`],
  [/Could not resolve hostname (\S+?):/, "no-such-host", false, (_name, match) => `There is no host named ${String(match[1])}.`, () => "Check `host` of the target, and the network or VPN."],
  [/Connection refused/, "connection-refused", false, (name) => `${name} refused the connection: no ssh server listens there.`, () => "Check `host` and `port` of the target, or wait until the host is up."],
  [/timed out|Timeout/i, "no-answer", false, (name) => `${name} does not answer.`, () => "Check the network or VPN, and whether the host is up."],
  [/No route to host|Network is unreachable|Network is down/, "no-network", false, (name) => `There is no way to ${name} now.`, () => "Check the network or VPN."],
  [/UNPROTECTED PRIVATE KEY FILE|Bad owner or permissions|Bad configuration option|terminating, \d+ bad configuration|Can't open user config file/, "ssh-configuration", true,
    (_name, match) => `ssh can't use its configuration: ${match[0]}.`, (command) => `Run \`${command}\` in a terminal and mend what it says.`],
];

export function hostRefusal(place: HostPlace, ending: SshEnding): HostUnreachable {
  const name = place.host;
  const command = sshCommandLine(place);
  if (!ending.connected && ending.code !== 255 && ending.code !== null) return notStarted(place, ending);
  for (const [pattern, code, lasting, message, remedy] of refusals) {
    const match = pattern.exec(ending.stderr);
    if (match !== null) return new HostUnreachable(code, message(name, match), remedy(command, name), lasting && !ending.connected);
  }
  const said = lastLine(ending.stderr);
  return new HostUnreachable("connection-lost", `The connection to ${name} ended${said === "" ? "" : `: ${said}`}.`, "It is tried again; see whether the host is up.", false);
}

/** ssh came through, but what it was to start there did not say the agent's first words. */
function notStarted(place: HostPlace, { code, stderr, printed }: SshEnding): HostUnreachable {
  const said = lastLine(stderr) || lastLine(printed);
  if (code === 127 || code === 126) {
    const what = place.python === null ? `There is no python3 on ${place.host}.` : `There is no Python at ${place.python} on ${place.host}.`;
    return new HostUnreachable("no-python", what, "Install Python 3.8 or later there, or set `python` of the target to its path on the host.", true);
  }
  return new HostUnreachable("no-agent", `${place.host} let us in but did not start Python${said === "" ? "" : `: ${said}`}.`, `See what \`${sshCommandLine(place)} python3 --version\` says in a terminal.`, true);
}

/** What the boot program says instead of starting the agent. */
export function bootRefusal(place: HostPlace, version: string, executable: string): HostUnreachable {
  return new HostUnreachable("python-too-old", `Python on ${place.host} is ${version} (${executable}); jobs need 3.8 or later.`, "Set `python` of the target to the path of a newer interpreter on the host.", true);
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1)?.trim().slice(0, 300) ?? "";
}
